#pragma once

#include "storage/sqlite/migration.h"

namespace Postnook::Sqlite
{

// search.db: what SEARCH compares with, and where what is in it. Made anew from the mail whenever
// it cannot be trusted, so nothing in it is worth a migration. A new file is for texts of this
// version.
SchemaDefinition searchSchema(quint32 textVersion);

} // namespace Postnook::Sqlite
