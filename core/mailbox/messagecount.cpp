#include "core/mailbox/messagecount.h"

namespace Postnook
{

Result<quint32> countMessages(ReadTxn &txn, MailboxId mailbox, const UidRanges &uids)
{
    quint32 count = 0;
    const auto counted = txn.forEachMessage(mailbox, uids, {}, false, [&count](const MessageRow &) {
        ++count;
        return true;
    });
    return counted ? Result<quint32>(count) : counted.error();
}

} // namespace Postnook
