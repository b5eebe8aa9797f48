#pragma once

#include "app/setup/clientsetup.h"

#include <QString>

namespace Postnook
{

// The settings in a form that can be typed into any mail program, with line ends.
QString setupText(const ClientSetup &setup);

} // namespace Postnook
