#include "app/settings/logfile.h"

#include "app/settings/logging.h"
#include "app/settings/logwriter.h"

#include <QDir>
#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

QByteArray numbered(int number)
{
    return "line " + QByteArray::number(number).rightJustified(4, '0') + '\n'; // 10 bytes
}

} // namespace

class TestLogFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesOnAtTheEnd();
    void rotates_data();
    void rotates();
    void keepsEveryLineWhole();
    void deletesFilesBeyondTheCount();
    void takesALineLongerThanAFile();
    void isBegunAnewWhereItWasMovedAway();
    void isForItsOwnerOnly();
    void staysBoundedWhereNothingCanBeRenamed();
    void tellsWhyItCannotBeOpened();
    void writerWritesWhatWaitsAtItsEnd();
    void writerTellsWhatIsMissing();
    void logGoesToTheNewestFile();
    void threadsDoNotMixLines();
};

void TestLogFile::goesOnAtTheEnd()
{
    const QTemporaryDir dir;
    const LogFileOptions options{dir.filePath(u"new/folder/a.log"_s), 1000, 2};
    for (const auto *text : {"one\n", "two\n"}) {
        auto file = LogFile::open(options);
        QVERIFY(file);
        QVERIFY((*file)->write(text));
    }
    QCOMPARE(contentOf(options.path), "one\ntwo\n");
    QCOMPARE(QDir(dir.filePath(u"new/folder"_s)).entryList(QDir::Files), QStringList{u"a.log"_s});
}

void TestLogFile::rotates_data()
{
    QTest::addColumn<int>("atOnce"); // lines in one call

    QTest::newRow("line by line") << 1;
    QTest::newRow("pairs") << 2;
    QTest::newRow("more than a file") << 7;
    QTest::newRow("all") << 12;
}

void TestLogFile::rotates()
{
    QFETCH(int, atOnce);
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    auto file = LogFile::open({path, 35, 3});
    QVERIFY(file);
    for (int number = 0; number < 12; number += atOnce) {
        QByteArray lines;
        for (int i = number; i < qMin(12, number + atOnce); ++i) {
            lines += numbered(i);
        }
        QVERIFY((*file)->write(lines));
    }
    // Three of ten bytes go into 35, in whichever portions they come.
    QCOMPARE(contentOf(path), numbered(9) + numbered(10) + numbered(11));
    QCOMPARE(contentOf(path + u".1"_s), numbered(6) + numbered(7) + numbered(8));
    QCOMPARE(contentOf(path + u".2"_s), numbered(3) + numbered(4) + numbered(5));
    QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), 3);
}

void TestLogFile::keepsEveryLineWhole()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    auto file = LogFile::open({path, 512, 1000});
    QVERIFY(file);
    QByteArray all;
    for (int number = 0; number < 400; ++number) {
        const QByteArray line = QByteArray(number % 97, 'x') + QByteArray::number(number) + '\n';
        all += line;
        QVERIFY((*file)->write(line));
    }
    QByteArray found;
    const auto files = static_cast<int>(QDir(dir.path()).entryList(QDir::Files).size());
    for (int number = files - 1; number > 0; --number) {
        const QByteArray part = contentOf(path + u'.' + QString::number(number));
        QVERIFY(part.size() <= 512 && part.endsWith('\n'));
        found += part;
    }
    QCOMPARE(found + contentOf(path), all);
}

void TestLogFile::deletesFilesBeyondTheCount()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    for (int count : {5, 2}) {
        auto file = LogFile::open({path, 10, count});
        QVERIFY(file);
        for (int number = 0; number < 8; ++number) {
            QVERIFY((*file)->write(numbered(number)));
        }
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), count);
    }
}

void TestLogFile::takesALineLongerThanAFile()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    auto file = LogFile::open({path, 20, 9});
    QVERIFY(file);
    const QByteArray longLine = QByteArray(50, 'x') + '\n';
    QVERIFY((*file)->write(numbered(1) + longLine + numbered(2)));
    QCOMPARE(contentOf(path + u".2"_s), numbered(1));
    QCOMPARE(contentOf(path + u".1"_s), longLine);
    QCOMPARE(contentOf(path), numbered(2));
}

// logrotate and people move a log away and expect that it goes on under its name.
void TestLogFile::isBegunAnewWhereItWasMovedAway()
{
#ifdef Q_OS_WIN
    QSKIP("an open file cannot be moved here");
#endif
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    auto file = LogFile::open({path, 1000, 2});
    QVERIFY(file);
    QVERIFY((*file)->write("one\n"));
    QVERIFY(QFile::rename(path, path + u".old"_s));
    QVERIFY((*file)->write("two\n"));
    QVERIFY(QFile::remove(path));
    QVERIFY((*file)->write("three\n"));
    QCOMPARE(contentOf(path + u".old"_s), "one\n");
    QCOMPARE(contentOf(path), "three\n");
}

void TestLogFile::isForItsOwnerOnly()
{
#ifdef Q_OS_WIN
    QSKIP("folders decide that here");
#endif
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    QVERIFY(LogFile::open({path, 1000, 2}));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QCOMPARE(QFile::permissions(path) & others, QFile::Permissions());
}

