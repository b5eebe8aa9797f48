#pragma once

#include "app/commands/exitcode.h"

namespace Postnook
{

struct CommandLine;

// `account …`: people who have mail here.
ExitCode runAccountAdd(const CommandLine &line);
ExitCode runAccountList(const CommandLine &line);
ExitCode runAccountPasswd(const CommandLine &line);
ExitCode runAccountRemove(const CommandLine &line);

} // namespace Postnook
