#pragma once

#include "core/wire/tokencursor.h"

#include <QByteArray>

namespace Postnook
{

// RFC 9394 partial-range: "1:500", the first of a list of results, or "-1:-100", the last.
struct PartialRange {
    quint32 first = 1; // counted from 1, from the end if fromEnd; not above last
    quint32 last = 1;
    bool fromEnd = false;
    QByteArray sent; // as the client wrote it, for the answer

    // Where it begins and how many it names in a list of `count`, counted from 0.
    struct Slice {
        qsizetype begin = 0;
        qsizetype size = 0;
    };
    Slice sliceOf(qsizetype count) const;

    friend bool operator==(const PartialRange &, const PartialRange &) = default;
};

PartialRange parsePartialRange(TokenCursor &cursor);

} // namespace Postnook
