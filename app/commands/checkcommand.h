#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

namespace Postnook
{

// `postnook check ACCOUNT... [--rescan] [--reindex] [--sizes]`
ExitCode runCheck(const CommandLine &line);

} // namespace Postnook
