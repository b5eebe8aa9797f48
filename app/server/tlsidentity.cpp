#include "app/server/tlsidentity.h"

#include <QSslCipher>

namespace Postnook
{

void TlsIdentity::setCertificate(const CertificatePair &pair)
{
    QSslConfiguration configuration;
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setLocalCertificateChain(pair.chain);
    configuration.setPrivateKey(pair.key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    // Clients show no certificates, so the system's authorities need not be loaded for each socket.
    configuration.setCaCertificates({});
    // Qt makes a context of its own for every socket: a ticket could never be redeemed.
    configuration.setSslOption(QSsl::SslOptionDisableSessionTickets, true);
    configuration.setSslOption(QSsl::SslOptionDisableSessionSharing, true);
    m_configuration = configuration;
}

} // namespace Postnook
