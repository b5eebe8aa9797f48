#pragma once

#include "app/settings/settings.h"
#include "storage/result.h"

#include <QString>

#include <atomic>
#include <functional>

namespace Postnook
{

// What a command does with the mail of an account, over the control socket of the owner of the data
// folder. Runs in a thread of its own, where it may wait for files and for the server; `stop` is
// set when the person wants it to end.
using OwnerWork = std::function<void(const QString &controlSocket, const std::atomic<bool> &stop)>;

// Does the work through the process that owns the data folder, or as its owner for as long as it
// takes; either way by a control socket. `purpose` is what others are told meanwhile. Blocks, and
// minds Ctrl-C; for commands, once per process. An error means that the work was not begun.
Result<void>
runBesideOwner(const Settings &settings, const QString &purpose, const OwnerWork &work);

} // namespace Postnook
