#pragma once

#include "storage/result.h"

#include <QDateTime>
#include <QList>
#include <QSslCertificate>
#include <QSslKey>
#include <QString>

namespace Postnook
{

// What TLS is served with.
struct CertificatePair {
    QString certPath;
    QString keyPath;
    QList<QSslCertificate> chain; // the server's own first
    QSslKey key;
    QString fingerprint; // SHA-256 of the first, "AB:CD:..."
    QDateTime notBefore;
    QDateTime notAfter;

    // Same certificates and key, wherever they were read from.
    bool sameAs(const CertificatePair &other) const;
};

// Reads a PEM chain and its private key: PKCS#1, SEC1 or PKCS#8; RSA or EC. Both may be in one
// file. The error names the file, what is wrong and what to do. An expired certificate is no error.
Result<CertificatePair> loadCertificatePair(const QString &certPath, const QString &keyPath);

// A sentence for the log when the certificate is expired, not valid yet or expires within two
// weeks; else empty.
QString validityWarning(const CertificatePair &pair, const QDateTime &now);

} // namespace Postnook
