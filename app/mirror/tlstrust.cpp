#include "app/mirror/tlstrust.h"

#include "app/server/tlsbackend.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QSslSocket>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

QString shownFingerprint(const QSslCertificate &certificate)
{
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
}

} // namespace

Result<void> trustFor(const RemoteAccess &access, QSslSocket *socket)
{
    if (access.security == RemoteSecurity::None) {
        return {};
    }
    if (auto backend = checkTlsBackend(); !backend) {
        return backend;
    }
    if (!access.fingerprint.isEmpty()) {
        // checkPeer() looks at the certificate, whoever signed it.
        socket->setPeerVerifyMode(QSslSocket::VerifyNone);
        return {};
    }
    socket->setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (access.caFile.isEmpty()) {
        return {};
    }
    const auto authorities = QSslCertificate::fromPath(
        access.caFile, QSsl::Pem, QSslCertificate::PatternSyntax::FixedString);
    if (authorities.isEmpty()) {
        return Error{ErrorCode::Invalid,
                     u"%1 holds no certificates in PEM form"_s.arg(access.caFile)};
    }
    auto configuration = socket->sslConfiguration();
    configuration.setCaCertificates(authorities);
    socket->setSslConfiguration(configuration);
    return {};
}

Result<void> checkPeer(const RemoteAccess &access, const QSslSocket &socket)
{
    if (access.fingerprint.isEmpty()) {
        return {}; // the handshake has verified it
    }
    const auto certificate = socket.peerCertificate();
    if (certificate.digest(QCryptographicHash::Sha256) == access.fingerprint) {
        return {};
    }
    return Error{ErrorCode::Unavailable,
                 u"%1 has another certificate than the one named; its fingerprint is %2"_s.arg(
                     access.shownHost(), shownFingerprint(certificate))};
}

Error handshakeFault(const RemoteAccess &access, const QSslSocket &socket)
{
    const auto errors = socket.sslHandshakeErrors();
    if (errors.isEmpty()) {
        const bool isTls = socket.error() == QAbstractSocket::SslHandshakeFailedError;
        const bool isFirst = access.security == RemoteSecurity::Tls;
        return {isTls ? ErrorCode::Unavailable : ErrorCode::Busy,
                u"no TLS connection to %1: %2%3"_s.arg(
                    access.shownHost(),
                    socket.errorString(),
                    isTls && isFirst ? u"; --security=starttls is for ports that begin without it"_s
                                     : QString())};
    }
    return {ErrorCode::Unavailable,
            u"the certificate of %1 is not trusted: %2. If you know that it is right, name its "
            "authority (--ca=FILE) or itself (--fingerprint=%3)"_s.arg(
                access.shownHost(),
                errors.first().errorString(),
                shownFingerprint(socket.peerCertificate()))};
}

} // namespace Postnook
