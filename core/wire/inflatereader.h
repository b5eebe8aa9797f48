#pragma once

#include <QByteArray>

#include <memory>

struct z_stream_s;

namespace Postnook
{

// Reads a raw deflate stream (RFC 1951), resumable at any octet. However much it may become, it is
// inflated piece by piece, as far as the owner asks for it; the rest waits compressed.
class InflateReader
{
public:
    enum class State {
        Good,
        Ended, // the sender has ended the stream; what follows is none of it
        Damaged, // it is no deflate stream from here on
    };

    InflateReader();

    void feed(const QByteArray &bytes);
    // The next piece. It ends at a flush of the sender too: what stands behind it may be a matter
    // of what was before. Empty: more must be fed, or look at the state.
    QByteArray read(qsizetype maxBytes);
    // The same, but the piece may be empty too when a flush ends it.
    QByteArray readToFlush(qsizetype maxBytes);
    State state() const { return m_state; }
    // Whether the sender could stop compressing here: everything up to a flush was read, or all.
    bool isAtFlush() const { return m_isAtFlush || m_state == State::Ended; }
    QByteArray takeInput(); // what was fed and not inflated

private:
    struct End {
        void operator()(z_stream_s *stream) const;
    };

    void step();

    std::unique_ptr<z_stream_s, End> m_stream;
    QByteArray m_in;
    qsizetype m_inPos = 0;
    quint32 m_lastOctets = 0; // the four that were inflated last
    State m_state = State::Good;
    bool m_isAtFlush = true;
    bool m_needsInput = true;
};

} // namespace Postnook
