#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;
struct Settings;

// `import`: mail that lies in files, into an account.
ExitCode runImport(const CommandLine &line, const Settings &settings);
QString importDetails(); // for its help

} // namespace Postnook
