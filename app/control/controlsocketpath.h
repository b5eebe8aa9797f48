#pragma once

#include "storage/result.h"

#include <QString>

namespace Postnook
{

// Where the owner of a data folder listens for control requests. On Unix a socket in the folder
// when its path fits into sockaddr_un (104 bytes on macOS, 108 on Linux), else one named after the
// folder in a private runtime folder, which is made. On Windows the name of a pipe, a new one each
// time. Those who ask learn it from the lock file.
Result<QString> controlSocketPath(const QString &dataDir);

} // namespace Postnook
