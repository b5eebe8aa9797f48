#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct Settings;

// `postnook cert trust [--yes] [--remove]`
ExitCode runCertTrust(const CommandLine &line, const Settings &settings);
QString certTrustDetails();

} // namespace Postnook
