#pragma once

#include "app/server/certificates.h"

#include <QSslConfiguration>

namespace Postnook
{

// How this server speaks TLS: TLS 1.2 and 1.3, its certificate, no certificates of clients, no
// ALPN. Holds what the next handshake uses; a renewed certificate replaces it for both ports and
// STARTTLS at once, while handshakes that began go on with the old one. Event loop thread; outlives
// every socket that asks it.
class TlsIdentity
{
public:
    explicit TlsIdentity(const CertificatePair &pair) { setCertificate(pair); }

    void setCertificate(const CertificatePair &pair);
    const QSslConfiguration &configuration() const { return m_configuration; }

private:
    QSslConfiguration m_configuration;
};

} // namespace Postnook
