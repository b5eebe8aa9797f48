#include "core/mime/fieldcursor.h"

#include "core/mime/headerfields.h"

namespace Postnook::Mime
{

bool FieldCursor::accept(char c)
{
    if (!at(c)) {
        return false;
    }
    ++m_position;
    return true;
}

bool FieldCursor::skipBlanks()
{
    const auto before = m_position;
    while (!atEnd() && isBlankOrLineEnd(m_text[m_position])) {
        ++m_position;
    }
    return m_position != before;
}

bool FieldCursor::skipCfws(QByteArray *lastComment)
{
    bool any = skipBlanks();
    while (at('(')) {
        auto text = comment();
        if (lastComment) {
            *lastComment = std::move(text);
        }
        skipBlanks();
        any = true;
    }
    return any;
}

QByteArray FieldCursor::comment()
{
    QByteArray text;
    qsizetype depth = 0; // counted, not recursed: comments nest as deep as the sender likes
    for (; !atEnd(); ++m_position) {
        char c = m_text[m_position];
        if (c == '(') {
            if (depth++ == 0) {
                continue;
            }
        } else if (c == ')') {
            if (--depth == 0) {
                ++m_position;
                break;
            }
        } else if (c == '\\' && m_position + 1 < m_text.size()) {
            c = m_text[++m_position];
        }
        text.append(c);
    }
    return trimmed(text).toByteArray();
}

std::optional<QByteArray> FieldCursor::quotedString()
{
    if (m_quotesOpen) {
        return std::nullopt;
    }
    QByteArray text;
    for (auto i = m_position + 1; i < m_text.size(); ++i) {
        if (m_text[i] == '"') {
            m_position = i + 1;
            return text;
        }
        if (m_text[i] == '\\' && i + 1 < m_text.size()) {
            ++i;
        }
        text.append(m_text[i]);
    }
    m_quotesOpen = true;
    return std::nullopt;
}

QByteArrayView FieldCursor::run(QByteArrayView delimiters)
{
    const auto start = m_position;
    while (!atEnd()) {
        const char c = m_text[m_position];
        const auto code = static_cast<unsigned char>(c);
        if (code <= ' ' || code == 0x7f || delimiters.contains(c)) {
            break;
        }
        ++m_position;
    }
    return m_text.sliced(start, m_position - start);
}

} // namespace Postnook::Mime
