#pragma once

#include "storage/store.h"

#include <QList>

namespace Postnook
{

// What a client that knows a mailbox as of a MODSEQ asks for (RFC 7162 3.1.4.1, 3.2.5, 3.2.6).
struct ResyncQuery {
    MailboxId mailbox;
    ModSeq since;
    UidRanges changed = {}; // of these it wants to hear where they are new or changed,
    UidRanges vanished = {}; // and of these where they are gone
    QList<Uid> viewUids; // what the client's session shows: no message of it has vanished
    Uid uidNext; // of the session's view: what came later the client does not know
};

struct Resync {
    QList<Uid> changed; // messages of the view that are new or changed since; ascending
    UidRanges vanished; // UIDs that are no longer, or never were, in the mailbox
};

// Complete at any rate: where the history does not reach back so far, all UIDs that are asked
// for and not there have vanished. Pool thread. NotFound.
Result<Resync> resyncSince(ReadTxn &txn, const ResyncQuery &query);

} // namespace Postnook
