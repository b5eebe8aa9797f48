#pragma once

#include "core/session/transport.h"

namespace Postnook
{

// A session's wire in memory. The test is the client: it feeds clientSends() and takes what the
// server wrote. Nothing is written to a real socket, so that dialogues are quick and repeatable.
class MemoryTransport : public Transport
{
    Q_OBJECT

public:
    struct Peer {
        bool isEncrypted = false;
        bool canStartTls = false;
        bool isLoopback = true;
    };

    explicit MemoryTransport(Peer peer)
        : m_peer(peer)
    {
    }

    // The client's side.
    void clientSends(const QByteArray &bytes)
    {
        m_toServer += bytes;
        Q_EMIT readyRead();
    }
    void clientCloses() { finish(); }
    QByteArray takeOutput()
    {
        QByteArray out = std::exchange(m_toClient, {});
        if (!out.isEmpty() && !m_isClosed) {
            QMetaObject::invokeMethod(this, &Transport::bytesWritten, Qt::QueuedConnection);
        }
        return out;
    }
    bool isClosed() const { return m_isClosed; }
    bool isReadingPaused() const { return m_isPaused; }

    // The server's side.
    QByteArray readAll() override { return std::exchange(m_toServer, {}); }
    void write(const QByteArray &bytes) override { m_toClient += bytes; }
    qint64 unsentBytes() const override { return m_holdsOutput ? m_toClient.size() : 0; }
    // From now on what the server writes counts as unsent until the test takes it.
    void setHoldsOutput(bool holds) { m_holdsOutput = holds; }
    void setReadingPaused(bool paused) override { m_isPaused = paused; }
    bool isEncrypted() const override { return m_peer.isEncrypted; }
    bool canStartTls() const override { return m_peer.canStartTls && !m_peer.isEncrypted; }
    void startTls() override
    {
        m_toServer.clear();
        m_peer.isEncrypted = true;
        QMetaObject::invokeMethod(this, &Transport::encrypted, Qt::QueuedConnection);
    }
    QString peerAddress() const override
    {
        return m_peer.isLoopback ? QStringLiteral("127.0.0.1") : QStringLiteral("192.0.2.7");
    }
    bool peerIsLoopback() const override { return m_peer.isLoopback; }
    QString tlsDescription() const override
    {
        return m_peer.isEncrypted ? QStringLiteral("TLSv1.3") : QString();
    }
    void closeGracefully() override
    {
        QMetaObject::invokeMethod(
            this, [this] { finish(); }, Qt::QueuedConnection);
    }
    void abort() override { closeGracefully(); }

private:
    void finish()
    {
        if (!m_isClosed) {
            m_isClosed = true;
            Q_EMIT closed();
        }
    }

    Peer m_peer;
    QByteArray m_toServer;
    QByteArray m_toClient;
    bool m_isClosed = false;
    bool m_isPaused = false;
    bool m_holdsOutput = false;
};

} // namespace Postnook
