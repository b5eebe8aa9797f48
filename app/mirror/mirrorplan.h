#pragma once

#include "app/mirror/mirrorstate.h"

#include <QHash>
#include <QList>

namespace Postnook
{

// What a remote mailbox holds now.
struct RemoteContents {
    UidValidity validity;
    ModSeq modSeq; // 0: the server does not say
    QList<Uid> uids; // all, ascending
    QHash<Uid, MessageFlags> flags; // of all, or of those that have changed and of new ones
};

// Flags that copies get and lose; what the person has set in the copy beside them stays.
struct FlagDifference {
    MessageFlags added;
    MessageFlags removed;
    QList<Uid> copies; // local UIDs, ascending

    friend bool operator==(const FlagDifference &, const FlagDifference &) = default;
};

// What there is to do so that the copy has what the remote mailbox has.
struct MirrorPlan {
    QList<Uid> fresh; // remote UIDs to be fetched, ascending
    QList<FlagDifference> flagChanges;
    QList<Uid> gone; // remote UIDs that are remembered and not there any more, ascending

    friend bool operator==(const MirrorPlan &, const MirrorPlan &) = default;
};

// Pure. `remembered` is of the same UIDVALIDITY, or says nothing.
MirrorPlan planMirror(const MirrorState &remembered, const RemoteContents &remote);

// The state once the flags of the plan are followed: what the remote messages have now.
void rememberFlags(const RemoteContents &remote, MirrorState *state);

// By which flags `to` differs from `from`, without regard to the case of keywords.
FlagDifference flagDifference(const MessageFlags &from, const MessageFlags &to);
bool isNothing(const FlagDifference &change);

} // namespace Postnook
