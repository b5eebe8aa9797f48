#pragma once

#include "app/commands/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;

// `import`: mail that lies in files, into an account.
ExitCode runImport(const CommandLine &line);
QString importDetails(); // for its help

} // namespace Postnook
