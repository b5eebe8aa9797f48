#include "postnookprocess.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace
{

QString dataFile(const QString &name)
{
    return QStringLiteral(TEST_DATA) + u"/inspect/"_s + name;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

// `postnook inspect` as a shell sees it. The .txt files beside the messages are what it prints.
class TestE2eInspect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prints_data();
    void prints();
    void standardInput();
    void severalFiles();
    void raw();
    void emptyFile();
    void unreadable_data();
    void unreadable();
    void noSettingsNoData();

private:
    Home m_home;
};

void TestE2eInspect::prints_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("attachments and a nested message") << u"sound"_s;
    QTest::newRow("full of defects") << u"broken"_s;
}

void TestE2eInspect::prints()
{
    QFETCH(QString, name);
    const auto finished = m_home.run({u"inspect"_s, dataFile(name + u".eml"_s)});
    QCOMPARE(finished.err, QString());
    QCOMPARE(finished.exitCode, 0);
    const auto expected = QString::fromUtf8(contentOf(dataFile(name + u".txt"_s)));
    QVERIFY(!expected.isEmpty());
    const auto lines = finished.out.split(u'\n');
    const auto expectedLines = expected.split(u'\n');
    for (qsizetype i = 0; i < std::min(lines.size(), expectedLines.size()); ++i) {
        QCOMPARE(lines.at(i), expectedLines.at(i));
    }
    QCOMPARE(lines.size(), expectedLines.size());
    // Nothing that a terminal obeys.
    QVERIFY(std::all_of(finished.out.begin(), finished.out.end(), [](QChar c) {
        return c == u'\n' || c.category() != QChar::Other_Control;
    }));
}

void TestE2eInspect::standardInput()
{
    const auto path = dataFile(u"sound.eml"_s);
    const auto fromFile = m_home.run({u"inspect"_s, path});
    const auto finished = m_home.run({u"inspect"_s, u"-"_s}, contentOf(path));
    QCOMPARE(finished.exitCode, 0);
    QCOMPARE(finished.out, fromFile.out);
    QVERIFY(!finished.out.isEmpty());
}

void TestE2eInspect::severalFiles()
{
    const auto sound = dataFile(u"sound.eml"_s);
    const auto broken = dataFile(u"broken.eml"_s);
    const auto finished = m_home.run({u"inspect"_s, sound, m_home.path(u"none.eml"_s), broken});
    QCOMPARE(finished.exitCode, 66);
    QCOMPARE(finished.err, u"postnook: there is no file %1\n"_s.arg(m_home.path(u"none.eml"_s)));
    QCOMPARE(finished.out,
             u"==> %1 <==\n%2\n==> %3 <==\n%4"_s.arg(sound,
                                                     m_home.run({u"inspect"_s, sound}).out,
                                                     broken,
                                                     m_home.run({u"inspect"_s, broken}).out));
}

void TestE2eInspect::raw()
{
    const QByteArray message =
        "Date: 5 Jan 2026 10:00\r\nFrom: a@example.org\r\nSubject: x\r\x1b\r\n\r\nwords\r\n";
    const auto plain = m_home.run({u"inspect"_s, u"-"_s}, message);
    const auto finished = m_home.run({u"inspect"_s, u"--raw"_s, u"-"_s}, message);
    QCOMPARE(finished.exitCode, 0);
    QCOMPARE(finished.out,
             plain.out
                 + u"\nENVELOPE\n"
                   "(\"5 Jan 2026 10:00\" {3}␍␊x␍␛ ((NIL NIL \"a\" \"example.org\")) "
                   "((NIL NIL \"a\" \"example.org\")) ((NIL NIL \"a\" \"example.org\")) NIL NIL "
                   "NIL NIL NIL)\n\nBODYSTRUCTURE\n"
                   "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 7 1 NIL NIL "
                   "NIL NIL)\n"_s);
}

void TestE2eInspect::emptyFile()
{
    const auto finished = m_home.run({u"inspect"_s, u"-"_s});
    QCOMPARE(finished.exitCode, 0);
    QVERIFY(finished.out.startsWith(u"0 octets, header 0 octets, 1 part\n"_s));
}

void TestE2eInspect::unreadable_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("message");
    QTest::newRow("no such file") << u"none.eml"_s << u"postnook: there is no file none.eml\n"_s;
    QTest::newRow("folder") << u"/"_s << u"postnook: / is a folder\n"_s;
    QTest::newRow("name with a terminal's command")
        << u"\x1b[31m"_s << u"postnook: there is no file ␛[31m\n"_s;
}

void TestE2eInspect::unreadable()
{
    QFETCH(QString, path);
    QFETCH(QString, message);
    const auto finished = m_home.run({u"inspect"_s, path});
    QCOMPARE(finished.exitCode, 66);
    QCOMPARE(finished.err, message);
    QCOMPARE(finished.out, QString());
}

// It does not look at the settings, and leaves nothing behind.
void TestE2eInspect::noSettingsNoData()
{
    const Home home;
    const auto finished = home.run(
        {u"inspect"_s, dataFile(u"sound.eml"_s), u"--config=%1"_s.arg(home.path(u"none.ini"_s))});
    QCOMPARE(finished.exitCode, 0);
    QVERIFY(QDir(home.path(QString())).isEmpty());
}

QTEST_GUILESS_MAIN(TestE2eInspect)
#include "tst_e2einspect.moc"
