#include "imapclient.h"
#include "postnookprocess.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

// `postnook backup` and `postnook restore`, beside a running server and without one.
class TestE2eBackup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void underLoad();
    void replaceBesideAServer();
    void options();
    void onSchedule();
    void mistakes_data();
    void mistakes();

private:
    Home::Finished run(const Home &home, const QStringList &words) const;
    QString backup() const { return m_home->path(u"backup"_s); }

    std::unique_ptr<Home> m_home;
};

namespace
{

constexpr auto LargeBytes = 100'000;

QByteArray message(int number)
{
    return "Subject: " + QByteArray::number(number) + "\r\n\r\n"
        + QByteArray(number % 10 == 0 ? LargeBytes : 500, char('a' + number % 26)) + "\r\n";
}

bool append(ImapClient *client, int number)
{
    const auto text = message(number);
    return client->succeeds("APPEND INBOX (\\Seen) {" + QByteArray::number(text.size()) + "+}\r\n"
                            + text);
}

int messagesIn(ImapClient *client)
{
    for (const QByteArray &line : client->command("STATUS INBOX (MESSAGES)")) {
        if (const auto at = line.indexOf("MESSAGES "); at > 0) {
            return line.mid(at + 9).chopped(1).toInt();
        }
    }
    return -1;
}

bool logIn(ImapClient *client, const ServerProcess &server)
{
    return client->connectTls(server.portTls()) && client->login("ann", "secret");
}

} // namespace

void TestE2eBackup::init()
{
    m_home = std::make_unique<Home>();
    QVERIFY(m_home->addAccount(u"ann"_s, "secret"));
}

Home::Finished TestE2eBackup::run(const Home &home, const QStringList &words) const
{
    return home.run(home.settings() + words);
}

// A client appends meanwhile: what was confirmed before is in the backup, and the copy is whole.
void TestE2eBackup::underLoad()
{
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    int number = 0;
    for (; number < 200; ++number) {
        QVERIFY(append(&client, number));
    }
    QProcess process;
    m_home->prepare(&process);
    process.setArguments(m_home->settings() + QStringList{u"backup"_s, backup()});
    process.start();
    while (process.state() != QProcess::NotRunning && number < 5000) {
        QVERIFY(append(&client, number));
        ++number;
    }
    QVERIFY(waitForEnd(&process));
    QCOMPARE(process.exitCode(), 0);
    const auto out = QString::fromUtf8(process.readAllStandardOutput());
    QVERIFY2(out.contains(u"the database is sound"_s), qPrintable(out));

    // A new computer.
    const Home other;
    const auto restored = run(other, {u"restore"_s, backup()});
    QVERIFY2(restored.exitCode == 0, qPrintable(restored.err));
    QVERIFY(restored.out.contains(u"the password is that of the backup"_s));
    const auto checked = run(other, {u"check"_s, u"ann"_s});
    QVERIFY2(checked.exitCode == 0, qPrintable(checked.out + checked.err));
    ServerProcess otherServer(other);
    QVERIFY(otherServer.start());
    ImapClient otherClient;
    QVERIFY(logIn(&otherClient, otherServer));
    const int there = messagesIn(&otherClient);
    QVERIFY2(there >= 200 && there <= number, QByteArray::number(there));
    QVERIFY(otherClient.succeeds("SELECT INBOX"));
    const auto last = otherClient.command("FETCH " + QByteArray::number(there) + " (FLAGS BODY[])");
    QVERIFY(last.join("\r\n").contains(message(there - 1)));
    QVERIFY(last.first().contains("\\Seen"));
}

