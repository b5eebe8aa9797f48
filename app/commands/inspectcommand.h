#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

// `postnook inspect FILE... [--raw]`. Needs no settings and no data folder.
ExitCode runInspect(const CommandLine &line);
// The end of its help.
QString inspectDetails();

} // namespace Postnook
