#include "imapclient.h"
#include "postnookprocess.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

// `postnook status`, `who` and `kick`, beside a running server and without one.
class TestE2eStatus : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutServer();
    void besideServer();
    void who();
    void whoIsNobody();
    void kickAccount();
    void kickSession();
    void kickNobody_data();
    void kickNobody();
    void kickedCommandIsCut();
    void withoutFolder();
};

namespace
{

bool openInbox(ImapClient *client, const ServerProcess &server, const QByteArray &id)
{
    return client->connectTls(server.portTls()) && client->succeeds("ID " + id)
        && client->login("ann", "secret") && client->succeeds("SELECT INBOX");
}

bool idle(ImapClient *client)
{
    client->send("i IDLE\r\n");
    return client->readLine().startsWith('+');
}

Home::Finished run(const Home &home, const QStringList &words)
{
    return home.run(home.settings() + words);
}

} // namespace

void TestE2eStatus::withoutServer()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    QVERIFY(home.addAccount(u"bob"_s, "secret"));
    const auto status = run(home, {u"status"_s});
    QCOMPARE(status.exitCode, 0);
    QCOMPARE(status.err, QString());
    const QStringList lines = status.out.split(u'\n');
    QVERIFY2(QRegularExpression(u"^Postnook \\S+, not running, data in .*\\(.* [kKM]B\\)$"_s)
                 .match(lines.at(0))
                 .hasMatch(),
             qPrintable(status.out));
    QCOMPARE(lines.at(1), u"ann      0 messages in 6 mailboxes, 0 bytes; search index complete"_s);
    QCOMPARE(lines.at(2), u"bob      0 messages in 6 mailboxes, 0 bytes; search index complete"_s);

    const auto who = run(home, {u"who"_s});
    QCOMPARE(who.exitCode, 69);
    QVERIFY2(who.err.contains(u"no server runs"_s), qPrintable(who.err));
}

void TestE2eStatus::besideServer()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(openInbox(&client, server, R"(("name" "Thunderbird" "version" "128"))"));
    QVERIFY(client.succeeds("APPEND INBOX {6+}\r\nA: b\r\n"));
    ImapClient idling;
    QVERIFY(openInbox(&idling, server, R"(("name" "Apple Mail"))"));
    QVERIFY(idle(&idling));

    const auto status = run(home, {u"status"_s});
    QCOMPARE(status.exitCode, 0);
    QVERIFY2(status.out.contains(u", running since 2"_s), qPrintable(status.out));
    QVERIFY2(status.out.contains(u"\nann      1 message in 6 mailboxes, 6 bytes; search index "_s),
             qPrintable(status.out));
    const QByteArray fingerprint =
        client.socket().peerCertificate().digest(QCryptographicHash::Sha256).toHex(':').toUpper();
    const QString ports =
        u"\nPorts    127.0.0.1:%1 (STARTTLS), 127.0.0.1:%2 (TLS); certificate until %3, SHA-256 %4\n"_s
            .arg(server.port())
            .arg(server.portTls())
            .arg(client.socket().peerCertificate().expiryDate().toLocalTime().toString(
                     u"yyyy-MM-dd"_s),
                 QString::fromLatin1(fingerprint));
    QVERIFY2(status.out.contains(ports), qPrintable(status.out + ports));
    QVERIFY2(status.out.contains(u"\nSessions 2 (ann: Thunderbird, Apple Mail idle)\n"_s),
             qPrintable(status.out));
}

void TestE2eStatus::who()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient idling;
    QVERIFY(openInbox(&idling, server, "(\"name\" \"Mail\\\\x\" \"version\" {5+}\r\n1\x1b[2J)"));
    QVERIFY(idle(&idling));
    ImapClient clear;
    QVERIFY(clear.connectClear(server.port()));

    const auto who = run(home, {u"who"_s});
    QCOMPARE(who.exitCode, 0);
    QCOMPARE(who.err, QString());
    const QStringList lines = who.out.split(u'\n');
    QCOMPARE(lines.size(), 4);
    QVERIFY2(
        QRegularExpression(u"^ +1  ann +Mail\\\\x 1\\?\\[2J  127\\.0\\.0\\.1  TLSv1\\.3 TLS_\\w+ +"
                           "20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d  idle in INBOX$"_s)
            .match(lines.at(1))
            .hasMatch(),
        qPrintable(who.out));
    QVERIFY2(QRegularExpression(
                 u"^ +2  \\(not logged in\\) +\\? +127\\.0\\.0\\.1  not encrypted +20.*  waits$"_s)
                 .match(lines.at(2))
                 .hasMatch(),
             qPrintable(who.out));
}

