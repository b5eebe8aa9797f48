#pragma once

#include "core/wire/literalheader.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

// Cuts the client's bytes into commands, resumable at any octet, in bounded memory whatever comes.
// It knows lines and literals and nothing else. The owner feeds bytes and asks next() until it says
// NeedMore. A command is delivered whole, with its literals inline as sent, so that TokenCursor
// can read it in one go; a literal that the owner streams leaves only its header in the text.
//
// A line ends at CRLF; LF alone is taken too; CR without LF is a fault (BareCr). NUL in a line is
// left to the parser. A command that is refused takes its non-synchronising literals along: what
// the client meant as data is never read as a command (RFC 7888 4). The events do not depend on
// how the bytes were cut. Event loop thread; no signals.
class CommandFramer
{
public:
    struct Limits {
        qsizetype lineBytes = 8192; // all lines of a command together, literals aside
        quint64 literalBytes = 4096; // one buffered literal
        quint64 allLiteralBytes = 16384; // all buffered literals of one command
    };

    using Literal = LiteralHeader;

    enum class Event {
        NeedMore,
        Command, // text() is a whole command without its line end; call take()
        LiteralAhead, // literal() is announced behind text(); answer with one of the five below
                      // (until then there is NeedMore)
        LiteralData, // streamed(): the next bytes of a literal being streamed (may be many)
        LiteralEnd, // the streamed or discarded literal is over; the line goes on
        LineTooLong, // told when the limit is passed, text() being the start of the command; the
                     // rest of the command is swallowed, then the framer is fresh. Told once more,
                     // with isOverrun(), when even the swallowing went past 64 times the limits
        BareCr, // told once the line has ended; the command is dropped
    };

    void setLimits(const Limits &limits) { m_limits = limits; }

    void feed(QByteArrayView bytes);
    // Fed and not yet consumed: the owner stops reading above a mark.
    qsizetype bufferedBytes() const { return m_in.size() - m_inPos; }
    Event next();

    // The command so far: for LiteralAhead it ends with the literal's header and CRLF. After
    // LineTooLong and BareCr it is there until next(), for the sake of its tag.
    const QByteArray &text() const { return m_text; }
    QByteArray take(); // the command; the framer is ready for the next

    const Literal &literal() const { return m_literal; }
    bool fitsLimits() const; // may literal() be buffered within the limits?
    void acceptLiteral(); // buffer it inline in text()
    void streamLiteral(); // hand it out as LiteralData, then LiteralEnd
    void discardLiteral(); // read and drop, then LiteralEnd
    void abandonCommand(); // the announced synchronising literal will not come: forget the command
    // Swallow everything up to the end of the command, further literals included, and forget it:
    // the command was answered already. Synchronising literals within are not waited for. Good in
    // any state; nothing happens between commands.
    void skipCommand();
    QByteArray streamed(); // takes the bytes of a LiteralData event

    // More was swallowed than a mistake explains: everything is dropped from here on; close.
    bool isOverrun() const { return m_overrun; }
    // Takes the bytes that were fed and not yet consumed: they are no commands as they stand.
    QByteArray takeUnread();
    bool isMidCommand() const; // something of a command has come (for time-outs and STARTTLS)
    // Forgets everything, fed bytes included (STARTTLS). The limits stay.
    void reset();
    // Instead of commands, the lines are handed out as they are (SASL responses, IDLE's DONE): a
    // Command event whose text() is the line; braces mean nothing.
    void setRawLine(bool on) { m_rawLine = on; }

private:
    enum class State { Line, Complete, LiteralDecision, Buffering, Streaming, Discarding, Overrun };

    std::optional<Event> step();
    std::optional<Event> readLine();
    std::optional<Event> endLine();
    std::optional<Event> bufferLiteral();
    std::optional<Event> handOutLiteral();
    std::optional<Event> dropLiteral();
    std::optional<Event> overrun();

    QByteArrayView unread() const { return QByteArrayView(m_in).sliced(m_inPos); }
    QByteArrayView unreadOfLiteral() const;
    void consume(qsizetype count);
    void consumeLiteral(qsizetype count);
    void addToLine(QByteArrayView bytes);
    void appendToLine(QByteArrayView bytes);
    void beginLiteral(State state);
    void refuseRest(const std::optional<Literal> &literal);
    void endCommand();
    bool hasBegun() const;

    Limits m_limits;
    QByteArray m_in;
    qsizetype m_inPos = 0;

    QByteArray m_text;
    bool m_textIsOver = false; // text() is of a refused command and was shown: next() clears it
    State m_state = State::Line;
    bool m_rawLine = false;
    bool m_skipping = false; // the command was refused: swallow the rest
    bool m_overrun = false;

    LiteralHeaderScanner m_scanner;
    qsizetype m_lineBytes = 0; // of all lines of the command
    bool m_heldCr = false; // the last octet seen was a CR; the next one decides
    bool m_bareCr = false;

    Literal m_literal;
    quint64 m_literalLeft = 0;
    quint64 m_bufferedLiterals = 0;
    quint64 m_skippedLiterals = 0; // announced while skipping
    QByteArray m_streamed;
};

} // namespace Postnook
