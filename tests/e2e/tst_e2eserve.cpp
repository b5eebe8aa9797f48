#include "imapclient.h"
#include "postnookprocess.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;

// `postnook serve` from the first run to the last signal.
class TestE2eServe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firstRun();
    void secondServer();
    void lockEndsWithAKilledServer();
    void takenPort();
    void badCertificate();
    void missingSettingsFile();
    void stops_data();
    void stops();
    void stopsOnCommand();
    void stopsWithACommandInProgress();
    void stopsWhenAClientReadsNothing();
    void oneWorker();
    void longDataPath();
    void loopLag();
    void diskReserve();
};

void TestE2eServe::firstRun()
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    QSKIP("the usual folders cannot be moved by the environment here");
#endif
    const Home home;
    ServerProcess server(home);
    // The template's own ports may be taken on the machine that runs the tests.
    QVERIFY2(server.startWith({u"--bind-port=0"_s, u"--bind-port-tls=0"_s}),
             qPrintable(server.log()));
    QVERIFY(server.waitForLog(u"Ctrl-C stops the server."_s));
    const QString settings = home.path(u"config/postnook/postnook.ini"_s);
    const QString data = home.path(u"share/postnook"_s);
    for (const QString &told : {settings,
                                data,
                                data + u"/tls/ca.pem"_s,
                                u"postnook account add NAME"_s,
                                u"port %1 with SSL/TLS"_s.arg(server.portTls()),
                                u"port %1 with STARTTLS"_s.arg(server.port())}) {
        QVERIFY2(server.log().contains(told), qPrintable(told + u'\n' + server.log()));
    }
    const auto others = QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther;
    QVERIFY((QFile::permissions(data) & others) == 0);

    QFile file(settings);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("\nbind-addr=127.0.0.1 ::1\n"));
    file.close();

    // An account by the same settings; then the second run, which has nothing to tell.
    QCOMPARE(
        home.run({u"account"_s, u"add"_s, u"ann"_s, u"--password-stdin"_s}, "secret\n").exitCode,
        0);
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()) && client.login("ann", "secret"));
    server.terminate();
    QCOMPARE(server.waitForEnd(), 0);
    QVERIFY(server.startWith({u"--bind-port=0"_s, u"--bind-port-tls=0"_s}));
    QVERIFY(!server.log().contains(u"first time"_s));
}

void TestE2eServe::secondServer()
{
    const Home home;
    ServerProcess first(home);
    QVERIFY(first.start());
    const auto second = home.run(home.settings());
    QCOMPARE(second.exitCode, 75);
    QVERIFY2(
        second.err.contains(
            u"the data folder %1 is in use by 'postnook serve' (process "_s.arg(home.dataDir())),
        qPrintable(second.err));
    QVERIFY(!second.err.contains(u"listening"_s));

    ImapClient client;
    QVERIFY(client.connectTls(first.portTls()));
}

void TestE2eServe::lockEndsWithAKilledServer()
{
    const Home home;
    ServerProcess server(home);
    QVERIFY(server.start());
    server.kill();
    QVERIFY(home.addAccount(u"ann"_s, "secret")); // the socket that it left hurts nobody
    QVERIFY(server.start());
    QVERIFY(home.addAccount(u"bob"_s, "secret"));
}

void TestE2eServe::takenPort()
{
    const Home home;
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const auto port = QString::number(other.serverPort());
    const auto refused = home.run(home.settings() + QStringList{u"--bind-port-tls="_s + port});
    QCOMPARE(refused.exitCode, 69);
    QVERIFY2(refused.err.contains(
                 u"postnook: cannot listen on 127.0.0.1:%1 (TLS): another program "
                 "uses this port; stop it, or set bind-port-tls to another port"_s.arg(port)),
             qPrintable(refused.err));
    QVERIFY(!refused.err.contains(u"listening on"_s));
}

