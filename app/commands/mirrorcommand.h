#pragma once

#include "app/commands/exitcode.h"

#include <QString>

namespace Postnook
{

struct CommandLine;

// `mirror`: keeps a copy of the mailboxes of a remote IMAP account in an account.
ExitCode runMirror(const CommandLine &line);
QString mirrorDetails(); // for its help

} // namespace Postnook
