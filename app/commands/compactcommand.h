#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

namespace Postnook
{

// `postnook compact`: gives room that accounts do not need back to the disk.
ExitCode runCompact(const CommandLine &line);
// For its help.
QString compactDetails();

} // namespace Postnook
