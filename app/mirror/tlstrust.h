#pragma once

#include "app/mirror/remoteaccess.h"

class QSslSocket;

namespace Postnook
{

// Whom a TLS connection to a remote server trusts: the system's authorities, those of a file, or
// one certificate by its fingerprint.

// Before connecting. Invalid: the file holds no certificates.
Result<void> trustFor(const RemoteAccess &access, QSslSocket *socket);
// After the handshake, before anything is sent. Unavailable: it is not the certificate it should
// be.
Result<void> checkPeer(const RemoteAccess &access, const QSslSocket &socket);
// Why there was no handshake: Unavailable when another try would be no better, else Busy.
Error handshakeFault(const RemoteAccess &access, const QSslSocket &socket);

} // namespace Postnook
