#include "core/wire/commandframer.h"

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

// A refused command may be this many times the limits before the connection is given up: enough
// for a client with one absurdly long command, and soon over for one that never ends a line.
constexpr auto OverrunFactor = 64;

} // namespace

void CommandFramer::feed(QByteArrayView bytes)
{
    if (m_state == State::Overrun) {
        return;
    }
    // Moving at most as much as was consumed keeps the cost linear.
    if (m_inPos > 0 && m_inPos >= m_in.size() / 2) {
        m_in.remove(0, m_inPos);
        m_inPos = 0;
    }
    m_in.append(bytes);
}

CommandFramer::Event CommandFramer::next()
{
    if (std::exchange(m_textIsOver, false)) {
        m_text.clear();
    }
    for (;;) {
        if (const auto event = step()) {
            return *event;
        }
    }
}

// Goes one state further; nothing to report means that the next state has its turn.
std::optional<CommandFramer::Event> CommandFramer::step()
{
    switch (m_state) {
    case State::Line:
        return readLine();
    case State::Complete:
        return Event::Command;
    case State::LiteralDecision:
        return Event::NeedMore;
    case State::Buffering:
        return bufferLiteral();
    case State::Streaming:
        return handOutLiteral();
    case State::Discarding:
        return dropLiteral();
    case State::Overrun:
        return overrun();
    }
    Q_UNREACHABLE();
}

std::optional<CommandFramer::Event> CommandFramer::readLine()
{
    auto bytes = unread();
    if (!m_skipping) {
        // Up to the limit, and a CRLF: looking further would let the cut of the bytes decide
        // how much is read before LineTooLong is told.
        const auto room = std::max(m_limits.lineBytes - m_lineBytes, qsizetype(0));
        bytes = bytes.first(std::min(bytes.size(), room + 2));
    }
    if (bytes.isEmpty()) {
        return Event::NeedMore;
    }
    const auto end = bytes.indexOf('\n');
    const bool isWhole = end >= 0;
    addToLine(isWhole ? bytes.first(end) : bytes);
    consume(isWhole ? end + 1 : bytes.size());

    if (m_skipping && m_lineBytes / OverrunFactor > m_limits.lineBytes) {
        m_state = State::Overrun;
        return std::nullopt;
    }
    const bool becameTooLong = !m_skipping && m_lineBytes > m_limits.lineBytes;
    if (becameTooLong) {
        m_skipping = true;
        m_textIsOver = true;
    }
    const auto event = isWhole ? endLine() : std::nullopt;
    return becameTooLong ? Event::LineTooLong : event;
}

// `bytes` hold no LF. A CR at their end is held back until it is known what follows.
void CommandFramer::addToLine(QByteArrayView bytes)
{
    if (bytes.isEmpty()) {
        return;
    }
    if (m_heldCr) {
        m_bareCr = true;
        appendToLine("\r");
    }
    m_heldCr = bytes.endsWith('\r');
    if (m_heldCr) {
        bytes.chop(1);
    }
    m_bareCr = m_bareCr || bytes.contains('\r');
    appendToLine(bytes);
}

void CommandFramer::appendToLine(QByteArrayView bytes)
{
    if (!m_skipping) {
        const auto room = std::max(m_limits.lineBytes - m_lineBytes, qsizetype(0));
        m_text.append(bytes.first(std::min(bytes.size(), room)));
    }
    m_scanner.feed(bytes);
    m_lineBytes += bytes.size();
}

std::optional<CommandFramer::Event> CommandFramer::endLine()
{
    const auto literal = m_rawLine ? std::nullopt : m_scanner.atLineEnd();
    m_scanner.reset();
    m_heldCr = false;
    if (m_skipping) {
        refuseRest(literal);
        return std::nullopt;
    }
    if (m_bareCr) {
        m_textIsOver = true;
        refuseRest(literal);
        return Event::BareCr;
    }
    if (literal) {
        m_text.append("\r\n");
        m_literal = *literal;
        m_state = State::LiteralDecision;
        return Event::LiteralAhead;
    }
    m_state = State::Complete;
    return Event::Command;
}

// A line of a refused command has ended. A synchronising literal is not going to come, as the
// client was told; one that does not wait is on its way.
void CommandFramer::refuseRest(const std::optional<Literal> &literal)
{
    if (!literal || literal->synchronising) {
        endCommand();
        return;
    }
    m_skipping = true;
    m_bareCr = false;
    m_literal = *literal;
    const auto allowed = OverrunFactor * m_limits.allLiteralBytes;
    if (m_literal.size > allowed - std::min(allowed, m_skippedLiterals)) {
        m_state = State::Overrun;
        return;
    }
    m_skippedLiterals += m_literal.size;
    beginLiteral(State::Discarding);
}

