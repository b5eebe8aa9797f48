#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

// `postnook reload`: has the running server read its settings file again.
ExitCode runReload(const CommandLine &line);
QString reloadDetails();

} // namespace Postnook
