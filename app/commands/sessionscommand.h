#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

// `postnook who`: the sessions of the running server, one a line.
ExitCode runWho(const CommandLine &line);
QString whoDetails();
// `postnook kick ACCOUNT|SESSION`: ends them.
ExitCode runKick(const CommandLine &line);
QString kickDetails();

} // namespace Postnook
