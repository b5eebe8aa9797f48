#pragma once

#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;
struct Settings;

// `mirror`: keeps a copy of the mailboxes of a remote IMAP account in an account.
ExitCode runMirror(const CommandLine &line, const Settings &settings);
QString mirrorDetails(); // for its help

} // namespace Postnook
