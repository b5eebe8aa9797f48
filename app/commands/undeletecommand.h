#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

namespace Postnook
{

// `postnook undelete`: lists the expunged messages of an account, or brings them back.
ExitCode runUndelete(const CommandLine &line);
// For its help.
QString undeleteDetails();

} // namespace Postnook
