#pragma once

#include "app/control/certificatecontrol.h"
#include "app/control/clientcontrol.h"

#include <QString>

namespace Postnook
{

// Whether only programs on this computer reach a server that listens on these addresses.
bool isLoopbackOnly(const QStringList &addresses);

// The name by which clients should look for the server, of those that its certificate is good for:
// localhost where it listens to this computer alone, else the name that others of the network find
// (with .local, by multicast DNS, RFC 6762), else any, else an address. Empty when there is none.
QString usualHost(const ClientAccess &access, const ServedCertificate &served);

} // namespace Postnook
