#include "imapclient.h"
#include "postnookprocess.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>

#ifdef Q_OS_LINUX
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace
{

constexpr auto TimeoutMs = 30'000;

QString contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

// `postnook serve` whose log goes to a file.
class QuietServer
{
public:
    QuietServer(const Home &home, const QStringList &arguments)
    {
        home.prepare(&m_process);
        m_process.setArguments(home.settings() + arguments);
        m_process.start();
    }
    ~QuietServer()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    bool waitForLog(const QString &file, const QString &text)
    {
        return QTest::qWaitFor([&] { return contentOf(file).contains(text); }, TimeoutMs);
    }
    int stop()
    {
        m_process.terminate();
        return waitForEnd(&m_process) ? m_process.exitCode() : -1;
    }
    QString errors() { return QString::fromUtf8(m_process.readAllStandardError()); }

private:
    QProcess m_process;
};

#ifdef Q_OS_LINUX

// The end of a service manager's socket that reads.
class FakeServiceManager
{
public:
    explicit FakeServiceManager(const QByteArray &name)
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        QByteArray path = name;
        if (path.startsWith('@')) {
            path[0] = '\0';
        }
        std::copy(path.begin(), path.end(), address.sun_path);
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path))
            + static_cast<socklen_t>(path.size());
        m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        m_isBound = ::bind(m_socket, reinterpret_cast<const sockaddr *>(&address), size) == 0;
    }
    ~FakeServiceManager() { ::close(m_socket); }
    Q_DISABLE_COPY_MOVE(FakeServiceManager)

    bool isBound() const { return m_isBound; }
    // Whether a datagram like this comes; what comes before it may be anything.
    bool waitFor(const QRegularExpression &wanted)
    {
        return QTest::qWaitFor(
            [&] {
                std::array<char, 4096> buffer{};
                const auto size = ::recv(m_socket, buffer.data(), buffer.size(), 0);
                const auto text = size > 0 ? QString::fromUtf8(buffer.data(), size) : QString();
                m_heard += text.isEmpty() ? QStringList() : QStringList{text};
                return wanted.match(text).hasMatch();
            },
            TimeoutMs);
    }
    const QStringList &heard() const { return m_heard; }

private:
    int m_socket = -1;
    bool m_isBound = false;
    QStringList m_heard;
};

#endif

} // namespace

// The server as a service of the system runs it.
class TestE2eBackground : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void logGoesToTheFile();
    void logRotates();
    void backgroundHasALogOfItsOwn();
    void backgroundLogsWhyItDidNotStart();
    void logFileThatCannotBeMade();
    void journalGetsPriorities();
    void serviceManagerHearsOfIt_data();
    void serviceManagerHearsOfIt();
    void serviceManagerThatIsGone();
    void closedStandardFiles();
};

void TestE2eBackground::logGoesToTheFile()
{
    const Home home;
    const QString file = home.path(u"log/postnook.log"_s);
    QuietServer server(home, {u"--log-file="_s + file, u"serve"_s});
    QVERIFY(server.waitForLog(file, u"(TLS)"_s));
    QCOMPARE(server.stop(), 0);
    QVERIFY2(contentOf(file).endsWith(u" info postnook.net: stopped\n"_s),
             qPrintable(contentOf(file)));
    QVERIFY(contentOf(file).contains(u" info postnook.net: listening on 127.0.0.1:"_s));
    QCOMPARE(server.errors(), QString());
}

