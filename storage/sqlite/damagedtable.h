#pragma once

#include "storage/sqlite/database.h"

#include <functional>

namespace Postnook::Sqlite
{

// Reads what can be read of a table with an integer key whose pages may be damaged. `rows` is a
// query with the key in its first column: "… WHERE key >= ?1 ORDER BY key"; `seek` is the same of
// the key alone, and reads the table itself, as no index knows of its damage. Calls `visit` for
// each row; where rows cannot be read it goes on at the next that can. How many such gaps there
// were, or what kept it from reading at all (not Corrupt: a disk that does not answer is no reason
// to give mail up). Pool thread.
Result<int> readDamagedTable(Database &database,
                             Sql rows,
                             Sql seek,
                             const std::function<Result<void>(const Statement &)> &visit);

// The same of a table without an integer key: from both ends, `forward` and `backward`. A row may
// come twice.
Result<int> readDamagedEnds(Database &database,
                            Sql forward,
                            Sql backward,
                            const std::function<Result<void>(const Statement &)> &visit);

} // namespace Postnook::Sqlite
