#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

// `postnook status`: how it goes, with or without a running server.
ExitCode runStatus(const CommandLine &line);
QString statusDetails();

} // namespace Postnook