void CommandFramer::endCommand()
{
    m_state = State::Line;
    m_skipping = false;
    m_scanner.reset();
    m_lineBytes = 0;
    m_heldCr = false;
    m_bareCr = false;
    m_bufferedLiterals = 0;
    m_skippedLiterals = 0;
}

QByteArray CommandFramer::take()
{
    if (m_state == State::Complete) {
        endCommand();
    }
    return std::exchange(m_text, {});
}

bool CommandFramer::fitsLimits() const
{
    return m_literal.size <= m_limits.literalBytes && m_bufferedLiterals <= m_limits.allLiteralBytes
        && m_literal.size <= m_limits.allLiteralBytes - m_bufferedLiterals;
}

void CommandFramer::acceptLiteral()
{
    m_bufferedLiterals += m_literal.size;
    beginLiteral(State::Buffering);
}

void CommandFramer::streamLiteral()
{
    beginLiteral(State::Streaming);
}

void CommandFramer::discardLiteral()
{
    beginLiteral(State::Discarding);
}

void CommandFramer::beginLiteral(State state)
{
    m_literalLeft = m_literal.size;
    m_state = state;
}

void CommandFramer::abandonCommand()
{
    skipCommand();
}

void CommandFramer::skipCommand()
{
    if (!hasBegun()) {
        return;
    }
    m_text.clear();
    switch (m_state) {
    case State::Complete:
        endCommand();
        break;
    case State::LiteralDecision:
        if (m_literal.synchronising) {
            endCommand();
            break;
        }
        m_literalLeft = m_literal.size;
        [[fallthrough]];
    case State::Buffering:
    case State::Streaming:
        m_state = State::Discarding;
        [[fallthrough]];
    case State::Line:
    case State::Discarding:
        m_skipping = true;
        break;
    case State::Overrun:
        break;
    }
}

QByteArrayView CommandFramer::unreadOfLiteral() const
{
    const auto count = std::min(m_literalLeft, static_cast<quint64>(bufferedBytes()));
    return unread().first(static_cast<qsizetype>(count));
}

std::optional<CommandFramer::Event> CommandFramer::bufferLiteral()
{
    const auto bytes = unreadOfLiteral();
    m_text.append(bytes);
    consumeLiteral(bytes.size());
    if (m_literalLeft > 0) {
        return Event::NeedMore;
    }
    m_state = State::Line;
    return std::nullopt;
}

std::optional<CommandFramer::Event> CommandFramer::handOutLiteral()
{
    if (m_literalLeft == 0) {
        m_state = State::Line;
        return Event::LiteralEnd;
    }
    const auto bytes = unreadOfLiteral();
    if (bytes.isEmpty()) {
        return Event::NeedMore;
    }
    m_streamed = bytes.toByteArray();
    consumeLiteral(bytes.size());
    return Event::LiteralData;
}

std::optional<CommandFramer::Event> CommandFramer::dropLiteral()
{
    consumeLiteral(unreadOfLiteral().size());
    if (m_literalLeft > 0) {
        return Event::NeedMore;
    }
    m_state = State::Line;
    return m_skipping ? std::nullopt : std::optional(Event::LiteralEnd);
}

std::optional<CommandFramer::Event> CommandFramer::overrun()
{
    m_in.clear();
    m_inPos = 0;
    return std::exchange(m_overrun, true) ? Event::NeedMore : Event::LineTooLong;
}

QByteArray CommandFramer::streamed()
{
    return std::exchange(m_streamed, {});
}

QByteArray CommandFramer::takeUnread()
{
    return std::exchange(m_in, {}).mid(std::exchange(m_inPos, 0));
}

bool CommandFramer::hasBegun() const
{
    return m_state != State::Line || m_skipping || m_heldCr || m_lineBytes > 0;
}

bool CommandFramer::isMidCommand() const
{
    return hasBegun() || bufferedBytes() > 0;
}

void CommandFramer::reset()
{
    const auto limits = m_limits;
    *this = CommandFramer();
    m_limits = limits;
}

void CommandFramer::consume(qsizetype count)
{
    m_inPos += count;
    if (m_inPos == m_in.size()) {
        m_in.clear();
        m_inPos = 0;
    }
}

void CommandFramer::consumeLiteral(qsizetype count)
{
    m_literalLeft -= static_cast<quint64>(count);
    consume(count);
}

} // namespace Postnook
