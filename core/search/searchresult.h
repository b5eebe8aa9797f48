#pragma once

#include "core/commands/fetchitems.h"
#include "core/search/relevancy.h"
#include "core/search/searchevaluator.h"
#include "core/wire/mailboxnames.h"
#include "core/wire/partialrange.h"
#include "core/wire/tokencursor.h"
#include "storage/store.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace Postnook
{

// What a SEARCH is to give back (RFC 4731 3.1, RFC 5182 2.1, RFC 5267 4, RFC 6203 4, RFC 9394 3.1).
struct SearchReturn {
    bool isExtended = false; // RETURN was there: ESEARCH instead of SEARCH
    bool min = false;
    bool max = false;
    bool all = false;
    bool count = false;
    bool save = false;
    bool update = false; // RFC 5267 4.3
    QList<FetchItem> updateItems = {}; // of new messages that join the result (RFC 5465 7)
    bool relevancy = false; // of what ALL or PARTIAL tell, else of all that was found
    bool context = false; // RFC 5267 4.2: no more than a hint
    std::optional<PartialRange> partial; // RFC 9394
};

// An optional "RETURN (…) " in front of the criteria; unknown options fail the cursor.
SearchReturn parseSearchReturn(TokenCursor &cursor);

// How much of the result of a search by mailbox order is told or saved.
SearchExtent extentOf(const SearchReturn &wanted);

// What a search has found, and for whom.
struct SearchOutcome {
    QByteArray tag;
    QByteArray mailboxCorrelators = {}; // what mailboxCorrelators() gives
    bool byUid = false;
    bool isSorted = false; // by SORT; else in mailbox order
    QList<Uid> hits; // in the order to be told
    QList<Uid> viewUids; // ascending; gives the message numbers
    Relevancies relevancies = {};
    std::optional<ModSeq> modSeq = {}; // where the client searched by MODSEQ (RFC 7162 3.1.6)
};

// What says of which mailbox an ESEARCH response is, behind its tag (RFC 7377 2.1).
QByteArray mailboxCorrelators(const MailboxInfo &mailbox, NameCoding coding);

// The SEARCH, SORT or ESEARCH response, "" where RETURN (SAVE) asks for none.
QByteArray formatSearchResult(const SearchReturn &wanted, const SearchOutcome &outcome);

// What "$" stands for after a search with SAVE (RFC 5182 2.4, RFC 9394 3.2), and what the MODSEQ of
// a result is that of (RFC 4731 3.2): of the hits in the order to be told, ascending.
QList<Uid> savedResult(const SearchReturn &wanted, const QList<Uid> &hits);

} // namespace Postnook
