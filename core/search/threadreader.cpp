#include "core/search/threadreader.h"

#include "core/search/collation.h"
#include "core/wire/sequenceset.h"

#include <QHash>

namespace Postnook
{

namespace
{

constexpr qsizetype RowsBetweenOthers = 1000;

}

Result<QList<ThreadMessage>>
readThreadMessages(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids)
{
    QList<ThreadMessage> messages;
    messages.reserve(uids.size());
    const MessageColumns columns =
        MessageColumn::ThreadKeys | MessageColumn::SortKeys | MessageColumn::Dates;
    const auto read =
        txn.forEachMessage(mailbox, toUidRanges(uids), columns, true, [&](const MessageRow &row) {
            messages.append({.number = row.uid.value,
                             .messageId = row.meta.messageId,
                             .references = row.meta.references,
                             .subject = collationKey(QString::fromUtf8(row.meta.baseSubject)),
                             .isReply = row.meta.isReply,
                             .sentUtc = row.meta.sentDate.value_or(row.internalDate).secondsUtc});
            if (messages.size() % RowsBetweenOthers == 0) {
                txn.letOthersRun();
            }
            return !txn.isCancelled();
        });
    if (!read) {
        return read.error();
    }
    if (txn.isCancelled()) {
        return Error{ErrorCode::Cancelled, {}};
    }
    return messages;
}

} // namespace Postnook
