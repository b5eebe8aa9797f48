#include "core/mime/messagescanner.h"

#include "core/mime/headerfields.h"

#include <optional>

namespace Postnook::Mime
{

namespace
{

// Copies a stored BODYSTRUCTURE as IMAP4rev1 wants it, with or without its extension data. What it
// reads comes from the writer beside it, yet it checks every step: the bytes come back from a disk.
class BodyReducer
{
public:
    enum class Extensions { Keep, Drop };

    BodyReducer(QByteArrayView structure, Extensions extensions)
        : m_text(structure)
        , m_extensions(extensions)
    {
        m_out.reserve(structure.size());
    }

    bool copyBody(int depth = 0);
    bool atEnd() const { return m_position == m_text.size(); }
    QByteArray result() const { return m_out; }

private:
    char peek() const { return m_position < m_text.size() ? m_text[m_position] : '\0'; }
    bool copy(char c);
    // Past a string, a literal, an atom, or a list of such.
    bool skipValue();
    bool skipString();
    QByteArrayView copyValue();
    bool copyValues(int count);
    bool copyMessage(int depth);
    bool finishBody();

    QByteArrayView m_text;
    Extensions m_extensions;
    qsizetype m_position = 0;
    QByteArray m_out;
};

bool BodyReducer::copy(char c)
{
    if (peek() != c) {
        return false;
    }
    ++m_position;
    m_out.append(c);
    return true;
}

bool BodyReducer::skipString()
{
    if (peek() == '"') {
        for (++m_position; peek() != '"'; ++m_position) {
            m_position += peek() == '\\' ? 1 : 0;
            if (m_position >= m_text.size()) {
                return false;
            }
        }
        ++m_position;
        return true;
    }
    const auto close = m_text.indexOf('}', m_position);
    bool isNumber = false;
    const auto size = close < 0
        ? 0
        : m_text.sliced(m_position + 1, close - m_position - 1).toByteArray().toLongLong(&isNumber);
    constexpr qsizetype HeadEnd = 3; // "}" CR LF
    if (!isNumber || size < 0 || size > m_text.size() - close - HeadEnd) {
        return false;
    }
    m_position = close + HeadEnd + size;
    return true;
}

bool BodyReducer::skipValue()
{
    qsizetype depth = 0;
    do {
        const char c = peek();
        if (m_position >= m_text.size()) {
            return false;
        }
        if (c == '"' || c == '{') {
            if (!skipString()) {
                return false;
            }
        } else if (c == '(' || c == ')' || c == ' ') {
            depth += c == '(' ? 1 : 0;
            depth -= c == ')' ? 1 : 0;
            ++m_position;
        } else {
            while (m_position < m_text.size() && !QByteArrayView("() \"{").contains(peek())) {
                ++m_position;
            }
        }
    } while (depth > 0);
    return depth == 0;
}

QByteArrayView BodyReducer::copyValue()
{
    const auto start = m_position;
    if (!skipValue()) {
        return {};
    }
    const auto value = m_text.sliced(start, m_position - start);
    m_out.append(value);
    return value;
}

bool BodyReducer::copyValues(int count)
{
    for (; count > 0; --count) {
        if (!copy(' ') || copyValue().isEmpty()) {
            return false;
        }
    }
    return true;
}

// The extension data, and the end.
bool BodyReducer::finishBody()
{
    while (peek() == ' ') {
        const auto start = m_position++;
        if (!skipValue()) {
            return false;
        }
        if (m_extensions == Extensions::Keep) {
            m_out.append(m_text.sliced(start, m_position - start));
        }
    }
    return copy(')');
}

// Envelope, body and lines of the message in a message part.
bool BodyReducer::copyMessage(int depth)
{
    return copyValues(1) && copy(' ') && copyBody(depth + 1) && copyValues(1);
}

bool BodyReducer::copyBody(int depth)
{
    if (depth > MaxDepth || !copy('(')) {
        return false;
    }
    if (peek() == '(') {
        while (peek() == '(') {
            if (!copyBody(depth + 1)) {
                return false;
            }
        }
        return copyValues(1) && finishBody();
    }
    const auto type = copyValue();
    const auto subtype = copy(' ') ? copyValue() : QByteArrayView();
    constexpr int FieldsUpToSize = 5; // parameters, id, description, encoding, size
    if (type.isEmpty() || subtype.isEmpty() || !copyValues(FieldsUpToSize)) {
        return false;
    }
    if (isSameName(type, "\"message\"") && m_text.sliced(m_position).startsWith(" (")) {
        const auto written = m_out.size();
        if (!copyMessage(depth)) {
            return false;
        }
        if (isSameName(subtype, "\"global\"")) {
            m_out.truncate(written); // RFC 3501 section 9: body-type-msg is MESSAGE/RFC822 alone
        }
        return finishBody();
    }
    return (!isSameName(type, "\"text\"") || copyValues(1)) && finishBody();
}

QByteArray reduced(QByteArrayView bodyStructure, BodyReducer::Extensions extensions)
{
    BodyReducer reducer(bodyStructure, extensions);
    return reducer.copyBody() && reducer.atEnd() ? reducer.result() : bodyStructure.toByteArray();
}

} // namespace

QByteArray bodyWithoutExtensions(QByteArrayView bodyStructure)
{
    return reduced(bodyStructure, BodyReducer::Extensions::Drop);
}

QByteArray bodyStructureForRev1(const QByteArray &bodyStructure)
{
    if (!bodyStructure.toLower().contains("\"global\"")) {
        return bodyStructure;
    }
    return reduced(bodyStructure, BodyReducer::Extensions::Keep);
}

} // namespace Postnook::Mime
