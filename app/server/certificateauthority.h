#pragma once

#include "storage/result.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace Postnook
{

// Files of the certificate that the server makes for itself.
struct CertificatePaths {
    QString ca; // DATA-DIR/tls/ca.pem: what a client is told to trust
    QString cert; // the chain
    QString key;
    bool madeCa = false; // this call made a CA: clients have to be told to trust it
    bool madeCert = false; // this call issued the server's certificate
};

// What the certificate is for: DNS names and IP addresses, without duplicates.
struct CertificateNames {
    QStringList dns;
    QStringList addresses;

    friend bool operator==(const CertificateNames &, const CertificateNames &) = default;
};

// localhost, 127.0.0.1, ::1, the names of this machine, those of its addresses that others of its
// network reach it by when it listens on `bindAddresses` (none on loopback: a notebook that moves
// from network to network keeps its certificate), and the further ones of the settings.
CertificateNames localCertificateNames(const QStringList &bindAddresses,
                                       const QStringList &furtherNames);
// The same for a machine of that name and with these addresses. What can be no name is left out.
CertificateNames certificateNames(const QString &hostName,
                                  const QStringList &addresses,
                                  const QStringList &furtherNames = {});

// The files in that folder, there or not.
CertificatePaths localCertificatePaths(const QString &dataDir);

// Sees to it that DATA-DIR/tls holds a local CA (ten years) and a server certificate from it
// (397 days), with more than 30 days to go and good for all `names`; what is missing or used up is
// made. Safe to call at any time by the owner of the data folder: a running server renews so.
Result<CertificatePaths>
ensureLocalCertificate(const QString &dataDir, const CertificateNames &names, const QDateTime &now);

// Issues a new server certificate with a new key, however good the present one is. From the same
// CA, if that lasts: clients that trust it need nothing.
Result<CertificatePaths>
renewLocalCertificate(const QString &dataDir, const CertificateNames &names, const QDateTime &now);

} // namespace Postnook
