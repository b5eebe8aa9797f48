#include "core/mailbox/purge.h"

#include "core/wire/sequenceset.h"
#include "storage/limits.h"
#include "storage/turns.h"

namespace Postnook
{

Result<QList<OldMail>> findOldMail(ReadTxn &txn, SpecialUse use, qint64 untilUtc)
{
    const auto mailboxes = txn.mailboxes();
    if (!mailboxes) {
        return mailboxes.error();
    }
    QList<OldMail> found;
    for (const auto &[info, isSubscribed] : *mailboxes) {
        if (info.specialUse != use) {
            continue;
        }
        OldMail old{info.id, info.name, use, {}};
        Turns turns(txn);
        const auto visit = [&](const MessageRow &row) {
            if (row.saveDateUtc >= EarliestClock && row.saveDateUtc <= untilUtc) {
                old.uids.append(row.uid);
            }
            turns.step();
            return true;
        };
        const auto read =
            txn.forEachMessage(info.id, {{Uid(1), MaxUid}}, MessageColumn::Dates, false, visit);
        if (!read) {
            return read.error();
        }
        if (!old.uids.isEmpty()) {
            found.append(std::move(old));
        }
    }
    return found;
}

Result<qint64> purgeOldMail(WriteTxn &txn, const OldMail &old)
{
    const auto mailbox = txn.mailbox(old.mailbox);
    if (!mailbox && mailbox.error().code != ErrorCode::NotFound) {
        return mailbox.error();
    }
    if (!mailbox || mailbox->specialUse != old.use) {
        return 0;
    }
    const auto uids = toUidRanges(old.uids);
    const auto marked =
        txn.storeFlags(old.mailbox, uids, FlagChange::Add, {SystemFlag::Deleted, {}}, std::nullopt);
    if (!marked) {
        return marked.error();
    }
    return txn.expunge(old.mailbox, uids).transform([](const QList<Uid> &gone) {
        return static_cast<qint64>(gone.size());
    });
}

} // namespace Postnook
