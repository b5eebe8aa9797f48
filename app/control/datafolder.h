#pragma once

#include "storage/result.h"

#include <QString>

namespace Postnook
{

// Makes the folder (and those above it) if it is not there, for its owner only. An error says what
// stands in the way of writing there.
Result<void> ensureDataFolder(const QString &path);

// Whether the server's database can be written, if it is there: SQLite would open it for reading
// only, and leave files beside it that keep it so. The error names the file.
Result<void> writableDatabase(const QString &dataFolder);

// For commands that work on what is there: they must not leave an empty folder behind at a mistyped
// place. Unavailable when it is not there.
Result<void> existingDataFolder(const QString &path);

} // namespace Postnook
