#pragma once

#include "app/settings/settings.h"
#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

// What `postnook check` does to one account, each with its results on stdout. DataError: something
// is wrong with its mail.

// Looks at everything: the database, what its rows say of each other, every text, the search index.
ExitCode verifyAccount(const Settings &settings, const QString &account);
// Where that finds something wrong, makes a new database of what can be read; the old one is kept.
ExitCode repairAccount(const Settings &settings, const QString &account);
// Describes again the texts that an older version has described.
ExitCode rescanAccount(const Settings &settings, const QString &account);
// Makes the search index anew.
ExitCode reindexAccount(const Settings &settings, const QString &account);
// How far the search index has come, and what room it takes.
ExitCode printAccountSizes(const Settings &settings, const QString &account);

} // namespace Postnook
