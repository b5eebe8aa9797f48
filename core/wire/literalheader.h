#pragma once

#include <QByteArrayView>
#include <QtGlobal>

#include <optional>

namespace Postnook
{

// The announcement of a literal at the end of a line (RFC 9051 9, RFC 7888, RFC 3516).
struct LiteralHeader {
    quint64 size = 0; // a number past 2^63 - 1 is given as that: it fits no limit
    bool synchronising = true; // "{n}"; false: "{n+}"
    bool binary = false; // "~{n}" (literal8)

    friend bool operator==(const LiteralHeader &, const LiteralHeader &) = default;
};

// Watches a line go by, in pieces of any size and in constant memory, and knows at its end whether
// a literal header stood there.
class LiteralHeaderScanner
{
public:
    void feed(QByteArrayView piece);
    std::optional<LiteralHeader> atLineEnd() const;
    void reset() { *this = LiteralHeaderScanner(); }

private:
    enum class State { None, Open, Digits, Plus, Closed };
    void step(char c);

    LiteralHeader m_header;
    State m_state = State::None;
    char m_last = '\0';
};

} // namespace Postnook
