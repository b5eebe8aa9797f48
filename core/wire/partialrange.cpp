#include "core/wire/partialrange.h"

#include <algorithm>

namespace Postnook
{

PartialRange::Slice PartialRange::sliceOf(qsizetype count) const
{
    const auto begin = std::min<qsizetype>(first - 1, count);
    const auto end = std::min<qsizetype>(last, count);
    return {fromEnd ? count - end : begin, end - begin};
}

PartialRange parsePartialRange(TokenCursor &cursor)
{
    PartialRange range;
    const auto before = cursor.rest();
    range.fromEnd = cursor.tryChar('-');
    const auto one = cursor.nzNumber();
    cursor.expectChar(':');
    if (range.fromEnd) {
        cursor.expectChar('-');
    }
    const auto other = cursor.nzNumber();
    range.first = std::min(one, other);
    range.last = std::max(one, other);
    range.sent = before.first(before.size() - cursor.rest().size()).toByteArray();
    return range;
}

} // namespace Postnook
