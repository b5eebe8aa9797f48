#pragma once

#include "storage/result.h"

#include <QString>

namespace Postnook
{

// Makes the folder (and those above it) if it is not there, for its owner only. An error says what
// stands in the way.
Result<void> ensureDataFolder(const QString &path);

// For commands that work on what is there: they must not leave an empty folder behind at a mistyped
// place. Unavailable when it is not there.
Result<void> existingDataFolder(const QString &path);

} // namespace Postnook
