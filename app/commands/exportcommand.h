#pragma once

#include "app/commands/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;

// `postnook export ACCOUNT FOLDER`: the mail of an account as files.
ExitCode runExport(const CommandLine &line);
QString exportDetails();

} // namespace Postnook
