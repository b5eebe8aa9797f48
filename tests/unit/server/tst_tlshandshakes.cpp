#include "localidentity.h"

#include "app/server/portlistener.h"
#include "app/server/tlshandshakes.h"

#include <QSignalSpy>
#include <QSslCipher>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#include <vector>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestTlsHandshakes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void protocols_data();
    void protocols();
    void ciphers_data();
    void ciphers();
    void silentOnesKeepNobodyOut();
    void silentOnesAreCut();
    void notTls();
    void moreThanAtOnce();
    void renewedCertificate();
    void clearCutsAll();

private:
    void restart(int timeoutMs);
    std::unique_ptr<QTcpSocket> connectPlainly();
    std::unique_ptr<QSslSocket> connectSecurely(QSsl::SslProtocol protocol = QSsl::SecureProtocols);

    LocalIdentity m_identity;
    PortListener m_listener;
    std::unique_ptr<TlsHandshakes> m_handshakes;
    std::vector<std::unique_ptr<QSslSocket>> m_ready;
};

void TestTlsHandshakes::init()
{
    if (!m_listener.isListening()) {
        QVERIFY(m_listener.listen(QHostAddress::LocalHost));
    }
    restart(30'000);
}

void TestTlsHandshakes::restart(int timeoutMs)
{
    m_handshakes = std::make_unique<TlsHandshakes>(
        m_identity.tls, HandshakeLimits{timeoutMs, 2}, [this](std::unique_ptr<QSslSocket> socket) {
            m_ready.push_back(std::move(socket));
        });
    connect(&m_listener, &PortListener::connected, m_handshakes.get(), [this](qintptr descriptor) {
        m_handshakes->add(descriptor);
    });
}

void TestTlsHandshakes::cleanup()
{
    m_handshakes.reset();
    m_ready.clear();
    m_identity.tls.setCertificate(m_identity.pair);
}

std::unique_ptr<QTcpSocket> TestTlsHandshakes::connectPlainly()
{
    auto client = std::make_unique<QTcpSocket>();
    client->connectToHost(u"127.0.0.1"_s, m_listener.serverPort());
    return client;
}

std::unique_ptr<QSslSocket> TestTlsHandshakes::connectSecurely(QSsl::SslProtocol protocol)
{
    auto client = std::make_unique<QSslSocket>();
    client->setPeerVerifyMode(QSslSocket::VerifyNone);
    client->setProtocol(protocol);
    client->connectToHostEncrypted(u"127.0.0.1"_s, m_listener.serverPort());
    return client;
}

void TestTlsHandshakes::protocols_data()
{
    QTest::addColumn<int>("protocol");
    QTest::addColumn<int>("got");
    QTest::newRow("TLS 1.3") << int(QSsl::TlsV1_3) << int(QSsl::TlsV1_3);
    QTest::newRow("TLS 1.2") << int(QSsl::TlsV1_2) << int(QSsl::TlsV1_2);
    QTest::newRow("the best") << int(QSsl::SecureProtocols) << int(QSsl::TlsV1_3);
}

void TestTlsHandshakes::protocols()
{
    QFETCH(int, protocol);
    QFETCH(int, got);
    const auto client = connectSecurely(static_cast<QSsl::SslProtocol>(protocol));
    QTRY_VERIFY(client->isEncrypted());
    QTRY_COMPARE(m_ready.size(), 1U);
    QCOMPARE(int(client->sessionProtocol()), got);
    QCOMPARE(client->peerCertificate(), m_identity.pair.chain.first());
    QVERIFY(client->sslConfiguration().nextNegotiatedProtocol().isEmpty());
    client->write("a NOOP\r\n");
    QTRY_COMPARE(m_ready.front()->bytesAvailable(), 8);
}

void TestTlsHandshakes::ciphers_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("GCM") << u"ECDHE-ECDSA-AES128-GCM-SHA256"_s << true;
    QTest::newRow("ChaCha20") << u"ECDHE-ECDSA-CHACHA20-POLY1305"_s << true;
    QTest::newRow("CBC") << u"ECDHE-ECDSA-AES256-SHA"_s << false;
    QTest::newRow("CBC with SHA-2") << u"ECDHE-ECDSA-AES128-SHA256"_s << false;
}

