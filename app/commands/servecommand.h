#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;

// `serve`: the server, until a signal ends it.
ExitCode runServe(const CommandLine &line);
QString serveDetails();

} // namespace Postnook