void TestE2eBackup::replaceBesideAServer()
{
    ServerProcess server(*m_home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(logIn(&client, server));
    QVERIFY(append(&client, 1));
    QCOMPARE(run(*m_home, {u"backup"_s, backup(), u"ann"_s}).exitCode, 0);
    QVERIFY(append(&client, 2));

    const auto refused = run(*m_home, {u"restore"_s, backup()});
    QCOMPARE(refused.exitCode, 65);
    QVERIFY2(refused.err.contains(u"--replace"_s), qPrintable(refused.err));
    QCOMPARE(messagesIn(&client), 2);

    const auto restored = run(*m_home, {u"restore"_s, backup(), u"ann"_s, u"--replace"_s});
    QVERIFY2(restored.exitCode == 0, qPrintable(restored.err));
    QVERIFY(restored.out.contains(u"removed account ann.before-"_s));
    QVERIFY(client.readLine().startsWith("* BYE "));
    QVERIFY(client.waitForDisconnect());
    ImapClient again;
    QVERIFY(logIn(&again, server));
    QCOMPARE(messagesIn(&again), 1);
}

void TestE2eBackup::options()
{
    QCOMPARE(run(*m_home, {u"backup"_s, backup()}).exitCode, 0);
    QCOMPARE(run(*m_home, {u"backup"_s, backup(), u"--keep=1"_s, u"--verify"_s}).exitCode, 0);
    const auto listed = run(*m_home, {u"restore"_s, backup(), u"--list"_s});
    QCOMPARE(listed.exitCode, 0);
    QCOMPARE(listed.out.count(u'\n'), 1);
    QVERIFY(listed.out.contains(u"ann (0 messages"_s));
    const auto verified = run(*m_home, {u"restore"_s, backup(), u"--verify"_s, u"--at=2"_s});
    QCOMPARE(verified.exitCode, 0);
    QVERIFY(verified.out.contains(u"is whole"_s));
    const auto beside =
        run(*m_home, {u"restore"_s, backup(), u"ann"_s, u"--as=ann2"_s, u"--at=2100-01-01"_s});
    QVERIFY2(beside.exitCode == 0, qPrintable(beside.err));
    QVERIFY(run(*m_home, {u"account"_s, u"list"_s}).out.contains(u"ann2"_s));
}

// At the start, as it is overdue, and with its outcome in the log.
void TestE2eBackup::onSchedule()
{
    {
        ServerProcess server(*m_home);
        QVERIFY(server.start({u"--backup-folder="_s + backup()}));
        QVERIFY(server.waitForLog(u"backup 1 is in "_s));
    }
    {
        ServerProcess again(*m_home);
        QVERIFY(again.start({u"--backup-folder="_s + backup()}));
        const auto listed = run(*m_home, {u"restore"_s, backup(), u"--list"_s});
        QCOMPARE(listed.out.count(u'\n'), 1);
    }
    ServerProcess failing(*m_home);
    QVERIFY(failing.start({u"--backup-folder="_s + m_home->path(u"no/disk"_s)}));
    QVERIFY(failing.waitForLog(u"Is its disk connected?"_s));
}

void TestE2eBackup::mistakes_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    QTest::newRow("no folder") << QStringList{u"backup"_s} << 64 << "needs FOLDER";
    QTest::newRow("no backup there") << QStringList{u"restore"_s, u"HOME"_s} << 66 << "no backup";
    QTest::newRow("nothing to list")
        << QStringList{u"restore"_s, u"HOME"_s, u"--list"_s} << 66 << "no backup";
    QTest::newRow("in the data folder")
        << QStringList{u"backup"_s, u"HOME/data/b"_s} << 65 << "lies in the data folder";
    QTest::newRow("unknown account")
        << QStringList{u"backup"_s, u"HOME/b"_s, u"bob"_s} << 67 << "no account 'bob'";
    QTest::newRow("keep none") << QStringList{u"backup"_s, u"HOME/b"_s, u"--keep=0"_s} << 65
                               << "from 1 on";
    QTest::newRow("when?") << QStringList{u"restore"_s, u"HOME/b"_s, u"--at=yesterday"_s} << 65
                           << "2026-11-24";
    QTest::newRow("as whom?") << QStringList{u"restore"_s, u"HOME/b"_s, u"--as=x"_s} << 65
                              << "one ACCOUNT";
}

void TestE2eBackup::mistakes()
{
    QFETCH(QStringList, words);
    QFETCH(int, code);
    QFETCH(QString, text);
    for (QString &word : words) {
        word.replace(u"HOME"_s, m_home->path(QString()));
    }
    const auto finished = run(*m_home, words);
    QCOMPARE(finished.exitCode, code);
    QVERIFY2(finished.err.contains(text), qPrintable(finished.err));
    QCOMPARE(finished.err.count(u'\n'), 1);
}

QTEST_GUILESS_MAIN(TestE2eBackup)
#include "tst_e2ebackup.moc"
