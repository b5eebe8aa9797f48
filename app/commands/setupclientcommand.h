#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

#include <QString>

namespace Postnook
{

struct Settings;

// `postnook setup-client ACCOUNT [--host NAME] [--output FOLDER] [--email …] [--smtp-host …] …`
ExitCode runSetupClient(const CommandLine &line, const Settings &settings);
QString setupClientDetails();

} // namespace Postnook
