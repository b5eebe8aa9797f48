#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;

// `postnook deliver ACCOUNT`: a message on standard input into a mailbox, as mail servers and
// programs that fetch mail ask for it.
ExitCode runDeliver(const CommandLine &line);
QString deliverDetails();

} // namespace Postnook
