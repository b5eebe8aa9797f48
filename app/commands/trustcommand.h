#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

#include <QString>

namespace Postnook
{

// `postnook cert trust [--yes] [--remove]`
ExitCode runCertTrust(const CommandLine &line);
QString certTrustDetails();

} // namespace Postnook
