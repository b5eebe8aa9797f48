#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

struct Settings;

// `postnook check ACCOUNT... [--rescan] [--reindex] [--sizes]`
ExitCode runCheck(const CommandLine &line, const Settings &settings);
QString checkDetails();

} // namespace Postnook
