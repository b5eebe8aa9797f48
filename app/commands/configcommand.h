#pragma once

#include "app/settings/settingsloader.h"
#include "app/terminal/exitcode.h"

#include <QStringList>

class QTextStream;

namespace Postnook
{

// `postnook config check`: prints every key, its value and where it came from; the certificate pair
// is tried too. Faults go to `err`, one line each. Config with faults, else Ok.
ExitCode runConfigCheck(const LoadedSettings &loaded, QTextStream &out, QTextStream &err);

// `postnook config show [KEY]`: the same without looking at the certificate; of one key
// `key=value`, and as comments where that comes from, what is allowed and what it is about. Usage:
// no such key.
ExitCode
runConfigShow(const LoadedSettings &loaded, const QString &key, QTextStream &out, QTextStream &err);

// What `serve` would stumble over in the files that the settings name, one line each.
QStringList certificateFaults(const LoadedSettings &loaded);
QString configCheckDetails();
QString configShowDetails();

} // namespace Postnook
