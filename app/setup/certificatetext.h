#pragma once

#include "app/control/certificatecontrol.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

namespace Postnook
{

// "AB:CD:…", SHA-256, as `openssl x509 -fingerprint -sha256` and mail programs show it.
QString fingerprintOf(const QSslCertificate &certificate);

// The host names and addresses that the certificate is good for.
QStringList namesOf(const QSslCertificate &certificate);
// Whether a client that connects to `host` (as serverName() gives it) accepts it; RFC 9525 6.3.
bool isGoodFor(const QSslCertificate &certificate, const QString &host);

// What `postnook cert show` prints, with its line ends.
QString certificateText(const ServedCertificate &served, const QDateTime &now);
// Sentences about what ends soon or has ended; empty when all is well.
QStringList certificateWarnings(const ServedCertificate &served, const QDateTime &now);

} // namespace Postnook
