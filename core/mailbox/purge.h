#pragma once

#include "storage/store.h"

namespace Postnook
{

// Messages that have been in a mailbox for longer than they are to stay there.
struct OldMail {
    MailboxId mailbox;
    MailboxName name;
    SpecialUse use = SpecialUse::None;
    QList<Uid> uids; // ascending
};

// Of the mailboxes with this use those that came into it (RFC 8514) at `untilUtc` or before, in
// seconds since 1970. Mailboxes below have no part in it: the messages of one that was put there
// are as old as they were. What came while the clock had lost the time stays. Pool thread.
Result<QList<OldMail>> findOldMail(ReadTxn &txn, SpecialUse use, qint64 untilUtc);

// Expunges the messages; how many that were. None of a mailbox that has the use no longer. They
// stay for undelete. Pool thread.
Result<qint64> purgeOldMail(WriteTxn &txn, const OldMail &old);

} // namespace Postnook
