#include "core/mime/parameters.h"

#include "core/mime/headerfields.h"
#include "core/mime/rfc2231.h"

#include <utility>

namespace Postnook::Mime
{

namespace
{

// Reads ahead, in the parameters of one field. Where comments stand one behind the other that is
// the field once at most. Hostile ones that each reach over all the values behind them would make
// it the field for each: those past the bound are taken for text.
class CommentTester
{
public:
    explicit CommentTester(const FieldCursor &field)
        : m_left(4 * field.left())
    {
    }

    // At '(': is it a comment, or part of a value that nobody quoted, as in "name=file(1).pdf"? A
    // comment ends the value.
    bool isTrailing(FieldCursor cursor)
    {
        if (m_left <= 0) {
            return false;
        }
        m_left -= cursor.left();
        cursor.skipCfws();
        m_left += cursor.left();
        return cursor.atEnd() || cursor.at(';');
    }

private:
    qsizetype m_left; // octets
};

QByteArray unquotedValue(FieldCursor &cursor, CommentTester &comments)
{
    QByteArray text;
    bool triedComment = false; // once a value is enough
    while (!cursor.atEnd() && !cursor.at(';')) {
        if (cursor.at('(') && !std::exchange(triedComment, true) && comments.isTrailing(cursor)) {
            cursor.skipCfws();
            break;
        }
        if (!cursor.at('"')) {
            text.append(cursor.peek());
        }
        cursor.advance();
    }
    return trimmed(text).toByteArray();
}

QByteArray readValue(FieldCursor &cursor, CommentTester &comments)
{
    cursor.skipCfws();
    if (cursor.at('"')) {
        if (auto text = cursor.quotedString()) {
            return *std::move(text);
        }
    }
    return unquotedValue(cursor, comments);
}

void skipToSemicolon(FieldCursor &cursor)
{
    for (;;) {
        cursor.skipCfws();
        if (cursor.atEnd() || cursor.at(';')) {
            return;
        }
        if (!cursor.at('"') || !cursor.quotedString()) {
            cursor.advance();
        }
    }
}

} // namespace

Parameters parseParameters(FieldCursor &cursor)
{
    Parameters raw;
    CommentTester comments(cursor);
    while (raw.size() < MaxParameters) {
        skipToSemicolon(cursor);
        if (!cursor.accept(';')) {
            break;
        }
        cursor.skipCfws();
        const auto name = cursor.run("=;\"(").toByteArray();
        cursor.skipCfws();
        if (!name.isEmpty() && cursor.accept('=')) {
            raw.append({name, readValue(cursor, comments)});
        }
    }
    return joinSections(raw);
}

QByteArray parameterValue(const Parameters &parameters, QByteArrayView name)
{
    for (const auto &parameter : parameters) {
        if (isSameName(parameter.name, name)) {
            return parameter.value.isNull() ? QByteArray("") : parameter.value;
        }
    }
    return {};
}

} // namespace Postnook::Mime
