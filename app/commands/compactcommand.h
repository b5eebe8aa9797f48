#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

struct Settings;

// `postnook compact`: gives room that accounts do not need back to the disk.
ExitCode runCompact(const CommandLine &line, const Settings &settings);
// For its help.
QString compactDetails();

} // namespace Postnook
