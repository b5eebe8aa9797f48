#pragma once

#include "syncclient.h"

#include <functional>

namespace Postnook
{

// What happens next. Its numbers choose among what there is at that moment, so that a history with
// steps left out is a history too.
struct SyncStep {
    enum class Kind {
        Synchronise, // connects first, if it must
        Drop, // hangs up, also between a command and its reply
        Close,
        Unselect,
        Append,
        Store,
        Expunge,
        UidExpunge,
        Copy,
        Move,
        Create,
        Rename,
        Idle,
        Noop,
        Fetch,
        Search,
        Turn, // the server goes on a little, nothing is waited for
        Settle, // until nothing is on its way
        Compare, // and all clients that have a mailbox open are right
        Restart,
        Clean, // the clock goes on; what is expunged is forgotten
    };

    Kind kind = Kind::Noop;
    int client = 0;
    bool waits = false;
    quint32 a = 0;
    quint32 b = 0;
    quint32 c = 0;
};

struct SyncHistory {
    QList<SyncMode> clients;
    QList<SyncStep> steps;
};

SyncHistory randomSyncHistory(quint32 seed);

// Leaves out steps as long as it still fails. `fails` plays a history.
SyncHistory shrinkSyncHistory(SyncHistory history,
                              const std::function<bool(const SyncHistory &)> &fails);

} // namespace Postnook
