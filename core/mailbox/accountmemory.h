#pragma once

#include "core/mailbox/mailboxsnapshots.h"
#include "storage/types.h"

#include <QHash>

#include <memory>

namespace Postnook
{

class KeyCache;

// What is known of accounts beyond their last session, as long as the process lives. Lives in the
// main thread; the key cache is for read jobs.
struct AccountMemory {
    // What is claimed as \\Recent, by mailbox: the first UID that nobody has claimed.
    using RecentClaims = QHash<MailboxId, Uid>;

    AccountMemory();
    ~AccountMemory();
    Q_DISABLE_COPY_MOVE(AccountMemory)

    // What the last session claimed may not be written yet when the next one reads.
    QHash<AccountId, RecentClaims> claims;
    MailboxSnapshots snapshots;
    const std::shared_ptr<KeyCache> keys; // of SORT and THREAD
};

} // namespace Postnook
