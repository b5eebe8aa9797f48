#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;
struct Settings;

// `postnook export ACCOUNT FOLDER`: the mail of an account as files.
ExitCode runExport(const CommandLine &line, const Settings &settings);
QString exportDetails();

} // namespace Postnook
