#include "core/mailbox/resync.h"

#include "core/wire/sequenceset.h"

#include <algorithm>

namespace Postnook
{

namespace
{

bool isIn(const QList<Uid> &ascending, Uid uid)
{
    return std::binary_search(ascending.begin(), ascending.end(), uid);
}

// What of the ranges, up to `last`, is none of the UIDs.
UidRanges without(const UidRanges &ranges, const QList<Uid> &uids, Uid last)
{
    UidRanges rest;
    for (const UidRange &range : ranges) {
        auto next = range.first;
        const auto end = std::min(range.last, last);
        for (auto it = std::lower_bound(uids.begin(), uids.end(), range.first);
             it != uids.end() && *it <= end;
             ++it) {
            if (next < *it) {
                rest.append({next, Uid(it->value - 1)});
            }
            next = Uid(it->value + 1);
        }
        if (next <= end) {
            rest.append({next, end});
        }
    }
    return rest;
}

} // namespace

Result<Resync> resyncSince(ReadTxn &txn, const ResyncQuery &query)
{
    const auto changes = txn.changesSince(query.mailbox, query.since);
    if (!changes) {
        return changes.error();
    }
    Resync resync;
    for (const ChangedMessage &message : changes->changed) {
        if (contains(query.changed, message.uid) && isIn(query.viewUids, message.uid)) {
            resync.changed.append(message.uid);
        }
    }
    if (query.vanished.isEmpty()) {
        return resync;
    }
    if (!changes->complete) {
        const auto uids = txn.uids(query.mailbox);
        if (!uids) {
            return uids.error();
        }
        const auto last = Uid(query.uidNext.value - 1);
        resync.vanished = without(query.vanished, united(query.viewUids, *uids), last);
        return resync;
    }
    QList<Uid> vanished;
    for (const ExpungedMessage &message : changes->expunged) {
        if (contains(query.vanished, message.uid) && !isIn(query.viewUids, message.uid)
            && message.uid < query.uidNext) {
            vanished.append(message.uid);
        }
    }
    resync.vanished = toUidRanges(vanished);
    return resync;
}

} // namespace Postnook
