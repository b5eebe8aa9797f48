#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

namespace Postnook
{

// `postnook backup FOLDER [ACCOUNT...] [--keep N] [--verify]`
ExitCode runBackup(const CommandLine &line);

QString backupDetails();

} // namespace Postnook
