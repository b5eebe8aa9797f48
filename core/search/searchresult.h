#pragma once

#include "core/wire/tokencursor.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>

namespace Postnook
{

// What a SEARCH is to give back (RFC 4731 3.1, RFC 5182 2.1).
struct SearchReturn {
    bool isExtended = false; // RETURN was there: ESEARCH instead of SEARCH
    bool min = false;
    bool max = false;
    bool all = false;
    bool count = false;
    bool save = false;
};

// An optional "RETURN (…) " in front of the criteria; unknown options fail the cursor.
SearchReturn parseSearchReturn(TokenCursor &cursor);

// The SEARCH or ESEARCH response, "" where RETURN (SAVE) asks for none. `viewUids` gives the
// message numbers. All ascending; linear in the hits.
QByteArray formatSearchResult(const SearchReturn &wanted,
                              const QByteArray &tag,
                              bool byUid,
                              const QList<Uid> &hits,
                              const QList<Uid> &viewUids);

// What "$" stands for after a search with SAVE (RFC 5182 2.4).
QList<Uid> savedResult(const SearchReturn &wanted, const QList<Uid> &hits);

} // namespace Postnook