void TestTlsHandshakes::ciphers()
{
    QFETCH(QString, name);
    QFETCH(bool, isTaken);
    QSslConfiguration configuration;
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setProtocol(QSsl::TlsV1_2);
    configuration.setCiphers({QSslCipher(name)});
    QSslSocket client;
    client.setSslConfiguration(configuration);
    if (!isTaken) {
        QTest::ignoreMessage(QtInfoMsg,
                             QRegularExpression(u"^127.0.0.1: the TLS handshake failed: "_s));
    }
    client.connectToHostEncrypted(u"127.0.0.1"_s, m_listener.serverPort());
    QTRY_VERIFY(client.isEncrypted() || client.state() == QAbstractSocket::UnconnectedState);
    QCOMPARE(client.isEncrypted(), isTaken);
    QCOMPARE(client.sessionCipher().name(), isTaken ? name : QString());
}

void TestTlsHandshakes::silentOnesKeepNobodyOut()
{
    std::vector<std::unique_ptr<QTcpSocket>> silent;
    for (int i = 0; i < 60; ++i) {
        silent.push_back(connectPlainly());
    }
    QTRY_COMPARE(silent.back()->state(), QAbstractSocket::ConnectedState);
    const auto client = connectSecurely();
    QTRY_VERIFY(client->isEncrypted());
    // Long before any of the silent ones is cut.
    QCOMPARE(silent.front()->state(), QAbstractSocket::ConnectedState);
}

void TestTlsHandshakes::silentOnesAreCut()
{
    restart(1'000);
    const auto silent = connectPlainly();
    const auto halfway = connectPlainly();
    QTRY_COMPARE(halfway->state(), QAbstractSocket::ConnectedState);
    halfway->write("\x16\x03\x01", 3);
    QTest::ignoreMessage(QtInfoMsg, "127.0.0.1: the TLS handshake failed: it takes too long");
    QTRY_COMPARE(halfway->state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(silent->state(), QAbstractSocket::UnconnectedState);
}

void TestTlsHandshakes::notTls()
{
    const auto client = connectPlainly();
    QTRY_COMPARE(client->state(), QAbstractSocket::ConnectedState);
    QTest::ignoreMessage(QtInfoMsg,
                         QRegularExpression(u"^127.0.0.1: the TLS handshake failed: "_s));
    client->write("a1 CAPABILITY\r\n");
    QTRY_COMPARE(client->state(), QAbstractSocket::UnconnectedState);
}

void TestTlsHandshakes::moreThanAtOnce()
{
    std::vector<std::unique_ptr<QSslSocket>> clients;
    for (int i = 0; i < 10; ++i) {
        clients.push_back(connectSecurely());
    }
    QTRY_COMPARE(m_ready.size(), clients.size());
    for (const auto &client : clients) {
        QTRY_VERIFY(client->isEncrypted());
    }
}

void TestTlsHandshakes::renewedCertificate()
{
    const auto before = connectSecurely();
    QTRY_VERIFY(before->isEncrypted());
    const LocalIdentity renewed;
    m_identity.tls.setCertificate(renewed.pair);
    const auto after = connectSecurely();
    QTRY_VERIFY(after->isEncrypted());
    QCOMPARE(after->peerCertificate(), renewed.pair.chain.first());
    QVERIFY(before->isEncrypted());
}

void TestTlsHandshakes::clearCutsAll()
{
    const auto silent = connectPlainly();
    const auto halfway = connectPlainly();
    QTRY_COMPARE(halfway->state(), QAbstractSocket::ConnectedState);
    QTRY_COMPARE(silent->state(), QAbstractSocket::ConnectedState);
    halfway->write("\x16");
    QTRY_COMPARE(halfway->bytesToWrite(), 0);
    QCoreApplication::processEvents();
    m_handshakes->clear();
    QTRY_COMPARE(halfway->state(), QAbstractSocket::UnconnectedState);
    QTRY_COMPARE(silent->state(), QAbstractSocket::UnconnectedState);
}

QTEST_GUILESS_MAIN(TestTlsHandshakes)
#include "tst_tlshandshakes.moc"