void TestE2eStatus::whoIsNobody()
{
    const Home home;
    ServerProcess server(home);
    QVERIFY(server.start());
    const auto who = run(home, {u"who"_s});
    QCOMPARE(who.exitCode, 0);
    QCOMPARE(who.out, QString());
    QCOMPARE(who.err, u"Nobody is connected.\n"_s);
}

void TestE2eStatus::kickAccount()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    QVERIFY(home.addAccount(u"bob"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient first;
    ImapClient second;
    ImapClient other;
    QVERIFY(openInbox(&first, server, "NIL"));
    QVERIFY(openInbox(&second, server, "NIL"));
    QVERIFY(other.connectTls(server.portTls()) && other.login("bob", "secret"));
    QVERIFY(idle(&second));

    const auto kick = run(home, {u"kick"_s, u"ANN"_s});
    QCOMPARE(kick.exitCode, 0);
    QCOMPARE(kick.err, u"2 sessions of 'ann' end.\n"_s);
    for (ImapClient *client : {&first, &second}) {
        QCOMPARE(client->readLine(), "* BYE The connection was ended on the server, by hand");
        QVERIFY(client->waitForDisconnect());
    }
    QVERIFY(other.succeeds("NOOP"));
    QCOMPARE(run(home, {u"kick"_s, u"ann"_s}).exitCode, 69);
}

void TestE2eStatus::kickSession()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient first;
    ImapClient second;
    QVERIFY(openInbox(&first, server, "NIL"));
    QVERIFY(openInbox(&second, server, "NIL"));

    const auto kick = run(home, {u"kick"_s, u"2"_s});
    QCOMPARE(kick.exitCode, 0);
    QCOMPARE(kick.err, u"Session 2 ends.\n"_s);
    QVERIFY(second.readLine().startsWith("* BYE "));
    QVERIFY(first.succeeds("NOOP"));
}

void TestE2eStatus::kickNobody_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("message");
    QTest::newRow("no such account")
        << u"eve"_s << 67 << u"postnook: there is no account 'eve'\n"_s;
    QTest::newRow("no such session") << u"17"_s << 67 << u"postnook: there is no session 17\n"_s;
    QTest::newRow("not connected") << u"ann"_s << 69 << u"postnook: 'ann' is not connected\n"_s;
}

void TestE2eStatus::kickNobody()
{
    QFETCH(QString, who);
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    const auto kick = run(home, {u"kick"_s, who});
    QTEST(kick.exitCode, "exitCode");
    QTEST(kick.err, "message");
}

// A message whose second half never comes.
void TestE2eStatus::kickedCommandIsCut()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(openInbox(&client, server, "NIL"));
    client.send("a APPEND INBOX {1000}\r\n");
    QVERIFY(client.readLine().startsWith('+'));
    const auto who = run(home, {u"who"_s});
    QVERIFY2(who.out.contains(u"APPEND in INBOX"_s), qPrintable(who.out));

    QCOMPARE(run(home, {u"kick"_s, u"ann"_s}).exitCode, 0);
    QVERIFY(client.waitForDisconnect());
}

void TestE2eStatus::withoutFolder()
{
    const Home home;
    for (const auto &words :
         {QStringList{u"status"_s}, QStringList{u"who"_s}, QStringList{u"kick"_s, u"ann"_s}}) {
        const auto finished = run(home, words);
        QCOMPARE(finished.exitCode, 69);
        QVERIFY2(finished.err.contains(u"there is no data folder"_s), qPrintable(finished.err));
    }
    QVERIFY(!QFile::exists(home.dataDir()));
}

QTEST_GUILESS_MAIN(TestE2eStatus)
#include "tst_e2estatus.moc"
