#pragma once

#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"
#include "storage/types.h"

#include <optional>

namespace Postnook
{

// What a client says it knows of a mailbox (RFC 7162 3.2.5): "(67890007 20050715194045000 41:211
// (5000,7500 15000,22500))".
struct QResyncParameter {
    UidValidity uidValidity;
    ModSeq since;
    std::optional<SequenceSet> known; // UIDs; none: all there may be
    // A sample: message numbers and the UIDs they stood for, both ascending.
    std::optional<std::pair<SequenceSet, SequenceSet>> sample;
};

// The cursor stands at the parenthesis. Sets with '*' and samples that do not match fail it.
QResyncParameter parseQResyncParameter(TokenCursor &cursor);

// The UIDs it is about, below the mailbox's next one.
UidRanges knownUids(const QResyncParameter &parameter, Uid uidNext);

// What of the vanished UIDs the client cannot know by its sample: up to the last pair in front of
// the first that does not match the mailbox, it knows of all expunges (RFC 7162 3.2.5.2).
UidRanges vanishedUnknownTo(const QResyncParameter &parameter,
                            const UidRanges &vanished,
                            const QList<Uid> &viewUids);

} // namespace Postnook
