#include "core/mime/headerfields.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

// Size of the first line with its end; all of it when there is no end.
qsizetype lineSize(QByteArrayView text)
{
    const auto end = text.indexOf('\n');
    return end < 0 ? text.size() : end + 1;
}

QByteArrayView withoutLineEnd(QByteArrayView line)
{
    if (line.endsWith('\n')) {
        line.chop(1);
        if (line.endsWith('\r')) {
            line.chop(1);
        }
    }
    return line;
}

// The name before the colon at `colon`, or nothing when it is none (RFC 5322 3.6.8 ftext).
QByteArrayView fieldName(QByteArrayView line, qsizetype colon)
{
    if (colon <= 0) {
        return {};
    }
    auto name = line.first(colon);
    while (!name.isEmpty() && isBlank(name.back())) {
        name.chop(1);
    }
    const bool valid =
        std::all_of(name.begin(), name.end(), [](char c) { return c > 32 && c < 127; });
    return valid ? name : QByteArrayView();
}

} // namespace

bool HeaderReader::next(HeaderField &field)
{
    if (m_rest.isEmpty() || m_rest.startsWith('\n') || m_rest.startsWith("\r\n")) {
        return false;
    }
    auto size = lineSize(m_rest);
    const auto firstLine = m_rest.first(size);
    while (size < m_rest.size() && isBlank(m_rest[size])) {
        size += lineSize(m_rest.sliced(size));
    }
    field.whole = m_rest.first(size);
    m_rest = m_rest.sliced(size);

    const auto colon = firstLine.indexOf(':');
    field.name = fieldName(firstLine, colon);
    const auto text = withoutLineEnd(field.whole);
    field.value = field.name.isEmpty() ? text : text.sliced(colon + 1);
    return true;
}

QByteArray unfolded(QByteArrayView value)
{
    value = trimmed(value);
    QByteArray result;
    result.reserve(value.size());
    while (!value.isEmpty()) {
        const auto size = lineSize(value);
        result.append(withoutLineEnd(value.first(size)));
        value = value.sliced(size);
    }
    return result;
}

bool isSameName(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && qstrnicmp(a.data(), a.size(), b.data(), b.size()) == 0;
}

QByteArrayView trimmed(QByteArrayView text)
{
    while (!text.isEmpty() && isBlankOrLineEnd(text.front())) {
        text = text.sliced(1);
    }
    while (!text.isEmpty() && isBlankOrLineEnd(text.back())) {
        text.chop(1);
    }
    return text;
}

} // namespace Postnook::Mime
