#include "core/session/commandhead.h"

#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// Longer tags are no client's; they would be echoed in every reply.
constexpr qsizetype MaxTagBytes = 256;

} // namespace

bool CommandHead::hasTag() const
{
    if (tag.isEmpty() || tag.size() > MaxTagBytes) {
        return false;
    }
    return std::all_of(tag.begin(), tag.end(), [](char c) {
        const bool isPlain = c > 0x20 && c < 0x7f;
        return isPlain && !QByteArrayView("+(){%*\"\\").contains(c);
    });
}

CommandHead readCommandHead(TokenCursor &cursor)
{
    CommandHead head;
    head.tag = cursor.word().toByteArray();
    if (!cursor.trySpace()) {
        return head;
    }
    head.name = cursor.word().toByteArray().toUpper();
    if (head.name == "UID" && cursor.trySpace()) {
        head.name += ' ' + cursor.word().toByteArray().toUpper();
    }
    return head;
}

} // namespace Postnook
