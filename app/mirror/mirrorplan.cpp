#include "app/mirror/mirrorplan.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// In `a` and not in `b`.
QByteArrayList keywordsWithout(const QByteArrayList &a, const QByteArrayList &b)
{
    QByteArrayList left;
    std::copy_if(a.begin(), a.end(), std::back_inserter(left), [&b](const QByteArray &keyword) {
        return std::none_of(b.begin(), b.end(), [&keyword](const QByteArray &other) {
            return keyword.compare(other, Qt::CaseInsensitive) == 0;
        });
    });
    return left;
}

// One STORE for all copies to which the same happens.
void add(FlagDifference change, Uid copy, QList<FlagDifference> *changes)
{
    const auto same =
        std::find_if(changes->begin(), changes->end(), [&](const FlagDifference &other) {
            return other.added == change.added && other.removed == change.removed;
        });
    if (same == changes->end()) {
        change.copies = {copy};
        changes->append(std::move(change));
    } else {
        same->copies.append(copy);
    }
}

} // namespace

MirrorPlan planMirror(const MirrorState &remembered, const RemoteContents &remote)
{
    MirrorPlan plan;
    for (const Uid uid : remote.uids) {
        const auto known = remembered.messages.find(uid);
        if (known == remembered.messages.end()) {
            plan.fresh.append(uid);
            continue;
        }
        const auto flags = remote.flags.find(uid);
        if (known->local == Uid(0) || flags == remote.flags.end()) {
            continue;
        }
        FlagDifference change = flagDifference(known->flags, *flags);
        if (!isNothing(change)) {
            add(std::move(change), known->local, &plan.flagChanges);
        }
    }
    for (FlagDifference &change : plan.flagChanges) {
        std::sort(change.copies.begin(), change.copies.end());
    }
    for (auto it = remembered.messages.begin(); it != remembered.messages.end(); ++it) {
        if (!std::binary_search(remote.uids.begin(), remote.uids.end(), it.key())) {
            plan.gone.append(it.key());
        }
    }
    return plan;
}

void rememberFlags(const RemoteContents &remote, MirrorState *state)
{
    for (auto it = remote.flags.begin(); it != remote.flags.end(); ++it) {
        const auto known = state->messages.find(it.key());
        if (known != state->messages.end() && known->local != Uid(0)) {
            known->flags = *it;
        }
    }
}

FlagDifference flagDifference(const MessageFlags &from, const MessageFlags &to)
{
    FlagDifference change;
    change.added = {to.system & ~from.system, keywordsWithout(to.keywords, from.keywords)};
    change.removed = {from.system & ~to.system, keywordsWithout(from.keywords, to.keywords)};
    return change;
}

bool isNothing(const FlagDifference &change)
{
    return change.added == MessageFlags() && change.removed == MessageFlags();
}

} // namespace Postnook
