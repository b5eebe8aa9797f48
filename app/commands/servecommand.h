#pragma once

#include "app/terminal/exitcode.h"

namespace Postnook
{

struct CommandLine;

// `serve`: the server, until a signal ends it.
ExitCode runServe(const CommandLine &line);

} // namespace Postnook
