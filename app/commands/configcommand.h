#pragma once

#include "app/commands/exitcode.h"
#include "app/settings/settingsloader.h"

class QTextStream;

namespace Postnook
{

// `postnook config check`: prints every key, its value and where it came from; the certificate pair
// is tried too. Faults go to `err`, one line each. Config with faults, else Ok.
ExitCode runConfigCheck(const LoadedSettings &loaded, QTextStream &out, QTextStream &err);

} // namespace Postnook