void TestE2eServe::badCertificate()
{
    const Home home;
    QFile file(home.path(u"cert.pem"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not a certificate\n");
    file.close();
    const auto refused = home.run(
        home.settings()
        + QStringList{u"--cert-path="_s + file.fileName(), u"--key-path="_s + file.fileName()});
    QCOMPARE(refused.exitCode, 78);
    QVERIFY2(refused.err.contains(file.fileName()), qPrintable(refused.err));
    QVERIFY(!refused.err.contains(u"listening on"_s));
}

void TestE2eServe::missingSettingsFile()
{
    const Home home;
    const auto refused = home.run({u"--config"_s, home.path(u"none.ini"_s), u"serve"_s});
    QCOMPARE(refused.exitCode, 78);
    QVERIFY(refused.err.contains(home.path(u"none.ini"_s)));
    QVERIFY(!QFileInfo::exists(home.path(u"none.ini"_s)));
}

void TestE2eServe::stops_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<bool>("loggedIn");
    QTest::addColumn<bool>("idle");
    QTest::newRow("greeted, clear") << false << false << false;
    QTest::newRow("greeted, TLS") << true << false << false;
    QTest::newRow("selected") << true << true << false;
    QTest::newRow("IDLE") << true << true << true;
}

void TestE2eServe::stops()
{
    QFETCH(bool, tls);
    QFETCH(bool, loggedIn);
    QFETCH(bool, idle);
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(tls ? client.connectTls(server.portTls()) : client.connectClear(server.port()));
    if (loggedIn) {
        QVERIFY(client.login("ann", "secret") && client.succeeds("SELECT INBOX"));
    }
    if (idle) {
        client.send("i IDLE\r\n");
        QVERIFY(client.readLine().startsWith('+'));
    }
    server.terminate();
    QCOMPARE(server.waitForEnd(5'000), 0);
    QVERIFY(client.readLine().startsWith("* BYE"));
    QVERIFY(client.waitForDisconnect());
    QVERIFY(server.waitForLog(u"stopped"_s));
}

void TestE2eServe::stopsOnCommand()
{
    const Home home;
    const QStringList stop = home.settings() + QStringList{u"stop"_s};
    const auto nowhere = home.run(stop);
    QCOMPARE(nowhere.exitCode, 69);
    QVERIFY2(nowhere.err.contains(u"there is no data folder "_s), qPrintable(nowhere.err));

    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const auto none = home.run(stop);
    QCOMPARE(none.err, u"no server runs on %1\n"_s.arg(home.dataDir()));
    QCOMPARE(none.exitCode, 0);

    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()) && client.login("ann", "secret"));
    const auto stopped = home.run(stop);
    QCOMPARE(stopped.err, QString());
    QCOMPARE(stopped.exitCode, 0);
    QCOMPARE(server.waitForEnd(), 0);
    QVERIFY(client.readLine().startsWith("* BYE"));
    // The folder is free when the command returns.
    QVERIFY(home.addAccount(u"bob"_s, "secret"));
}

void TestE2eServe::stopsWithACommandInProgress()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()) && client.login("ann", "secret"));
    // A message whose second half never comes: nothing may wait for it beyond the time limit.
    client.send("a APPEND INBOX {1000}\r\n");
    QVERIFY(client.readLine().startsWith('+'));
    client.send("Subject: half\r\n");
    server.terminate();
    QCOMPARE(server.waitForEnd(6'000), 0);
}

void TestE2eServe::stopsWhenAClientReadsNothing()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start());
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()) && client.login("ann", "secret"));
    const QByteArray message = "Subject: large\r\n\r\n" + QByteArray(8 * 1024 * 1024, 'x');
    QVERIFY(client.succeeds("APPEND INBOX {" + QByteArray::number(message.size()) + "+}\r\n"
                            + message));
    QVERIFY(client.succeeds("SELECT INBOX"));
    client.socket().setReadBufferSize(1024);
    client.send("b FETCH 1 BODY[]\r\n");
    QVERIFY(!client.readLine().isEmpty());
    server.terminate();
    QCOMPARE(server.waitForEnd(6'000), 0);
}

void TestE2eServe::oneWorker()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    ServerProcess server(home);
    QVERIFY(server.start({u"--worker-pool-size=1"_s}));
    ImapClient first;
    ImapClient second;
    for (ImapClient *client : {&first, &second}) {
        QVERIFY(client->connectTls(server.portTls()) && client->login("ann", "secret")
                && client->succeeds("SELECT INBOX"));
    }
    QVERIFY(first.succeeds("APPEND INBOX {6+}\r\nA: b\r\n"));
    QVERIFY(second.command("NOOP").contains("* 1 EXISTS"));
    QVERIFY(second.command("FETCH 1 (FLAGS RFC822.SIZE)").first().contains("RFC822.SIZE 6"));
    server.terminate();
    QCOMPARE(server.waitForEnd(5'000), 0);
}

void TestE2eServe::longDataPath()
{
    // Longer than a socket's path may be, and not in ASCII.
    const Home home;
    const QStringList data{u"--data-dir="_s + home.path(u"Mül/"_s + QString(100, u'l'))};
    ServerProcess server(home);
    QVERIFY(server.start(data));
    const auto added =
        home.run(home.settings() + data
                     + QStringList{u"account"_s, u"add"_s, u"ann"_s, u"--password-stdin"_s},
                 "secret\n");
    QCOMPARE(added.exitCode, 0);
    ImapClient client;
    QVERIFY(client.connectTls(server.portTls()) && client.login("ann", "secret"));
}

void TestE2eServe::loopLag()
{
    const Home home;
    ServerProcess server(home);
    QVERIFY(server.start({u"--log-level=debug"_s}));
    server.terminate();
    QCOMPARE(server.waitForEnd(), 0);
    QVERIFY(server.waitForLog(u"loop lag: p50 "_s));
}

void TestE2eServe::diskReserve()
{
    const Home home;
    const QFileInfo reserve(home.dataDir() + u"/reserve"_s);
    ServerProcess server(home);
    QVERIFY(server.start());
    server.terminate();
    QCOMPARE(server.waitForEnd(), 0);
    QVERIFY(!reserve.exists());

    QVERIFY(server.start({u"--disk-reserve=64K"_s}));
    const auto size = [&home] { return QFileInfo(home.dataDir() + u"/reserve"_s).size(); };
    QTRY_COMPARE(size(), 65'536);
    const auto others = QFile::ReadGroup | QFile::ReadOther;
    QVERIFY((QFile::permissions(reserve.filePath()) & others) == 0);
}

QTEST_GUILESS_MAIN(TestE2eServe)
#include "tst_e2eserve.moc"
