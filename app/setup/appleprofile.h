#pragma once

#include "app/setup/clientsetup.h"

#include <QByteArray>

namespace Postnook
{

// Configuration profiles (.mobileconfig) for Apple's systems: XML property lists. Installed again,
// a profile of the same account and authority replaces the one before.

// The account with both of its servers, and the authority to trust if there is one. The passwords
// are asked for when the profile is installed.
QByteArray appleProfile(const ClientSetup &setup);
// The authority alone.
QByteArray appleTrustProfile(const QSslCertificate &authority);

} // namespace Postnook