void TestLogFile::staysBoundedWhereNothingCanBeRenamed()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    auto file = LogFile::open({path, 100, 2});
    QVERIFY(file);
    // A folder with something in it is nothing that a file can take the place of.
    QVERIFY(QDir(dir.path()).mkpath(u"a.log.1/x"_s));
    for (int number = 0; number < 100; ++number) {
        QVERIFY((*file)->write(numbered(number)));
        QVERIFY(QFileInfo(path).size() <= 210);
    }
    QVERIFY(contentOf(path).endsWith(numbered(99)));
}

void TestLogFile::tellsWhyItCannotBeOpened()
{
    const QTemporaryDir dir;
    const auto folder = LogFile::open({dir.path(), 1000, 2});
    QVERIFY(!folder);
    QVERIFY(
        folder.error().text.startsWith(u"the log file %1 cannot be written: "_s.arg(dir.path())));

    QFile file(dir.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto below = LogFile::open({file.fileName() + u"/a.log"_s, 1000, 2});
    QVERIFY(!below);
    QCOMPARE(below.error().text,
             u"the folder %1 of the log file cannot be made"_s.arg(file.fileName()));
}

void TestLogFile::writerWritesWhatWaitsAtItsEnd()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    QByteArray all;
    {
        auto file = LogFile::open({path, 1'000'000, 2});
        QVERIFY(file);
        LogWriter writer(std::move(*file));
        for (int number = 0; number < 1000; ++number) {
            all += numbered(number);
            writer.add(numbered(number));
        }
    }
    QCOMPARE(contentOf(path), all);
}

void TestLogFile::writerTellsWhatIsMissing()
{
#ifdef Q_OS_WIN
    QSKIP("an open file cannot be deleted here");
#endif
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    auto file = LogFile::open({path, 1'000'000, 2});
    QVERIFY(file);
    LogWriter writer(std::move(*file));
    QVERIFY(QFile::remove(path));
    QVERIFY(QDir(dir.path()).mkpath(u"a.log"_s)); // stands in its way
    writer.add(numbered(1));
    writer.flush();
    writer.add(numbered(2) + numbered(3));
    writer.flush();
    QVERIFY(QDir(dir.path()).rmdir(u"a.log"_s));
    writer.add(numbered(4));
    writer.flush();
    const QByteArrayList lines = contentOf(path).split('\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY2(lines.at(0).endsWith(
                 " warn postnook.log: 3 lines are missing here: they could not be written"),
             lines.at(0).constData());
    QCOMPARE(lines.at(1) + '\n', numbered(4));

    // As much as never waits for a disk.
    const QByteArray tooMuch = QByteArray(5'000'000, 'x') + '\n';
    writer.add(tooMuch);
    writer.add(numbered(5));
    writer.flush();
    QVERIFY(contentOf(path).contains(numbered(5)));
    QVERIFY(contentOf(path).endsWith(" 1 lines are missing here: they could not be written\n"));
}

void TestLogFile::logGoesToTheNewestFile()
{
    const QTemporaryDir dir;
    const QString first = dir.filePath(u"first.log"_s);
    const QString second = dir.filePath(u"second.log"_s);
    const QLoggingCategory category("postnook.test");
    installLogging(LogLevel::Info);
    QVERIFY(!isLogApartFromStderr());
    {
        auto outer = FileLogging::begin({first, 1000, 2});
        QVERIFY(outer);
        QVERIFY(isLogApartFromStderr());
        qCInfo(category) << "one";
        auto inner = FileLogging::begin({second, 1000, 2});
        QVERIFY(inner);
        QVERIFY(!FileLogging::begin({dir.path(), 1000, 2}));
        qCInfo(category) << "two";
        outer->reset();
        qCInfo(category) << "three";
    }
    qInstallMessageHandler(nullptr);
    QVERIFY(!isLogApartFromStderr());
    QVERIFY(contentOf(first).endsWith(" info postnook.test: one\n"));
    QCOMPARE(contentOf(first).count('\n'), 1);
    QCOMPARE(contentOf(second).count('\n'), 2);
    QVERIFY(contentOf(second).endsWith(" info postnook.test: three\n"));
}

void TestLogFile::threadsDoNotMixLines()
{
    constexpr auto Threads = 4;
    constexpr auto Lines = 2000;
    const QTemporaryDir dir;
    const QString path = dir.filePath(u"a.log"_s);
    {
        auto file = LogFile::open({path, 10'000'000, 2});
        QVERIFY(file);
        LogWriter writer(std::move(*file));
        std::vector<std::unique_ptr<QThread>> threads;
        for (int i = 0; i < Threads; ++i) {
            threads.emplace_back(QThread::create([&writer] {
                for (int number = 0; number < Lines; ++number) {
                    writer.add(numbered(number));
                }
            }));
            threads.back()->start();
        }
        for (const auto &thread : threads) {
            thread->wait();
        }
    }
    QByteArrayList lines = contentOf(path).split('\n');
    QCOMPARE(lines.takeLast(), QByteArray());
    QCOMPARE(lines.size(), Threads * Lines);
    for (const QByteArray &line : std::as_const(lines)) {
        QVERIFY(line.size() == 9 && line.startsWith("line "));
    }
}

QTEST_GUILESS_MAIN(TestLogFile)
#include "tst_logfile.moc"
