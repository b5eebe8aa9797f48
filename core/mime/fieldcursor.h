#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook::Mime
{

// A position in the unfolded value of a structured header field, with the lexical elements of
// RFC 5322 3.2. Never moves past the end; every way through a value is linear in its size.
class FieldCursor
{
public:
    explicit FieldCursor(QByteArrayView text)
        : m_text(text)
    {
    }

    bool atEnd() const { return m_position >= m_text.size(); }
    qsizetype left() const { return m_text.size() - m_position; }
    char peek() const { return atEnd() ? '\0' : m_text[m_position]; }
    bool at(char c) const { return !atEnd() && m_text[m_position] == c; }
    void advance() { m_position += atEnd() ? 0 : 1; }
    bool accept(char c);

    // Blanks, and line ends that unfolding left (a bare CR). True when there were any.
    bool skipBlanks();
    // Blanks and comments. The text of the last comment goes to *comment when given.
    bool skipCfws(QByteArray *comment = nullptr);
    // At '(': the text between the parentheses, quoting removed, nested ones kept. One that is
    // not closed reaches to the end.
    QByteArray comment();
    // At '"': the text between the quotes, quoting removed. nullopt, and nothing moved, when it
    // is not closed.
    std::optional<QByteArray> quotedString();
    // Characters up to one of `delimiters`, a blank or a control; maybe none.
    QByteArrayView run(QByteArrayView delimiters);

private:
    QByteArrayView m_text;
    qsizetype m_position = 0;
    bool m_quotesOpen = false; // a quote was seen that is not closed: no later one can be
};

} // namespace Postnook::Mime
