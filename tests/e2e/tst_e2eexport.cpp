#include "accountmail.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// `postnook export`, beside a running server and without one, ended at any moment; what it wrote is
// imported again.
class TestE2eExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void roundTrip_data();
    void roundTrip();
    void someMailboxes();
    void stopped_data();
    void stopped();
    void refusals_data();
    void refusals();
    void neverTwiceIntoOneFolder();

private:
    Home::Finished run(const QStringList &words) const
    {
        return m_home->run(m_home->settings() + words);
    }
    QProcess *start(const QStringList &words);

    std::unique_ptr<Home> m_home;
};

namespace
{

constexpr auto TimeoutMs = 60'000;

QByteArray large(const QByteArray &lineEnd)
{
    QByteArray bytes = "Subject: large" + lineEnd + lineEnd;
    while (bytes.size() < 2'500'000) {
        bytes += "From line " + QByteArray::number(bytes.size()) + lineEnd;
    }
    return bytes;
}

QList<NewMail> mail()
{
    return {
        {"INBOX", "(\\Seen)", "\" 1-Jan-2024 10:00:00 +0130\"", "Subject: one\r\n\r\ntext\r\n"},
        {"INBOX", "()", "\" 1-Jan-2024 10:00:00 +0130\"", "Subject: one\r\n\r\ntext\r\n"},
        {"INBOX",
         "(\\Answered \\Flagged \\Deleted \\Draft $Forwarded $Junk NonJunk)",
         "\"31-Dec-1969 23:59:58 -0230\"",
         "Subject: flags\r\n\r\nFrom me Mon Jan  1 10:00:00 2024\r\n>From you\r\n"},
        {"Work", "()", "\"14-Nov-2023 22:13:20 +0000\"", "Subject: bare LF\n\ntext\n"},
        {"Work", "(\\Seen)", "\"14-Nov-2023 22:13:20 +0000\"", large("\r\n")},
        {"Work", "(\\Seen)", "\"14-Nov-2023 22:13:21 +0000\"", large("\n")},
        {"Work", "()", "\"14-Nov-2023 22:13:19 +0000\"", "Status: RO\r\n\r\n"},
        {"Work/Bills: paid?", "()", "\"14-Nov-2023 22:13:20 +0000\"", "A: b\r\n\r\nwithout end"},
        {"WORK", "()", "\"14-Nov-2023 22:13:20 +0000\"", "Subject: other case\r\n\r\n"},
        {"a.b/Entw&APw-rfe", "(\\Draft)", "\"14-Nov-2023 22:13:20 +0000\"", "A: b\r\n\r\n\xff\r\n"},
        {"a/b.", "()", "\"14-Nov-2023 22:13:20 +0000\"", "A: dot at the end\r\n\r\n"},
    };
}

} // namespace

void TestE2eExport::init()
{
    m_home = std::make_unique<Home>();
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
    QVERIFY(m_home->addAccount(u"bob"_s, "secret"));
}

QProcess *TestE2eExport::start(const QStringList &words)
{
    auto *process = new QProcess(this);
    m_home->prepare(process);
    process->setArguments(m_home->settings() + words);
    process->start();
    return process;
}

void TestE2eExport::roundTrip_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<bool>("hasServer");
    for (const QString &format : {u"mbox"_s, u"maildir"_s, u"eml"_s}) {
        QTest::addRow("%s beside a server", qPrintable(format)) << format << true;
        QTest::addRow("%s without one", qPrintable(format)) << format << false;
    }
}

void TestE2eExport::roundTrip()
{
    QFETCH(QString, format);
    QFETCH(bool, hasServer);
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    addMail(*m_home, u"ann"_s, mail());
    const auto before = mailOf(*m_home, u"ann"_s);
    QCOMPARE(before.size(), mail().size());
    if (!hasServer) {
        server.terminate();
        QCOMPARE(server.waitForEnd(), 0);
    }

    const QString folder = m_home->path(u"out"_s);
    const auto exported = run({u"export"_s, u"ann"_s, folder, u"--format"_s, format});
    QCOMPARE(exported.err, QString());
    QVERIFY2(exported.out.startsWith(u"exported 11 messages in "_s), qPrintable(exported.out));
    QCOMPARE(exported.exitCode, 0);
    const auto imported = run({u"import"_s, u"bob"_s, folder});
    QCOMPARE(imported.err, QString());
    QCOMPARE(imported.out, u"imported 11, already there 0, skipped 0\n"_s);

    if (!hasServer) {
        QVERIFY(server.start());
    }
    const auto after = mailOf(*m_home, u"bob"_s);
    QCOMPARE(after.size(), before.size());
    for (qsizetype i = 0; i < after.size(); ++i) {
        QCOMPARE(after.at(i).mailbox, before.at(i).mailbox);
        QCOMPARE(after.at(i).flags, before.at(i).flags);
        QCOMPARE(after.at(i).date, before.at(i).date);
        QVERIFY2(after.at(i).bytes == before.at(i).bytes, after.at(i).bytes.left(100).constData());
    }
    QCOMPARE(mailOf(*m_home, u"ann"_s), before); // nothing is seen that was not
}

void TestE2eExport::someMailboxes()
{
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    addMail(*m_home, u"ann"_s, mail());
    const QString folder = m_home->path(u"out"_s);
    const auto exported =
        run({u"export"_s, u"ann"_s, folder, u"--mailbox=Work"_s, u"--mailbox"_s, u"a"_s});
    QCOMPARE(exported.err, QString());
    QVERIFY2(exported.out.startsWith(u"exported 6 messages in "_s), qPrintable(exported.out));
    QVERIFY(QFileInfo::exists(folder + u"/Work/Bills%3A paid%3F.mbox"_s));
    QVERIFY(QFileInfo::exists(folder + u"/a/b%2E.mbox"_s));
    QVERIFY(!QFileInfo::exists(folder + u"/INBOX.mbox"_s));
#ifndef Q_OS_WIN
    const auto others = QFile::ReadGroup | QFile::ReadOther | QFile::ExeGroup | QFile::ExeOther;
    QVERIFY(!(QFileInfo(folder).permissions() & others));
    QVERIFY(!(QFileInfo(folder + u"/Work.mbox"_s).permissions() & others));
#endif
}

