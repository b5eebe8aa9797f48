#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;
struct Settings;

// `stop`: ends the server of the data folder, and returns when the folder is free. Where none runs
// there is nothing to do.
ExitCode runStop(const CommandLine &line, const Settings &settings);
QString stopDetails();

} // namespace Postnook
