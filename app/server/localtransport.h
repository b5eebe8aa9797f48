#pragma once

#include "core/session/transport.h"

#include <QTimer>

#include <memory>

class QLocalSocket;

namespace Postnook
{

// A connection of the control socket as the byte stream of a session: no TLS, as it never leaves
// the machine.
class LocalTransport : public Transport
{
    Q_OBJECT

public:
    explicit LocalTransport(std::unique_ptr<QLocalSocket> socket); // connected, or just gone
    ~LocalTransport() override;

    QByteArray readAll() override;
    void write(const QByteArray &bytes) override;
    qint64 unsentBytes() const override;
    void setReadingPaused(bool paused) override;

    bool isEncrypted() const override { return false; }
    bool canStartTls() const override { return false; }
    void startTls() override { abort(); } // never asked: STARTTLS needs canStartTls()

    QString peerAddress() const override;
    bool peerIsLoopback() const override { return true; }
    QString tlsDescription() const override { return {}; }

    void closeGracefully() override;
    void abort() override;

private:
    void onReadyRead();
    void onDisconnected();
    void announceWaitingBytes();

    QLocalSocket *m_socket; // a child
    QTimer m_closeDeadline;
    bool m_paused = false;
    bool m_closing = false;
    bool m_ended = false;
};

} // namespace Postnook