void TestE2eBackground::logRotates()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const QString file = home.path(u"postnook.log"_s);
    QuietServer server(home,
                       {u"--log-file="_s + file,
                        u"--log-file-size=64K"_s,
                        u"--log-file-count=2"_s,
                        u"--log-level=trace"_s,
                        u"serve"_s});
    QVERIFY(server.waitForLog(file, u"(TLS)"_s));
    const QRegularExpression line(u"listening on \\S+:(\\d+) \\(TLS\\)"_s);
    const auto port = line.match(contentOf(file)).captured(1).toUShort();
    ImapClient client;
    QVERIFY(client.connectTls(port) && client.login("ann", "secret"));
    const auto rotated = [&] { return QFileInfo::exists(file + u".1"_s); };
    for (int i = 0; i < 5000 && !rotated(); ++i) {
        QVERIFY(client.succeeds("NOOP"));
    }
    QVERIFY(rotated());
    QCOMPARE(server.stop(), 0);
    QVERIFY(QFileInfo(file).size() <= 64 * 1024 && QFileInfo(file + u".1"_s).size() <= 64 * 1024);
    QVERIFY(!QFileInfo::exists(file + u".2"_s));
    QVERIFY(contentOf(file).contains(u" info postnook.net: stopped\n"_s));
}

void TestE2eBackground::backgroundHasALogOfItsOwn()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("the usual folders cannot be moved by the environment here");
#endif
    const Home home;
    const QString file = home.path(u"state/postnook/postnook.log"_s);
    QuietServer server(home, {u"serve"_s, u"--background"_s});
    // The first run has a lot to tell, and nobody at a terminal.
    QVERIFY(server.waitForLog(file, u"postnook account add NAME"_s));
    QCOMPARE(server.stop(), 0);
    QCOMPARE(server.errors(), QString());
    QVERIFY(QFileInfo::exists(home.path(u"config/postnook/postnook.ini"_s)));
}

void TestE2eBackground::backgroundLogsWhyItDidNotStart()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("the usual folders cannot be moved by the environment here");
#endif
    const Home home;
    const QString file = home.path(u"state/postnook/postnook.log"_s);
    const auto refused =
        home.run(home.settings() + QStringList{u"--bind-port=x"_s, u"serve"_s, u"--background"_s});
    QCOMPARE(refused.exitCode, 78);
    QVERIFY(refused.err.contains(u"--bind-port=x"_s));
    QVERIFY2(contentOf(file).contains(u" error postnook.net: command line: --bind-port=x: "_s),
             qPrintable(contentOf(file)));
}

void TestE2eBackground::logFileThatCannotBeMade()
{
    const Home home;
    const auto refused =
        home.run(home.settings() + QStringList{u"--log-file="_s + home.path(u"."_s), u"serve"_s});
    QCOMPARE(refused.exitCode, 73);
    QVERIFY2(refused.err.startsWith(u"postnook: the log file "_s), qPrintable(refused.err));
}

void TestE2eBackground::journalGetsPriorities()
{
#ifndef Q_OS_LINUX
    QSKIP("there is no journal here");
#else
    const Home home;
    // stderr is a file here, and the environment says that this file is the journal.
    const QString journal = home.path(u"journal"_s);
    QFile made(journal);
    QVERIFY(made.open(QIODevice::WriteOnly));
    struct stat file = {};
    QCOMPARE(fstat(made.handle(), &file), 0);
    QProcess process;
    home.prepare(&process);
    auto environment = process.processEnvironment();
    environment.insert(u"JOURNAL_STREAM"_s, u"%1:%2"_s.arg(file.st_dev).arg(file.st_ino));
    process.setProcessEnvironment(environment);
    process.setStandardErrorFile(journal, QIODevice::Append);
    process.setArguments(home.settings() + QStringList{u"serve"_s, u"--background"_s});
    process.start();
    QTRY_VERIFY_WITH_TIMEOUT(contentOf(journal).contains(u"(TLS)"_s), TimeoutMs);
    process.terminate();
    QVERIFY(waitForEnd(&process));
    const QString text = contentOf(journal);
    QVERIFY2(text.contains(u"<6>postnook.net: listening on 127.0.0.1:"_s), qPrintable(text));
    QVERIFY(!QFileInfo::exists(home.path(u"state"_s)));
#endif
}

