#include "core/mime/parameters.h"

#include "core/mime/headerfields.h"
#include "core/mime/rfc2231.h"

#include <utility>

namespace Postnook::Mime
{

namespace
{

// At '(': is it a comment, or part of a value that nobody quoted, as in "name=file(1).pdf"? A
// comment ends the value.
bool isTrailingComment(FieldCursor cursor)
{
    cursor.skipCfws();
    return cursor.atEnd() || cursor.at(';');
}

QByteArray unquotedValue(FieldCursor &cursor)
{
    QByteArray text;
    bool triedComment = false; // once is enough, and keeps this linear
    while (!cursor.atEnd() && !cursor.at(';')) {
        if (cursor.at('(') && !std::exchange(triedComment, true) && isTrailingComment(cursor)) {
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

QByteArray readValue(FieldCursor &cursor)
{
    cursor.skipCfws();
    if (cursor.at('"')) {
        if (auto text = cursor.quotedString()) {
            return *std::move(text);
        }
    }
    return unquotedValue(cursor);
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
    while (raw.size() < MaxParameters) {
        skipToSemicolon(cursor);
        if (!cursor.accept(';')) {
            break;
        }
        cursor.skipCfws();
        const auto name = cursor.run("=;\"(").toByteArray();
        cursor.skipCfws();
        if (!name.isEmpty() && cursor.accept('=')) {
            raw.append({name, readValue(cursor)});
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
