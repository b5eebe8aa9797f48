#include "app/server/localtransport.h"
#include "app/server/sockettransport.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestLocalTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void movesBytes();
    void tellsThePeer();
    void pausedReading();
    void boundedReading();
    void closesGracefully();
    void closesGracefullyWhenNobodyReads();
    void closedOnce();
    void peerGoes();
    void peerHadGone();

private:
    std::unique_ptr<QLocalSocket> accept();

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<QLocalServer> m_server;
    std::unique_ptr<QLocalSocket> m_client;
    std::unique_ptr<LocalTransport> m_transport;
};

void TestLocalTransport::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<QLocalServer>();
#ifdef Q_OS_WIN
    QVERIFY(m_server->listen(u"tst_localtransport"_s));
#else
    QVERIFY(m_server->listen(m_dir->filePath(u"s"_s)));
#endif
    m_transport = std::make_unique<LocalTransport>(accept());
}

std::unique_ptr<QLocalSocket> TestLocalTransport::accept()
{
    m_client = std::make_unique<QLocalSocket>();
    m_client->connectToServer(m_server->fullServerName());
    if (!QTest::qWaitFor([this] { return m_server->hasPendingConnections(); })) {
        qFatal("no connection came");
    }
    std::unique_ptr<QLocalSocket> socket(m_server->nextPendingConnection());
    socket->setParent(nullptr);
    return socket;
}

void TestLocalTransport::cleanup()
{
    m_transport.reset();
    m_client.reset();
    m_server.reset();
}

void TestLocalTransport::movesBytes()
{
    QSignalSpy arrived(m_transport.get(), &Transport::readyRead);
    QSignalSpy written(m_transport.get(), &Transport::bytesWritten);
    m_client->write("a NOOP\r\n");
    QTRY_COMPARE(arrived.count(), 1);
    QCOMPARE(m_transport->readAll(), QByteArray("a NOOP\r\n"));
    m_transport->write("a OK\r\n");
    QTRY_COMPARE(m_client->bytesAvailable(), 6);
    QCOMPARE(m_client->readAll(), QByteArray("a OK\r\n"));
    QTRY_VERIFY(written.count() > 0);
    QCOMPARE(m_transport->unsentBytes(), 0);
}

void TestLocalTransport::tellsThePeer()
{
    QCOMPARE(m_transport->peerAddress(), u"control socket"_s);
    QVERIFY(m_transport->peerIsLoopback());
    QVERIFY(!m_transport->isEncrypted());
    QVERIFY(!m_transport->canStartTls());
    QCOMPARE(m_transport->tlsDescription(), QString());
}

void TestLocalTransport::pausedReading()
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

void TestLocalTransport::boundedReading()
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

void TestLocalTransport::closesGracefully()
{
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QSignalSpy clientGone(m_client.get(), &QLocalSocket::disconnected);
    m_transport->write(QByteArray(1024 * 1024, 'x') + "* BYE\r\n");
    m_transport->closeGracefully();
    QTRY_COMPARE(closed.count(), 1);
    QTRY_COMPARE(clientGone.count(), 1);
    QVERIFY(m_client->readAll().endsWith("* BYE\r\n"));
}

void TestLocalTransport::closesGracefullyWhenNobodyReads()
{
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    m_client->setReadBufferSize(1024);
    m_transport->write(QByteArray(32 * 1024 * 1024, 'x'));
    QVERIFY(m_transport->unsentBytes() > 0);
    m_transport->closeGracefully();
    QTRY_COMPARE_WITH_TIMEOUT(closed.count(), 1, 10'000);
}

void TestLocalTransport::closedOnce()
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

void TestLocalTransport::peerGoes()
{
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    m_client->disconnectFromServer();
    QTRY_COMPARE(closed.count(), 1);
}

void TestLocalTransport::peerHadGone()
{
    auto socket = accept();
    QSignalSpy gone(socket.get(), &QLocalSocket::disconnected);
    m_client->abort();
    QTRY_COMPARE(gone.count(), 1);
    m_transport = std::make_unique<LocalTransport>(std::move(socket));
    QSignalSpy closed(m_transport.get(), &Transport::closed);
    QTRY_COMPARE(closed.count(), 1);
}

QTEST_GUILESS_MAIN(TestLocalTransport)
#include "tst_localtransport.moc"
