#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

namespace Postnook
{

struct Settings;

// `postnook undelete`: lists the expunged messages of an account, or brings them back.
ExitCode runUndelete(const CommandLine &line, const Settings &settings);
// For its help.
QString undeleteDetails();

} // namespace Postnook
