#include "localidentity.h"

#include "app/server/sockettransport.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

// Hands out connections as descriptors, as PortListener does.
class Acceptor : public QTcpServer
{
public:
    qintptr descriptor = -1;

protected:
    void incomingConnection(qintptr accepted) override { descriptor = accepted; }
};

} // namespace

class TestSocketTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void movesBytes();
    void tellsThePeer();
    void pausedReading();
    void boundedReading();
    void startTls();
    void startTlsDropsWhatFollows();
    void startTlsSilence();
    void tlsOnTheClearPort();
    void countsUnsentBytes_data();
    void countsUnsentBytes();
    void closesGracefully();
    void closesGracefullyWhenNobodyReads();
    void closedOnce();
    void readsWhatCameBeforeTheEnd_data();
    void readsWhatCameBeforeTheEnd();

private:
    void accept(int handshakeTimeoutMs);
    void startClientTls();

    LocalIdentity m_identity;
    std::unique_ptr<QSslSocket> m_client;
    std::unique_ptr<SocketTransport> m_transport;
};

void TestSocketTransport::init()
{
    accept(30'000);
}

void TestSocketTransport::accept(int handshakeTimeoutMs)
{
    m_transport.reset();
    Acceptor acceptor;
    QVERIFY(acceptor.listen(QHostAddress::LocalHost));
    m_client = std::make_unique<QSslSocket>();
    m_client->setPeerVerifyMode(QSslSocket::VerifyNone);
    m_client->connectToHost(u"127.0.0.1"_s, acceptor.serverPort());
    QTRY_VERIFY(acceptor.descriptor != -1);
    QTRY_COMPARE(m_client->state(), QAbstractSocket::ConnectedState);
    auto socket = std::make_unique<QSslSocket>();
    QVERIFY(socket->setSocketDescriptor(acceptor.descriptor));
    m_transport =
        std::make_unique<SocketTransport>(std::move(socket), m_identity.tls, handshakeTimeoutMs);
}

void TestSocketTransport::cleanup()
{
    m_transport.reset();
    m_client.reset();
}

void TestSocketTransport::startClientTls()
{
    QSignalSpy serverSide(m_transport.get(), &Transport::encrypted);
    QSignalSpy clientSide(m_client.get(), &QSslSocket::encrypted);
    m_transport->startTls();
    m_client->startClientEncryption();
    QTRY_COMPARE(serverSide.count(), 1);
    QTRY_COMPARE(clientSide.count(), 1);
}

void TestSocketTransport::movesBytes()
{
    QSignalSpy arrived(m_transport.get(), &Transport::readyRead);
    m_client->write("a NOOP\r\n");
    QTRY_COMPARE(arrived.count(), 1);
    QCOMPARE(m_transport->readAll(), QByteArray("a NOOP\r\n"));
    m_transport->write("a OK\r\n");
    QTRY_COMPARE(m_client->bytesAvailable(), 6);
    QCOMPARE(m_client->readAll(), QByteArray("a OK\r\n"));
}

void TestSocketTransport::tellsThePeer()
{
    QCOMPARE(m_transport->peerAddress(), u"127.0.0.1"_s);
    QVERIFY(m_transport->peerIsLoopback());
    QVERIFY(!m_transport->isEncrypted());
    QVERIFY(m_transport->canStartTls());
    QCOMPARE(m_transport->tlsDescription(), QString());
    QCOMPARE(plainAddress(QHostAddress(u"::ffff:192.0.2.7"_s)).toString(), u"192.0.2.7"_s);
    QCOMPARE(plainAddress(QHostAddress(u"2001:db8::7"_s)).toString(), u"2001:db8::7"_s);
}

void TestSocketTransport::pausedReading()
{
    QSignalSpy arrived(m_transport.get(), &Transport::readyRead);
    m_transport->setReadingPaused(true);
    m_client->write("a NOOP\r\n");
    m_transport->write("barrier");
    QTRY_COMPARE(m_client->bytesAvailable(), 7);
    QCOMPARE(arrived.count(), 0);
    m_transport->setReadingPaused(false);
    QTRY_COMPARE(arrived.count(), 1);
    QCOMPARE(m_transport->readAll(), QByteArray("a NOOP\r\n"));
}

void TestSocketTransport::boundedReading()
{
    constexpr qint64 Sent = 32 * 1024 * 1024;
    m_transport->setReadingPaused(true);
    m_client->write(QByteArray(Sent, 'x'));
    m_transport->write("barrier");
    QTRY_COMPARE(m_client->bytesAvailable(), 7);
    QVERIFY(m_client->bytesToWrite() > 0); // only the system's buffers and ours have filled

    qint64 received = 0;
    connect(m_transport.get(), &Transport::readyRead, this, [this, &received] {
        const auto bytes = m_transport->readAll();
        QVERIFY(bytes.size() <= SocketReadBufferBytes);
        received += bytes.size();
    });
    m_transport->setReadingPaused(false);
    QTRY_COMPARE_WITH_TIMEOUT(received, Sent, 30'000);
}

void TestSocketTransport::startTls()
{
    startClientTls();
    QVERIFY(m_transport->isEncrypted());
    QVERIFY(!m_transport->canStartTls());
    QCOMPARE(m_transport->tlsDescription(), u"TLSv1.3"_s);
    QCOMPARE(m_client->peerCertificate(), m_identity.pair.chain.first());
    movesBytes();
}

void TestSocketTransport::startTlsDropsWhatFollows()
{
    // CVE-2011-0411: the second command was sent in the clear and must not be read under TLS.
    QSignalSpy arrived(m_transport.get(), &Transport::readyRead);
    m_client->write("a STARTTLS\r\nb INJECTED\r\n");
    QTRY_COMPARE(arrived.count(), 1);
    startClientTls();
    m_client->write("c NOOP\r\n");
    QTRY_COMPARE(arrived.count(), 2);
    QCOMPARE(m_transport->readAll(), QByteArray("c NOOP\r\n"));
}

void TestSocketTransport::startTlsSilence()
{
    accept(300);
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QTest::ignoreMessage(QtInfoMsg, "127.0.0.1: no TLS handshake came of STARTTLS");
    m_transport->startTls();
    QTRY_COMPARE(closed.count(), 1);
}

void TestSocketTransport::tlsOnTheClearPort()
{
    QSignalSpy arrived(m_transport.get(), &Transport::readyRead);
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QTest::ignoreMessage(
        QtWarningMsg,
        QRegularExpression(u"^127.0.0.1 speaks TLS to the clear-text port \\d+ and "
                           "was cut off: set its mail program to STARTTLS, or to "
                           "the port for TLS$"_s));
    m_client->startClientEncryption();
    QTRY_COMPARE(closed.count(), 1);
    QCOMPARE(arrived.count(), 0);
}

void TestSocketTransport::countsUnsentBytes_data()
{
    QTest::addColumn<bool>("tls");
    QTest::newRow("clear") << false;
    QTest::newRow("TLS") << true;
}

void TestSocketTransport::countsUnsentBytes()
{
    QFETCH(bool, tls);
    if (tls) {
        startClientTls();
    }
    // A client that does not read: what piles up must be seen.
    m_client->setReadBufferSize(1024);
    constexpr qint64 Chunk = 1024 * 1024;
    for (int i = 0; i < 32; ++i) {
        m_transport->write(QByteArray(Chunk, 'x'));
        QCoreApplication::processEvents();
    }
    QVERIFY(m_transport->unsentBytes() > 16 * Chunk);

    QSignalSpy written(m_transport.get(), &Transport::bytesWritten);
    connect(m_client.get(), &QSslSocket::readyRead, this, [this] { m_client->readAll(); });
    m_client->setReadBufferSize(0);
    m_client->readAll();
    QTRY_COMPARE_WITH_TIMEOUT(m_transport->unsentBytes(), 0, 30'000);
    QVERIFY(written.count() > 0);
}

void TestSocketTransport::closesGracefully()
{
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QSignalSpy clientGone(m_client.get(), &QSslSocket::disconnected);
    m_transport->write(QByteArray(1024 * 1024, 'x') + "* BYE\r\n");
    m_transport->closeGracefully();
    QTRY_COMPARE(closed.count(), 1);
    QTRY_COMPARE(clientGone.count(), 1);
    QVERIFY(m_client->readAll().endsWith("* BYE\r\n"));
}

void TestSocketTransport::closesGracefullyWhenNobodyReads()
{
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    m_client->setReadBufferSize(1024);
    m_transport->write(QByteArray(32 * 1024 * 1024, 'x'));
    m_transport->closeGracefully();
    QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, 10'000);
}

void TestSocketTransport::closedOnce()
{
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QSignalSpy arrived(m_transport.get(), &Transport::readyRead);
    m_client->write("a NOOP\r\n");
    m_transport->closeGracefully();
    m_transport->abort();
    m_transport->abort();
    QCOMPARE(closed.count(), 0); // never from inside the call
    QTRY_COMPARE(closed.count(), 1);
    m_client->abort();
    QCoreApplication::processEvents();
    QCOMPARE(closed.count(), 1);
    QCOMPARE(arrived.count(), 0);
}

void TestSocketTransport::readsWhatCameBeforeTheEnd_data()
{
    QTest::addColumn<bool>("tls");
    QTest::addColumn<int>("size");
    for (const int size : {7, 60'000, 500'000}) {
        QTest::addRow("clear, %d octets", size) << false << size;
        QTest::addRow("TLS, %d octets", size) << true << size;
    }
}

// A client that shuts its sending side down, or closes, at once behind what it has to say.
void TestSocketTransport::readsWhatCameBeforeTheEnd()
{
    QFETCH(const bool, tls);
    QFETCH(const int, size);
    if (tls) {
        startClientTls();
    }
    m_transport->setReadingPaused(true);
    QByteArray sent;
    for (int i = 0; sent.size() < size; ++i) {
        sent += QByteArray::number(i) + "\r\n";
    }
    m_client->write(sent);
    m_client->disconnectFromHost();
    QTRY_VERIFY(m_client->bytesToWrite() == 0 || m_client->bytesToWrite() < sent.size());

    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QByteArray received;
    qsizetype atTheEnd = -1;
    connect(m_transport.get(), &Transport::readyRead, this, [&] {
        received += m_transport->readAll();
        m_transport->setReadingPaused(true); // as a session that is busy
        QMetaObject::invokeMethod(
            m_transport.get(),
            [this] { m_transport->setReadingPaused(false); },
            Qt::QueuedConnection);
    });
    connect(m_transport.get(), &Transport::closed, this, [&] { atTheEnd = received.size(); });
    m_transport->setReadingPaused(false);
    QTRY_COMPARE(closed.count(), 1);
    QVERIFY(received == sent);
    QCOMPARE(atTheEnd, sent.size());
}

QTEST_GUILESS_MAIN(TestSocketTransport)
#include "tst_sockettransport.moc"
