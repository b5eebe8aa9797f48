#pragma once

#include "app/setup/clientsetup.h"

#include <QByteArray>

namespace Postnook
{

// Account settings in the form that Thunderbird looks for by the domain of the e-mail address, as
// isp/DOMAIN.xml in its program folder (config-v1.1.xml of its autoconfiguration; other programs
// read it too). No password.
QByteArray thunderbirdConfig(const ClientSetup &setup);

// What the QR code that Thunderbird for Android scans ("Import settings") holds: version 1 of its
// JSON form. No password.
QByteArray thunderbirdQrText(const ClientSetup &setup);

} // namespace Postnook
