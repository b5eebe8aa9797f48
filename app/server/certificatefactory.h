#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>

namespace Postnook
{

// Makes keys and certificates with libcrypto; Qt cannot. Knows no files.

struct PemPair {
    QByteArray chain; // the pair's own certificate first
    QByteArray key; // PKCS#8 when made here
};

struct CertificateSubject {
    QString commonName; // cut to the 64 characters that X.520 allows
    QDateTime notBefore;
    QDateTime notAfter;
};

// A self-signed CA with a P-256 key that may sign server certificates and nothing below them.
Result<PemPair> createCa(const CertificateSubject &subject);

// A certificate for TLS servers (serverAuth) with a P-256 key of its own, signed by `ca`, which
// follows it in the chain. It does not outlive its CA. Names must be ASCII DNS names.
Result<PemPair> issueServerCertificate(const PemPair &ca,
                                       const CertificateSubject &subject,
                                       const QStringList &dnsNames,
                                       const QStringList &addresses);

} // namespace Postnook
