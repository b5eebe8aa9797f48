#include "core/mime/messagescanner.h"

#include "core/mime/headerfields.h"
#include "core/mime/rfc2231.h"
#include "core/wire/responsewriter.h"

#include <optional>

namespace Postnook::Mime
{

namespace
{

// Copies a stored BODYSTRUCTURE as a version of IMAP wants it, with or without its extension data.
// What it reads comes from the writer beside it, yet it checks every step: the bytes come back from
// a disk.
class BodyReducer
{
public:
    enum class Extensions { Keep, Drop };

    BodyReducer(QByteArrayView structure, ImapVersion version, Extensions extensions)
        : m_text(structure)
        , m_version(version)
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
    std::optional<QByteArray> readString();
    QByteArrayView copyValue();
    bool copyValues(int count);
    bool copyParameters();
    bool copyDisposition();
    bool copyMessage(int depth);
    bool copyExtension(int index, bool isMultipart);
    bool finishBody(bool isMultipart);

    QByteArrayView m_text;
    ImapVersion m_version;
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

// A quoted string or a literal, as the bytes it stands for.
std::optional<QByteArray> BodyReducer::readString()
{
    const auto start = m_position;
    if ((peek() != '"' && peek() != '{') || !skipString()) {
        return std::nullopt;
    }
    const auto written = m_text.sliced(start, m_position - start);
    if (written.startsWith('{')) {
        return written.sliced(written.indexOf('\n') + 1).toByteArray();
    }
    QByteArray text;
    for (qsizetype i = 1; i < written.size() - 1; ++i) {
        i += written[i] == '\\' ? 1 : 0;
        text.append(written[i]);
    }
    return text;
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

// NIL, or pairs of strings in parentheses.
bool BodyReducer::copyParameters()
{
    if (m_version == ImapVersion::Rev1 || peek() != '(') {
        return !copyValue().isEmpty();
    }
    copy('(');
    do {
        const auto name = readString();
        if (!name || peek() != ' ') {
            return false;
        }
        ++m_position;
        const auto value = readString();
        if (!value) {
            return false;
        }
        ResponseWriter(m_out).string(*name).space().string(
            name->endsWith('*') ? extendedInUtf8(*value) : *value);
    } while (copy(' '));
    return copy(')');
}

// NIL, or a type and its parameters.
bool BodyReducer::copyDisposition()
{
    if (peek() != '(') {
        return !copyValue().isEmpty();
    }
    return copy('(') && !copyValue().isEmpty() && copy(' ') && copyParameters() && copy(')');
}

bool BodyReducer::copyExtension(int index, bool isMultipart)
{
    switch (index) {
    case 0:
        return isMultipart ? copyParameters() : !copyValue().isEmpty(); // of a single part: MD5
    case 1:
        return copyDisposition();
    default:
        return !copyValue().isEmpty();
    }
}

// The extension data, and the end.
bool BodyReducer::finishBody(bool isMultipart)
{
    for (int index = 0; peek() == ' '; ++index) {
        if (m_extensions == Extensions::Keep) {
            if (!copy(' ') || !copyExtension(index, isMultipart)) {
                return false;
            }
        } else {
            ++m_position;
            if (!skipValue()) {
                return false;
            }
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
        return copyValues(1) && finishBody(true);
    }
    const auto type = copyValue();
    const auto subtype = copy(' ') ? copyValue() : QByteArrayView();
    constexpr int FieldsUpToSize = 4; // id, description, encoding, size
    if (type.isEmpty() || subtype.isEmpty() || !copy(' ') || !copyParameters()
        || !copyValues(FieldsUpToSize)) {
        return false;
    }
    if (isSameName(type, "\"message\"") && m_text.sliced(m_position).startsWith(" (")) {
        const auto written = m_out.size();
        if (!copyMessage(depth)) {
            return false;
        }
        if (m_version == ImapVersion::Rev1 && isSameName(subtype, "\"global\"")) {
            m_out.truncate(written); // RFC 3501 section 9: body-type-msg is MESSAGE/RFC822 alone
        }
        return finishBody(false);
    }
    return (!isSameName(type, "\"text\"") || copyValues(1)) && finishBody(false);
}

QByteArray
reduced(QByteArrayView bodyStructure, ImapVersion version, BodyReducer::Extensions extensions)
{
    BodyReducer reducer(bodyStructure, version, extensions);
    return reducer.copyBody() && reducer.atEnd() ? reducer.result() : bodyStructure.toByteArray();
}

} // namespace

QByteArray bodyFor(ImapVersion version, QByteArrayView bodyStructure)
{
    return reduced(bodyStructure, version, BodyReducer::Extensions::Drop);
}

QByteArray bodyStructureFor(ImapVersion version, const QByteArray &bodyStructure)
{
    const bool isTheSame = version == ImapVersion::Rev1
        ? !bodyStructure.toLower().contains("\"global\"")
        : !bodyStructure.contains('*');
    return isTheSame ? bodyStructure
                     : reduced(bodyStructure, version, BodyReducer::Extensions::Keep);
}

} // namespace Postnook::Mime
