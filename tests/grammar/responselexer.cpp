#include "tests/grammar/responselexer.h"

#include "core/wire/grammar.h"

#include <algorithm>
#include <limits>

namespace Postnook::Grammar
{

void ResponseLexer::fail(const char *what)
{
    if (ok()) {
        m_error = QStringLiteral("at %1: %2").arg(m_position).arg(QString::fromLatin1(what));
    }
}

bool ResponseLexer::at(QByteArrayView text) const
{
    return ok() && m_text.size() - m_position >= text.size()
        && m_text.sliced(m_position, text.size()).compare(text, Qt::CaseInsensitive) == 0;
}

bool ResponseLexer::accept(QByteArrayView text)
{
    if (!at(text)) {
        return false;
    }
    m_position += text.size();
    return true;
}

void ResponseLexer::expect(QByteArrayView text)
{
    if (!accept(text)) {
        fail(("'" + text.toByteArray() + "' expected").constData());
    }
}

quint64 ResponseLexer::number64()
{
    const auto start = m_position;
    while (ok() && !atEnd() && isDigit(m_text[m_position])) {
        ++m_position;
    }
    const auto digits = m_text.sliced(start, m_position - start);
    bool isNumber = false;
    const auto value = digits.toByteArray().toULongLong(&isNumber);
    constexpr quint64 Max = std::numeric_limits<qint64>::max(); // RFC 9051: 63 bits
    if (!isNumber || value > Max) {
        fail("a number expected");
    } else if (digits.size() > 1 && digits.front() == '0') {
        fail("a number with a leading zero");
    }
    return ok() ? value : 0;
}

quint32 ResponseLexer::number()
{
    const auto value = number64();
    if (value > std::numeric_limits<quint32>::max()) {
        fail("a number above 32 bits");
    }
    return ok() ? static_cast<quint32>(value) : 0;
}

quint32 ResponseLexer::nzNumber()
{
    const auto value = number();
    if (value == 0) {
        fail("a number above 0 expected");
    }
    return value;
}

QByteArray ResponseLexer::string()
{
    if (at("\"")) {
        return quoted();
    }
    if (at("{")) {
        return literal();
    }
    fail("a string expected");
    return {};
}

NString ResponseLexer::nstring()
{
    if (accept("NIL")) {
        return std::nullopt;
    }
    return string();
}

QByteArray ResponseLexer::astring()
{
    if (at("\"") || at("{")) {
        return string();
    }
    const auto start = m_position;
    while (ok() && !atEnd() && isAstringChar(m_text[m_position])) {
        ++m_position;
    }
    if (m_position == start) {
        fail("an astring expected");
    }
    return readFrom(start).toByteArray();
}

QByteArray ResponseLexer::atom()
{
    const auto start = m_position;
    while (ok() && !atEnd() && isAtomChar(m_text[m_position])) {
        ++m_position;
    }
    if (m_position == start) {
        fail("an atom expected");
    }
    return readFrom(start).toByteArray();
}

QByteArray ResponseLexer::quoted()
{
    QByteArray text;
    expect("\"");
    while (ok() && !accept("\"")) {
        if (atEnd()) {
            fail("a quoted string without an end");
            break;
        }
        char c = m_text[m_position];
        if (c == '\\') {
            ++m_position;
            c = atEnd() ? '\0' : m_text[m_position];
            if (c != '"' && c != '\\') {
                fail("a backslash before what needs none");
            }
        } else if (c == '\0' || c == '\r' || c == '\n' || isEightBit(c)) {
            fail("an octet that may not stand between quotes");
        }
        text.append(c);
        m_position += ok() ? 1 : 0;
    }
    return ok() ? text : QByteArray();
}

QByteArray ResponseLexer::literal()
{
    const auto octets = literalOctets();
    if (octets.contains('\0')) {
        fail("a NUL in a literal that ends here");
    }
    return ok() ? octets : QByteArray();
}

QByteArray ResponseLexer::literal8()
{
    expect("~");
    return literalOctets();
}

QByteArray ResponseLexer::literalOctets()
{
    expect("{");
    const auto size = number64();
    expect("}\r\n");
    if (ok() && size > static_cast<quint64>(m_text.size() - m_position)) {
        fail("a literal longer than the response");
    }
    if (!ok()) {
        return {};
    }
    const auto octets = m_text.sliced(m_position, static_cast<qsizetype>(size)).toByteArray();
    m_position += octets.size();
    return octets;
}

} // namespace Postnook::Grammar
