#pragma once

#include "storage/store.h"

namespace Postnook
{

// How many messages of the ranges there are. Pool thread.
Result<quint32> countMessages(ReadTxn &txn, MailboxId mailbox, const UidRanges &uids);

} // namespace Postnook
