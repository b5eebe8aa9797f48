#include "core/wire/literalheader.h"

#include "core/wire/grammar.h"

#include <limits>

namespace Postnook
{

namespace
{

constexpr auto MaxNumber64 = quint64(std::numeric_limits<qint64>::max()); // RFC 9051 number64

quint64 withDigit(quint64 number, char digit)
{
    const auto value = static_cast<quint64>(digit - '0');
    return number > (MaxNumber64 - value) / 10 ? MaxNumber64 : number * 10 + value;
}

} // namespace

void LiteralHeaderScanner::feed(QByteArrayView piece)
{
    if (piece.isEmpty()) {
        return;
    }
    auto rest = piece;
    // Only the last brace can open a header that ends the line.
    if (const auto brace = piece.lastIndexOf('{'); brace >= 0) {
        const auto before = brace > 0 ? piece[brace - 1] : m_last;
        m_header = {.binary = before == '~'};
        m_state = State::Open;
        rest = piece.sliced(brace + 1);
    }
    for (const char c : rest) {
        if (m_state == State::None) {
            break;
        }
        step(c);
    }
    m_last = piece.back();
}

void LiteralHeaderScanner::step(char c)
{
    const bool hasDigits = m_state == State::Digits;
    if (isDigit(c) && (hasDigits || m_state == State::Open)) {
        m_header.size = withDigit(m_header.size, c);
        m_state = State::Digits;
    } else if (c == '+' && hasDigits) {
        m_header.synchronising = false;
        m_state = State::Plus;
    } else if (c == '}' && (hasDigits || m_state == State::Plus)) {
        m_state = State::Closed;
    } else {
        m_state = State::None;
    }
}

std::optional<LiteralHeader> LiteralHeaderScanner::atLineEnd() const
{
    return m_state == State::Closed ? std::optional(m_header) : std::nullopt;
}

} // namespace Postnook
