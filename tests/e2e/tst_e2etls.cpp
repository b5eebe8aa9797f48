#include "imapclient.h"
#include "postnookprocess.h"

#include "app/server/certificateauthority.h"

#include <QFile>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

// Both ports of a running server, with real TLS.
class TestE2eTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void loginOverTls();
    void loginAfterStartTls();
    void noLoginInTheClear();
    void startTlsDropsWhatFollows();
    void startTlsForgetsTheSession();
    void tlsOnTheClearPort();
    void clearTextOnTheTlsPort();
    void verifiedByTheLocalAuthority();
    void renewedCertificate();

private:
    Home m_home;
    std::unique_ptr<ServerProcess> m_server;
};

namespace
{

// A pair at these two paths, as a renewal tool leaves it: written beside, renamed over.
void installPair(const QString &folder, const QString &cert, const QString &key)
{
    const auto made =
        ensureLocalCertificate(folder, certificateNames({}, {}), QDateTime::currentDateTimeUtc());
    for (const auto &[from, to] : {std::pair(made->key, key), std::pair(made->cert, cert)}) {
        const QString beside = to + u".new"_s;
        QFile::copy(from, beside);
        QFile::remove(to);
        QFile::rename(beside, to);
    }
}

} // namespace

void TestE2eTls::initTestCase()
{
    QVERIFY(m_home.addAccount(u"ann"_s, "secret"));
    m_server = std::make_unique<ServerProcess>(m_home);
    QVERIFY(m_server->start({u"--tls-handshake-timeout=2s"_s}));
}

void TestE2eTls::loginOverTls()
{
    ImapClient client;
    QVERIFY(client.connectTls(m_server->portTls()));
    QVERIFY(!client.greeting().contains("LOGINDISABLED"));
    QVERIFY(!client.command("CAPABILITY").first().contains("STARTTLS"));
    QVERIFY(client.login("ann", "secret"));
    QVERIFY(client.succeeds("SELECT INBOX"));
    QVERIFY(client.succeeds("LOGOUT"));
    QVERIFY(client.waitForDisconnect());
    QVERIFY(m_server->waitForLog(u"TLSv1.3"_s));
}

void TestE2eTls::loginAfterStartTls()
{
    ImapClient client;
    QVERIFY(client.connectClear(m_server->port()));
    QVERIFY(client.command("CAPABILITY").first().contains(" STARTTLS"));
    QVERIFY(client.startTls());
    const auto capabilities = client.command("CAPABILITY").first();
    QVERIFY(!capabilities.contains("STARTTLS"));
    QVERIFY(!capabilities.contains("LOGINDISABLED"));
    QVERIFY(client.login("ann", "secret"));
    QVERIFY(!client.succeeds("STARTTLS"));
    QVERIFY(client.succeeds("SELECT INBOX"));
}

void TestE2eTls::noLoginInTheClear()
{
    ImapClient client;
    QVERIFY(client.connectClear(m_server->port()));
    const auto capabilities = client.command("CAPABILITY").first();
    QVERIFY(capabilities.contains("LOGINDISABLED"));
    QVERIFY(!capabilities.contains("AUTH="));
    QVERIFY(!client.login("ann", "secret"));
}

void TestE2eTls::startTlsDropsWhatFollows()
{
    ImapClient client;
    QVERIFY(client.connectClear(m_server->port()));
    QVERIFY(client.startTls("injected NOOP\r\ninj"));
    const auto lines = client.command("NOOP");
    QCOMPARE(lines.size(), 1);
    QVERIFY(lines.first().contains("OK"));
    QCOMPARE(client.unread(), QByteArray());
}

void TestE2eTls::startTlsForgetsTheSession()
{
    // A command begun in the clear does not go on under TLS.
    ImapClient client;
    QVERIFY(client.connectClear(m_server->port()));
    QVERIFY(client.startTls("x LOGIN {3+}\r\nann {6+}\r\n"));
    QVERIFY(client.login("ann", "secret"));
    QVERIFY(client.succeeds("SELECT INBOX"));
}

void TestE2eTls::tlsOnTheClearPort()
{
    QSslSocket client;
    client.connectToHostEncrypted(u"127.0.0.1"_s, m_server->port());
    QVERIFY(m_server->waitForLog(
        u"127.0.0.1 speaks TLS to the clear-text port %1 and was cut off: "
        "set its mail program to STARTTLS, or to the port for TLS"_s.arg(m_server->port())));
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
}

void TestE2eTls::clearTextOnTheTlsPort()
{
    QTcpSocket client;
    client.connectToHost(u"127.0.0.1"_s, m_server->portTls());
    client.write("a CAPABILITY\r\n");
    QVERIFY(m_server->waitForLog(u"the TLS handshake failed"_s));
    QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
}

void TestE2eTls::verifiedByTheLocalAuthority()
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(QSslCertificate::fromPath(m_home.dataDir() + u"/tls/ca.pem"_s));
    QSslSocket client;
    client.setSslConfiguration(configuration);
    client.setPeerVerifyMode(QSslSocket::VerifyPeer);
    client.connectToHostEncrypted(u"127.0.0.1"_s, m_server->portTls(), u"localhost"_s);
    QTRY_VERIFY2(client.isEncrypted(), qPrintable(client.errorString()));
    QVERIFY(client.sslHandshakeErrors().isEmpty());
}

void TestE2eTls::renewedCertificate()
{
    const Home home;
    QVERIFY(home.addAccount(u"ann"_s, "secret"));
    const QString cert = home.path(u"cert.pem"_s);
    const QString key = home.path(u"key.pem"_s);
    installPair(home.path(u"first"_s), cert, key);
    ServerProcess server(home);
    QVERIFY(server.start({u"--cert-path="_s + cert, u"--key-path="_s + key}));
    ImapClient before;
    QVERIFY(before.connectTls(server.portTls()));
    const auto old = before.socket().peerCertificate();
    ImapClient clear;
    QVERIFY(clear.connectClear(server.port()));

    // A pair that cannot be used changes nothing.
    QFile damaged(cert);
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write("half a file");
    damaged.close();
    QVERIFY(server.waitForLog(u"still serving"_s));
    ImapClient meanwhile;
    QVERIFY(meanwhile.connectTls(server.portTls()));
    QCOMPARE(meanwhile.socket().peerCertificate(), old);

    installPair(home.path(u"second"_s), cert, key);
    const auto renewed = QSslCertificate::fromPath(cert).first();
    QVERIFY(renewed != old);
    const auto served = [&server] {
        ImapClient client;
        client.connectTls(server.portTls());
        return client.socket().peerCertificate();
    };
    QTRY_COMPARE_WITH_TIMEOUT(served(), renewed, 20'000);
    QVERIFY(clear.startTls()); // connected before, secured after
    QCOMPARE(clear.socket().peerCertificate(), renewed);
    QVERIFY(before.succeeds("NOOP")); // and nobody was cut off
}

QTEST_GUILESS_MAIN(TestE2eTls)
#include "tst_e2etls.moc"
