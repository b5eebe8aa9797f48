#include "app/server/sockettransport.h"

#include "app/server/netlog.h"
#include "app/server/tlsidentity.h"

#include <QSslCipher>
#include <QSslConfiguration>

#include <utility>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// Enough for a BYE over a slow line; whoever takes nothing for so long is cut.
constexpr auto CloseTimeoutMs = 3'000;

constexpr auto TlsHandshakeByte = '\x16'; // the content type of a ClientHello (RFC 8446 5.1)

} // namespace

QHostAddress plainAddress(const QHostAddress &address)
{
    bool isIpv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIpv4);
    return isIpv4 ? QHostAddress(ipv4) : address;
}

SocketTransport::SocketTransport(std::unique_ptr<QSslSocket> socket,
                                 const TlsIdentity &tls,
                                 int handshakeTimeoutMs)
    : m_socket(socket.release())
    , m_tls(tls)
    , m_peer(plainAddress(m_socket->peerAddress()))
    , m_handshakeTimeoutMs(handshakeTimeoutMs)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(SocketReadBufferBytes);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, &SocketTransport::abort);
    connect(m_socket, &QSslSocket::readyRead, this, &SocketTransport::onReadyRead);
    connect(m_socket, &QSslSocket::encrypted, this, &SocketTransport::onEncrypted);
    connect(m_socket, &QSslSocket::disconnected, this, &SocketTransport::onDisconnected);
    connect(m_socket, &QSslSocket::bytesWritten, this, &Transport::bytesWritten);
    connect(m_socket, &QSslSocket::encryptedBytesWritten, this, &Transport::bytesWritten);
    if (m_socket->state() == QAbstractSocket::UnconnectedState) {
        onDisconnected(); // nobody else would say so
    }
    announceWaitingBytes();
}

SocketTransport::~SocketTransport()
{
    // The socket's destructor would report its end to an object that is half gone.
    m_socket->disconnect(this);
}

QByteArray SocketTransport::readAll()
{
    const QByteArray bytes = m_socket->readAll();
    if (m_isDisconnected) {
        tellClosedWhenRead();
    }
    return bytes;
}

void SocketTransport::write(const QByteArray &bytes)
{
    if (!m_isDisconnected) {
        m_socket->write(bytes);
    }
}

qint64 SocketTransport::unsentBytes() const
{
    // Under TLS the second counts what is encrypted and not sent: without it a client that reads
    // nothing would fill the memory.
    return m_isDisconnected ? 0 : m_socket->bytesToWrite() + m_socket->encryptedBytesToWrite();
}

void SocketTransport::setReadingPaused(bool paused)
{
    m_paused = paused;
    if (m_isDisconnected) {
        tellClosedWhenRead();
    } else if (!paused) {
        announceWaitingBytes();
    }
}

bool SocketTransport::isEncrypted() const
{
    return m_socket->isEncrypted();
}

bool SocketTransport::canStartTls() const
{
    return m_socket->mode() == QSslSocket::UnencryptedMode;
}

void SocketTransport::startTls()
{
    // RFC 9051 6.2.1 and CVE-2011-0411: what was sent in the clear behind STARTTLS would be read
    // after the handshake as if it had been encrypted. What the system still holds goes into the
    // handshake and breaks it.
    m_socket->readAll();
    if (m_isDisconnected) {
        return tellClosedWhenRead();
    }
    m_socket->setSslConfiguration(m_tls.configuration());
    m_deadline.start(m_handshakeTimeoutMs);
    m_socket->startServerEncryption();
}

QString SocketTransport::peerAddress() const
{
    return m_peer.toString();
}

bool SocketTransport::peerIsLoopback() const
{
    return m_peer.isLoopback();
}

QString SocketTransport::tlsDescription() const
{
    switch (m_socket->isEncrypted() ? m_socket->sessionProtocol() : QSsl::UnknownProtocol) {
    case QSsl::TlsV1_2:
        return u"TLSv1.2"_s;
    case QSsl::TlsV1_3:
        return u"TLSv1.3"_s;
    default:
        return {};
    }
}

QString SocketTransport::tlsCipher() const
{
    return m_socket->isEncrypted() ? m_socket->sessionCipher().name() : QString();
}

void SocketTransport::closeGracefully()
{
    m_closing = true;
    if (m_isDisconnected) {
        return tellClosedWhenRead();
    }
    m_deadline.start(CloseTimeoutMs);
    m_socket->disconnectFromHost();
}

void SocketTransport::abort()
{
    m_closing = true;
    if (m_socket->mode() == QSslSocket::SslServerMode && !m_socket->isEncrypted()) {
        qCInfo(lcNet).noquote() << u"%1: no TLS handshake came of STARTTLS"_s.arg(peerAddress());
    }
    m_socket->abort();
    if (m_isDisconnected) {
        tellClosedWhenRead();
    }
}

void SocketTransport::onReadyRead()
{
    if (m_closing || m_paused || m_socket->bytesAvailable() == 0) {
        return;
    }
    if (!m_sawFirstBytes && isTlsOnClearPort()) {
        return abort();
    }
    m_sawFirstBytes = true;
    Q_EMIT readyRead();
}

void SocketTransport::onEncrypted()
{
    m_deadline.stop();
    if (!m_closing) {
        Q_EMIT encrypted();
    }
}

void SocketTransport::onDisconnected()
{
    m_isDisconnected = true;
    m_deadline.stop();
    tellClosedWhenRead();
}

// What the peer sent before it closed may be waiting still, part of it to be decrypted; what never
// becomes readable is not waited for.
void SocketTransport::tellClosedWhenRead()
{
    const bool isRead = m_socket->bytesAvailable() == 0 && m_socket->encryptedBytesAvailable() == 0;
    if (!m_closing && !isRead) {
        m_paused ? m_deadline.stop() : m_deadline.start(CloseTimeoutMs);
        return announceWaitingBytes();
    }
    m_closing = true;
    m_deadline.stop();
    if (!std::exchange(m_hasTold, true)) {
        // Not from inside the call that closed it.
        QMetaObject::invokeMethod(this, &Transport::closed, Qt::QueuedConnection);
    }
}

// Bytes that came when nobody was told of them.
void SocketTransport::announceWaitingBytes()
{
    QMetaObject::invokeMethod(this, &SocketTransport::onReadyRead, Qt::QueuedConnection);
}

bool SocketTransport::isTlsOnClearPort()
{
    if (m_socket->mode() != QSslSocket::UnencryptedMode
        || m_socket->peek(1) != QByteArray(1, TlsHandshakeByte)) {
        return false;
    }
    qCWarning(lcNet).noquote()
        << u"%1 speaks TLS to the clear-text port %2 and was cut off: set its mail program to "
           "STARTTLS, or to the port for TLS"_s.arg(peerAddress(),
                                                    QString::number(m_socket->localPort()));
    return true;
}

} // namespace Postnook
