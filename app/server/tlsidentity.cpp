#include "app/server/tlsidentity.h"

#include <QSslCipher>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// Only ciphers that seal what they encrypt, with keys that are forgotten: of TLS 1.2 that leaves
// out CBC, which attack after attack has worn down, and RSA key exchange. Every client that knows
// TLS 1.2 well has others.
QList<QSslCipher> safeCiphers()
{
    auto ciphers = QSslConfiguration::supportedCiphers();
    ciphers.removeIf([](const QSslCipher &cipher) {
        const QString name = cipher.name();
        const bool isSealed = name.contains("-GCM-"_L1) || name.contains("-CHACHA20-"_L1);
        const bool isOfTls12 = !name.startsWith("TLS_"_L1);
        return isOfTls12 && !(name.startsWith("ECDHE-"_L1) && isSealed);
    });
    return ciphers;
}

} // namespace

void TlsIdentity::setCertificate(const CertificatePair &pair)
{
    QSslConfiguration configuration;
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setCiphers(safeCiphers());
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
