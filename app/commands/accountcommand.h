#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;
struct Settings;

// `account …`: people who have mail here.
ExitCode runAccountAdd(const CommandLine &line);
ExitCode runAccountList(const CommandLine &line, const Settings &settings);
ExitCode runAccountPasswd(const CommandLine &line, const Settings &settings);
ExitCode runAccountRemove(const CommandLine &line, const Settings &settings);
QString accountAddDetails();
QString accountPasswdDetails();
QString accountRemoveDetails();

} // namespace Postnook
