#pragma once

#include "core/session/transport.h"
#include "core/wire/deflatewriter.h"
#include "core/wire/inflatereader.h"

#include <memory>
#include <optional>

namespace Postnook
{

// Puts compression (RFC 4978) between a session and its transport. A session that has used COMPRESS
// keeps it; after UNAUTHENTICATE it hands everything on as it is.
//
// It inflates what its reader asks for, and at most 64 KiB in one turn of the event loop: what a
// client can make of few octets costs neither memory nor the time of others. So that the reader
// can tell where compressed octets end, it asks only when all it got before is worked off.
class DeflateTransport : public Transport
{
    Q_OBJECT

public:
    explicit DeflateTransport(std::unique_ptr<Transport> below);

    bool isOn() const { return m_writer.has_value(); }
    // What is written from here on is compressed; so is `received`, and what comes behind it.
    void begin(const QByteArray &received);
    // What is written from here on is not compressed; what comes is not behind the next flush.
    void end();
    // The client has hung up: closed() follows when all has been read.
    void noteClosed();
    // The session is idle: gives back the memory of the compressor until it is needed again.
    void rest();

    QByteArray readAll() override;
    void write(const QByteArray &bytes) override;
    qint64 unsentBytes() const override { return m_below->unsentBytes(); }
    void setReadingPaused(bool paused) override;

    bool isEncrypted() const override { return m_below->isEncrypted(); }
    bool canStartTls() const override { return !isOn() && m_below->canStartTls(); }
    void startTls() override;

    QString peerAddress() const override { return m_below->peerAddress(); }
    bool peerIsLoopback() const override { return m_below->peerIsLoopback(); }
    QString tlsDescription() const override { return m_below->tlsDescription(); }
    QString tlsCipher() const override { return m_below->tlsCipher(); }

    void closeGracefully() override;
    void abort() override;

Q_SIGNALS:
    // No more can be read: the client ended its deflate stream, or it is none. Told when all that
    // came before has been read.
    void inputEnded(const QByteArray &reason);

private:
    QByteArray inflate();
    QByteArray inflatePiece();
    void endInput();
    void onTurn();
    void announceTurn();
    void tellClosed();

    std::unique_ptr<Transport> m_below;
    std::optional<DeflateWriter> m_writer;
    std::optional<InflateReader> m_reader; // a little longer there than the writer, at the end
    QByteArray m_rest; // came behind the end of compression
    qsizetype m_turnBytes = 0; // handed out in this turn of the event loop
    bool m_turnIsAnnounced = false;
    bool m_hasMore = false; // perhaps
    bool m_paused = false;
    bool m_closing = false; // nobody wants to read any more
    bool m_isBelowClosed = false;
    bool m_inputHasEnded = false;
};

} // namespace Postnook
