#pragma once

#include <QString>

namespace Postnook
{

// The sections of the manual page that no table holds, in the language of man(7).
QString manualIntroduction(); // NAME to DESCRIPTION
QString manualAboutSettings(); // the beginning of SETTINGS
QString manualConclusion(); // all behind it

} // namespace Postnook
