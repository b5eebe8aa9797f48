#pragma once

#include "app/server/certificateauthority.h"
#include "app/server/certificates.h"
#include "app/server/tlsidentity.h"

#include <QTemporaryDir>

// A server's certificate for "localhost", made in a folder of its own.
struct LocalIdentity {
    QTemporaryDir dir;
    Postnook::CertificatePair pair = make(dir.path());
    Postnook::TlsIdentity tls{pair};

    static Postnook::CertificatePair make(const QString &folder)
    {
        const auto paths = Postnook::ensureLocalCertificate(
            folder, Postnook::certificateNames({}, {}), QDateTime::currentDateTimeUtc());
        return *Postnook::loadCertificatePair(paths->cert, paths->key);
    }
};
