#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QMap>

namespace Postnook
{

// A message of the remote mailbox that has been dealt with.
struct MirroredMessage {
    Uid local; // its copy; 0: there is none any more, and none is wanted
    MessageFlags flags; // of the remote message, as last seen

    friend bool operator==(const MirroredMessage &, const MirroredMessage &) = default;
};

// What is remembered of a remote mailbox between two runs. It is stored with its copy, so that it
// is renamed, restored and deleted with it.
struct MirrorState {
    UidValidity remoteValidity; // 0: nothing is remembered
    UidValidity localValidity; // of the copy: with another one `local` means nothing
    ModSeq remoteModSeq; // up to it all changes were followed; 0: unknown
    bool isSubscribed = false; // there, as last seen
    QMap<Uid, MirroredMessage> messages; // by the remote UID

    friend bool operator==(const MirrorState &, const MirrorState &) = default;
};

// Compressed, 7-bit: 100,000 messages in some kilobytes mostly, as UIDs and flags come in runs.
QByteArray encodeMirrorState(const MirrorState &state);
// Invalid when it is no such state, or one of a later version.
Result<MirrorState> decodeMirrorState(const QByteArray &bytes);

// The copies there are, ascending.
QList<Uid> copiesOf(const MirrorState &state);

} // namespace Postnook
