#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

struct Settings;

// `postnook backup FOLDER [ACCOUNT...] [--keep N] [--verify]`
ExitCode runBackup(const CommandLine &line, const Settings &settings);

QString backupDetails();

} // namespace Postnook
