#pragma once

#include "storage/sqlite/database.h"

#include <functional>
#include <vector>

namespace Postnook::Sqlite
{

using Migration = std::function<Result<void>(Database &)>;

// What a kind of database file is made of. Step n brings a file from version n to n + 1; steps are
// never changed once released.
struct SchemaDefinition {
    QString what; // "mail database", for people
    qint32 applicationId = 0; // PRAGMA application_id
    std::vector<Migration> steps;
};

// Brings the file to the newest version, each step in one transaction. Refuses, in words, a file
// that is not of this kind or that a newer version made (NotPermitted).
Result<void> migrate(Database &database, const SchemaDefinition &schema);

} // namespace Postnook::Sqlite