void TestE2eBackground::serviceManagerHearsOfIt_data()
{
    QTest::addColumn<bool>("isAbstract");

    QTest::newRow("socket with a path") << false;
    QTest::newRow("abstract socket") << true;
}

void TestE2eBackground::serviceManagerHearsOfIt()
{
#ifndef Q_OS_LINUX
    QSKIP("there is no systemd here");
#else
    QFETCH(bool, isAbstract);
    const Home home;
    const QString path = home.path(u"notify"_s);
    const QString name =
        isAbstract ? u"@postnook-test-%1"_s.arg(QCoreApplication::applicationPid()) : path;
    FakeServiceManager manager(name.toUtf8());
    QVERIFY(manager.isBound());
    QProcess process;
    home.prepare(&process);
    auto environment = process.processEnvironment();
    environment.insert(u"NOTIFY_SOCKET"_s, name);
    environment.insert(u"WATCHDOG_USEC"_s, u"100000"_s);
    process.setProcessEnvironment(environment);
    process.setArguments(home.settings() + QStringList{u"serve"_s});
    process.start();

    QVERIFY(manager.waitFor(QRegularExpression(
        u"^READY=1\nSTATUS=listening on 127\\.0\\.0\\.1:\\d+ \\(STARTTLS\\), 127\\.0\\.0\\.1:\\d+ "
        "\\(TLS\\)$"_s)));
    QCOMPARE(manager.heard().filter(u"READY"_s).size(), 1);
    QVERIFY(manager.waitFor(QRegularExpression(u"^WATCHDOG=1$"_s)));
    QVERIFY(manager.waitFor(QRegularExpression(u"^WATCHDOG=1$"_s)));
    process.terminate();
    QVERIFY(manager.waitFor(QRegularExpression(u"^STOPPING=1\nSTATUS=stopping$"_s)));
    QVERIFY(waitForEnd(&process));
    QCOMPARE(process.exitCode(), 0);
#endif
}

void TestE2eBackground::serviceManagerThatIsGone()
{
#ifndef Q_OS_LINUX
    QSKIP("there is no systemd here");
#else
    const Home home;
    QProcess process;
    home.prepare(&process);
    auto environment = process.processEnvironment();
    environment.insert(u"NOTIFY_SOCKET"_s, home.path(u"none"_s));
    process.setProcessEnvironment(environment);
    process.setArguments(home.settings() + QStringList{u"serve"_s});
    QString log;
    connect(&process, &QProcess::readyReadStandardError, this, [&] {
        log += QString::fromUtf8(process.readAllStandardError());
    });
    process.start();
    QTRY_VERIFY_WITH_TIMEOUT(log.contains(u"the service manager cannot be told: "_s), TimeoutMs);
    process.terminate();
    QVERIFY(waitForEnd(&process));
    QCOMPARE(process.exitCode(), 0);
#endif
}

// Else a database or a socket would get the number of one, and what is written to it.
void TestE2eBackground::closedStandardFiles()
{
#ifdef Q_OS_WIN
    QSKIP("they cannot be closed like this there");
#endif
    const Home home;
    QProcess process;
    home.prepare(&process);
    process.setArguments(
        QStringList{u"-c"_s, u"exec \"$0\" \"$@\" <&- >&- 2>&-"_s, process.program(), u"serve"_s}
        + home.settings());
    process.setProgram(u"/bin/sh"_s);
    process.start();
    // The folder is its own from then on, and whoever asks waits until it has started.
    const QString lock = home.dataDir() + u"/postnook.lock"_s;
    QVERIFY(QTest::qWaitFor([&lock] { return QFile::exists(lock); }, TimeoutMs));
    const auto asked = home.run(home.settings() + QStringList{u"who"_s});
    QVERIFY2(asked.exitCode == 0, qPrintable(asked.err));
    process.terminate();
    QVERIFY(waitForEnd(&process));
    QCOMPARE(process.exitCode(), 0);
}

QTEST_GUILESS_MAIN(TestE2eBackground)
#include "tst_e2ebackground.moc"
