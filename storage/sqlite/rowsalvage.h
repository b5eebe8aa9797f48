#pragma once

#include "storage/sqlite/lostrows.h"

namespace Postnook::Sqlite
{

// Copies what can be read of a mail database into a new one, and brings its counters and numbers in
// order: see salvageMail(). Commits now and then, and at the end.
Result<RepairReport>
salvageRows(const SalvageParts &parts, Database &from, LostRows &lost, Database &to);

} // namespace Postnook::Sqlite
