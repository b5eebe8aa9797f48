#pragma once

#include "storage/sqlite/database.h"

#include <functional>

namespace Postnook::Sqlite
{

// Whether the trigrams of a search database know each text of it by all its parts, and by nothing
// else. Reads everything; `pause` is called now and then. The database is in a transaction. Pool
// thread. Corrupt.
Result<bool> trigramsFitTexts(Database &search, const std::function<void()> &pause);

} // namespace Postnook::Sqlite
