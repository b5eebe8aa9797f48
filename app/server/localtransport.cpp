#include "app/server/localtransport.h"

#include "app/server/sockettransport.h"

#include <QLocalSocket>

namespace Postnook
{

namespace
{

constexpr auto CloseTimeoutMs = 3'000;

} // namespace

LocalTransport::LocalTransport(std::unique_ptr<QLocalSocket> socket)
    : m_socket(socket.release())
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(SocketReadBufferBytes);
    m_closeDeadline.setSingleShot(true);
    connect(&m_closeDeadline, &QTimer::timeout, this, &LocalTransport::abort);
    connect(m_socket, &QLocalSocket::readyRead, this, &LocalTransport::onReadyRead);
    connect(m_socket, &QLocalSocket::disconnected, this, &LocalTransport::onDisconnected);
    connect(m_socket, &QLocalSocket::bytesWritten, this, &Transport::bytesWritten);
    if (m_socket->state() == QLocalSocket::UnconnectedState) {
        onDisconnected(); // nobody else would say so
    }
    announceWaitingBytes();
}

LocalTransport::~LocalTransport()
{
    // The socket's destructor would report its end to an object that is half gone.
    m_socket->disconnect(this);
}

QByteArray LocalTransport::readAll()
{
    return m_socket->readAll();
}

void LocalTransport::write(const QByteArray &bytes)
{
    m_socket->write(bytes);
}

qint64 LocalTransport::unsentBytes() const
{
    return m_socket->bytesToWrite();
}

void LocalTransport::setReadingPaused(bool paused)
{
    m_paused = paused;
    if (!paused) {
        announceWaitingBytes();
    }
}

QString LocalTransport::peerAddress() const
{
    return QStringLiteral("control socket");
}

void LocalTransport::closeGracefully()
{
    m_closing = true;
    m_closeDeadline.start(CloseTimeoutMs);
    m_socket->disconnectFromServer();
}

void LocalTransport::abort()
{
    m_closing = true;
    m_socket->abort();
    onDisconnected();
}

void LocalTransport::onReadyRead()
{
    if (!m_closing && !m_paused && m_socket->bytesAvailable() > 0) {
        Q_EMIT readyRead();
    }
}

void LocalTransport::onDisconnected()
{
    if (m_ended) {
        return;
    }
    m_ended = true;
    m_closing = true;
    m_closeDeadline.stop();
    // Not from inside the call that closed it.
    QMetaObject::invokeMethod(this, &Transport::closed, Qt::QueuedConnection);
}

// Bytes that came when nobody was told of them.
void LocalTransport::announceWaitingBytes()
{
    QMetaObject::invokeMethod(this, &LocalTransport::onReadyRead, Qt::QueuedConnection);
}

} // namespace Postnook
