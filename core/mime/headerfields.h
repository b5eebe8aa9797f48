#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Mime
{

// One field of a header; views into it. A line that is no field (no colon, an mbox "From " line,
// a continuation of nothing) has an empty name.
struct HeaderField {
    QByteArrayView name;
    QByteArrayView value; // as it came, folds included, without the last line end
    QByteArrayView whole; // name to last line end
};

// Walks over the fields of a header up to its empty line or its end. Lines end at LF, with or
// without CR before; a bare CR is data. White space before the colon is taken (RFC 5322 4.5).
class HeaderReader
{
public:
    explicit HeaderReader(QByteArrayView header)
        : m_rest(header)
    {
    }

    bool next(HeaderField &field);
    // Behind the last field: the empty line, or nothing.
    QByteArrayView rest() const { return m_rest; }

private:
    QByteArrayView m_rest;
};

// RFC 5322 2.2.3: line ends go, the white space behind them stays; trimmed at both ends.
QByteArray unfolded(QByteArrayView value);

// ASCII letters compare without regard to case.
bool isSameName(QByteArrayView a, QByteArrayView b);

constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}
constexpr bool isBlankOrLineEnd(char c)
{
    return isBlank(c) || c == '\r' || c == '\n';
}

// Without blanks and line ends at both ends.
QByteArrayView trimmed(QByteArrayView text);

} // namespace Postnook::Mime
