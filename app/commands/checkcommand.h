#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

namespace Postnook
{

// `postnook check ACCOUNT... --rescan`
ExitCode runCheck(const CommandLine &line);

} // namespace Postnook
