#pragma once

#include "core/search/threadbuilder.h"
#include "storage/store.h"

#include <QList>

namespace Postnook
{

// What threads are made of, for these messages (ascending UIDs), in that order. `number` is left to
// be the UID. From what is stored with the messages, none of which is opened. Pool thread.
// Cancelled.
Result<QList<ThreadMessage>>
readThreadMessages(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids);

} // namespace Postnook
