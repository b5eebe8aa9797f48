#pragma once

#include "app/control/ownerlock.h"
#include "storage/result.h"

#include <QString>

#include <functional>

namespace Postnook
{

// Every command that touches mail goes through the process that owns the data folder, or is that
// process for its short life.
struct OwnerPaths {
    // Nobody owns the folder: here is its lock.
    std::function<void(OwnerLock)> own;
    // Somebody does, and announced this control socket. False when nobody listens there (yet).
    std::function<bool(const QString &controlSocket)> ask;
};

// Calls one of the two, after waiting for a while for an owner that is starting or ending.
// `purpose` is what others are told when this process becomes the owner. Blocks; for commands.
Result<void> reachOwner(const QString &dataDir, const QString &purpose, const OwnerPaths &paths);

} // namespace Postnook