void TestE2eExport::stopped_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<bool>("isKilled");
    QTest::newRow("mbox killed") << u"mbox"_s << true;
    QTest::newRow("maildir killed") << u"maildir"_s << true;
    QTest::newRow("eml stopped") << u"eml"_s << false;
}

void TestE2eExport::stopped()
{
    QFETCH(QString, format);
    QFETCH(bool, isKilled);
#ifdef Q_OS_WIN
    if (!isKilled) {
        QSKIP("no signal asks a program to end there");
    }
#endif
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    addMail(*m_home, u"ann"_s, mail());
    // Last by name, and long enough to be under way for a while: 3,072 messages.
    QByteArrayList commands{"CREATE zzz", "SELECT INBOX", "COPY 1:3 zzz", "SELECT zzz"};
    for (int i = 0; i < 10; ++i) {
        commands.append("COPY 1:* zzz");
    }
    runCommands(*m_home, u"ann"_s, commands);

    const QString folder = m_home->path(u"out"_s);
    const QStringList words{u"export"_s, u"ann"_s, folder, u"--format"_s, format};
    QProcess *process = start(words);
    const QString before = format == "maildir"_L1 ? u"/.WORK"_s
        : format == "mbox"_L1                     ? u"/WORK.mbox"_s
                                                  : u"/WORK/postnook-messages.tsv"_s;
    QVERIFY(QTest::qWaitFor([&] { return QFileInfo::exists(folder + before); }, TimeoutMs));
    isKilled ? process->kill() : process->terminate();
    QVERIFY(waitForEnd(process));
    if (!isKilled) {
        QCOMPARE(process->exitCode(), 75);
        QCOMPARE(QString::fromUtf8(process->readAllStandardError()),
                 u"postnook: stopped; the same command goes on from here\n"_s);
    }
    for (const QString &name : {u"/zzz"_s, u"/.zzz"_s, u"/zzz.mbox"_s}) {
        QVERIFY(!QFileInfo::exists(folder + name));
    }

    const auto rest = run(words);
    QCOMPARE(rest.err, QString());
    QCOMPARE(rest.exitCode, 0);
    QVERIFY2(rest.out.contains(u" mailboxes from before\n"_s), qPrintable(rest.out));
    QVERIFY(!QFileInfo::exists(folder + u"/postnook-unfinished"_s));
    const auto imported = run({u"import"_s, u"bob"_s, folder});
    QCOMPARE(imported.out, u"imported 3083, already there 0, skipped 0\n"_s);
}

void TestE2eExport::refusals_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("err");
    const QStringList ann{u"ann"_s, u"new"_s};
    QTest::newRow("no folder") << QStringList{u"ann"_s} << 64
                               << u"postnook: 'export' needs ACCOUNT FOLDER\n"_s;
    QTest::newRow("format") << ann + QStringList{u"--format=mbx"_s} << 64
                            << u"postnook: --format=mbx: the formats are mbox, maildir, eml; did "
                               "you mean mbox?\n"_s;
    QTest::newRow("account") << QStringList{u"eve"_s, u"new"_s} << 67
                             << u"postnook: there is no account 'eve'\n"_s;
    QTest::newRow("mailbox") << ann + QStringList{u"--mailbox=Sentt"_s} << 65
                             << u"postnook: there is no mailbox 'Sentt'; did you mean 'Sent'?\n"_s;
    QTest::newRow("foreign folder")
        << QStringList{u"ann"_s, u"mine"_s} << 73
        << u"postnook: the folder mine is not empty; name a new or an empty one\n"_s;
    QTest::newRow("a file") << QStringList{u"ann"_s, u"mine/a.txt"_s} << 73
                            << u"postnook: mine/a.txt is a file, not a folder\n"_s;
}

void TestE2eExport::refusals()
{
    QFETCH(QStringList, words);
    QFETCH(int, exitCode);
    QFETCH(QString, err);
    QDir(m_home->path(u"."_s)).mkdir(u"mine"_s);
    QFile file(m_home->path(u"mine/a.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QProcess process;
    m_home->prepare(&process);
    process.setWorkingDirectory(m_home->path(u"."_s));
    process.setArguments(m_home->settings() + QStringList{u"export"_s} + words);
    process.start();
    QVERIFY(waitForEnd(&process));
    QCOMPARE(QString::fromUtf8(process.readAllStandardError()), err);
    QCOMPARE(process.exitCode(), exitCode);
    QVERIFY(!QFileInfo::exists(m_home->path(u"new"_s)));
}

void TestE2eExport::neverTwiceIntoOneFolder()
{
    const QString folder = m_home->path(u"out"_s);
    const auto first = run({u"export"_s, u"ann"_s, folder});
    QCOMPARE(first.exitCode, 0);
    QVERIFY2(first.out.startsWith(u"exported 0 messages in 6 mailboxes to "_s),
             qPrintable(first.out));
    const auto second = run({u"export"_s, u"ann"_s, folder});
    QCOMPARE(second.exitCode, 73);
    QVERIFY2(second.err.contains(u"already; name another one"_s), qPrintable(second.err));
}

QTEST_GUILESS_MAIN(TestE2eExport)
#include "tst_e2eexport.moc"
