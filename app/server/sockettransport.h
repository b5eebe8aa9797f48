#pragma once

#include "core/session/transport.h"

#include <QHostAddress>
#include <QSslSocket>
#include <QTimer>

#include <memory>

namespace Postnook
{

class TlsIdentity;

// A TCP connection, with TLS from the start or after STARTTLS, as the byte stream of a session.
class SocketTransport : public Transport
{
    Q_OBJECT

public:
    // A connected socket; `tls` outlives this.
    SocketTransport(std::unique_ptr<QSslSocket> socket,
                    const TlsIdentity &tls,
                    int handshakeTimeoutMs);
    ~SocketTransport() override;

    QByteArray readAll() override;
    void write(const QByteArray &bytes) override;
    qint64 unsentBytes() const override;
    void setReadingPaused(bool paused) override;

    bool isEncrypted() const override;
    bool canStartTls() const override;
    void startTls() override;

    QString peerAddress() const override;
    bool peerIsLoopback() const override;
    QString tlsDescription() const override;
    QString tlsCipher() const override;

    void closeGracefully() override;
    void abort() override;

private:
    void onReadyRead();
    void onEncrypted();
    void onDisconnected();
    void tellClosedWhenRead();
    void announceWaitingBytes();
    bool isTlsOnClearPort();

    QSslSocket *m_socket; // a child
    const TlsIdentity &m_tls;
    QHostAddress m_peer; // the socket forgets it when it is closed
    QTimer m_deadline; // of the handshake, later of the graceful close
    int m_handshakeTimeoutMs;
    bool m_paused = false;
    bool m_closing = false; // nobody wants to read any more
    bool m_isDisconnected = false;
    bool m_hasTold = false; // that it is closed
    bool m_sawFirstBytes = false;
};

// Reads are bounded by this in Qt's buffers; unset, a fast sender fills the memory (248 MB in a
// second, measured).
constexpr auto SocketReadBufferBytes = 64 * 1024;

// IPv4-mapped IPv6 addresses as IPv4: one peer, one spelling.
QHostAddress plainAddress(const QHostAddress &address);

} // namespace Postnook
