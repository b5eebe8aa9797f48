#pragma once

#include "app/commands/commandline.h"
#include "app/control/certificatecontrol.h"
#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct Settings;

// `postnook cert show`, `cert renew`, `cert export FILE [--format pem|der|mobileconfig] [--force]`
ExitCode runCertShow(const CommandLine &line, const Settings &settings);
ExitCode runCertRenew(const CommandLine &line, const Settings &settings);
ExitCode runCertExport(const CommandLine &line, const Settings &settings);
QString certExportDetails();

// Asks the owner of the data folder. With `make`, a certificate that is not there yet is made.
enum class MissingCertificate { IsError, IsMade };
Result<ServedCertificate>
servedCertificate(const Settings &settings, const QString &purpose, MissingCertificate missing);

// The authority to hand on to a mail program. Invalid, in words: none has to be, or it is not
// there.
Result<QSslCertificate> authorityToTrust(const ServedCertificate &served);
QString certRenewDetails();

} // namespace Postnook
