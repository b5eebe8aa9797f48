#include "core/session/deflatetransport.h"

#include <utility>

namespace Postnook
{

namespace
{

// Inflated in well under a millisecond.
constexpr qsizetype MaxTurnBytes = 65'536;

} // namespace

DeflateTransport::DeflateTransport(std::unique_ptr<Transport> below)
    : m_below(std::move(below))
{
    connect(m_below.get(), &Transport::readyRead, this, [this] {
        m_hasMore = true;
        Q_EMIT readyRead();
    });
    connect(m_below.get(), &Transport::bytesWritten, this, &Transport::bytesWritten);
    connect(m_below.get(), &Transport::encrypted, this, &Transport::encrypted);
    connect(m_below.get(), &Transport::closed, this, &DeflateTransport::noteClosed);
}

// What came before is still to be inflated.
void DeflateTransport::noteClosed()
{
    m_isBelowClosed = true;
    if (m_closing) {
        Q_EMIT closed();
        return;
    }
    m_hasMore = m_reader.has_value();
    announceTurn();
}

void DeflateTransport::begin(const QByteArray &received)
{
    m_writer.emplace();
    m_reader.emplace();
    m_reader->feed(received + std::exchange(m_rest, {}));
}

void DeflateTransport::end()
{
    m_writer.reset();
    m_inputHasEnded = false; // if so, not by mistake
    endInput();
}

void DeflateTransport::rest()
{
    if (m_writer) {
        m_writer->rest();
    }
}

// RFC 8437 4.1: the client's compression ends with the command, but the flush that makes it leave
// the client's compressor stands behind it, and may be still on its way.
void DeflateTransport::endInput()
{
    if (m_reader->isAtFlush()) {
        m_rest = m_reader->takeInput();
        m_reader.reset();
    }
}

QByteArray DeflateTransport::readAll()
{
    QByteArray bytes = m_reader ? inflate() : QByteArray();
    if (!m_reader) {
        bytes += std::exchange(m_rest, {}) + m_below->readAll();
    }
    return bytes;
}

QByteArray DeflateTransport::inflate()
{
    if (m_turnBytes >= MaxTurnBytes || m_inputHasEnded) {
        return {};
    }
    QByteArray bytes = inflatePiece();
    while (bytes.isEmpty() && m_reader->state() == InflateReader::State::Good
           && (isOn() || !m_reader->isAtFlush())) {
        const QByteArray received = m_below->readAll();
        m_hasMore = !received.isEmpty();
        if (!m_hasMore) {
            if (m_isBelowClosed) {
                announceTurn();
            }
            break;
        }
        m_reader->feed(received);
        bytes = inflatePiece();
    }
    m_turnBytes += bytes.size();
    if (!isOn()) {
        endInput();
    }
    if (!bytes.isEmpty()) {
        m_hasMore = true;
        announceTurn();
    } else if (m_reader && m_reader->state() != InflateReader::State::Good) {
        m_inputHasEnded = true;
        announceTurn();
    }
    return bytes;
}

QByteArray DeflateTransport::inflatePiece()
{
    const qsizetype room = MaxTurnBytes - m_turnBytes;
    return isOn() ? m_reader->read(room) : m_reader->readToFlush(room);
}

void DeflateTransport::announceTurn()
{
    if (!std::exchange(m_turnIsAnnounced, true)) {
        QMetaObject::invokeMethod(this, &DeflateTransport::onTurn, Qt::QueuedConnection);
    }
}

void DeflateTransport::onTurn()
{
    m_turnIsAnnounced = false;
    m_turnBytes = 0;
    if (m_closing) {
        return;
    }
    if (m_isBelowClosed && (m_inputHasEnded || !m_hasMore)) {
        m_closing = true;
        Q_EMIT closed();
    } else if (m_inputHasEnded) {
        Q_EMIT inputEnded(m_reader->state() == InflateReader::State::Ended
                              ? "The compressed stream has ended"
                              : "The compressed data is damaged");
    } else if (m_hasMore && !m_paused) {
        Q_EMIT readyRead();
    }
}

void DeflateTransport::write(const QByteArray &bytes)
{
    m_below->write(m_writer ? m_writer->write(bytes) : bytes);
}

void DeflateTransport::setReadingPaused(bool paused)
{
    m_paused = paused;
    m_below->setReadingPaused(paused);
    if (!paused) {
        announceTurn();
    }
}

void DeflateTransport::startTls()
{
    m_rest.clear(); // as all that was received before TLS
    m_below->startTls();
}

void DeflateTransport::closeGracefully()
{
    m_isBelowClosed ? tellClosed() : m_below->closeGracefully();
    m_closing = true;
}

void DeflateTransport::abort()
{
    m_isBelowClosed ? tellClosed() : m_below->abort();
    m_closing = true;
}

void DeflateTransport::tellClosed()
{
    if (!m_closing) {
        QMetaObject::invokeMethod(this, &Transport::closed, Qt::QueuedConnection);
    }
}

} // namespace Postnook
