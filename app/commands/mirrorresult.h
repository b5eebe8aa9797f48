#pragma once

#include "app/mirror/mirrorreport.h"
#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

// Tells a person what a run of `mirror` has done (or would do), and gives its exit code.
ExitCode tellMirrorReport(const MirrorReport &report, bool isDryRun);

// What has happened to one mailbox: "Sent -> Sent: 12 new, 3 with other flags".
QString mailboxLine(const MailboxReport &report, bool isDryRun);

} // namespace Postnook
