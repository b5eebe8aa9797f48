#pragma once

#include "app/import/importer.h"
#include "app/terminal/exitcode.h"

#include <QSet>
#include <QString>

namespace Postnook
{

// What an import has to tell at its end, and the exit code for it.
ExitCode tellImport(const ImportReport &report);
// The same of a dry run. `existing`: the mailboxes that need not be made.
ExitCode tellDryRun(const ImportReport &report, const QSet<MailboxName> &existing);

// One line for each mailbox: its name, how many messages, how much, whether it is new.
QString dryRunTable(const ImportReport &report, const QSet<MailboxName> &existing);

} // namespace Postnook
