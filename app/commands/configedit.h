#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

// `postnook config set KEY=VALUE...` (or KEY VALUE; with --default, KEY...) and `config unset
// KEY...`: change the settings file and leave all else in it as it is. Nothing is written that
// `config check` would complain of and did not before.
ExitCode runConfigSet(const CommandLine &line);
QString configSetDetails();
ExitCode runConfigUnset(const CommandLine &line);

} // namespace Postnook
