#pragma once

#include "app/control/certificatecontrol.h"
#include "app/server/certificatefactory.h"
#include "app/setup/clientsetup.h"

#include <QDateTime>

namespace Postnook::Test
{

inline const QDateTime Now(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);

// A certificate of the server's own authority, good from `Now` on.
inline ServedCertificate ownCertificate(const QStringList &dnsNames,
                                        const QStringList &addresses,
                                        int days = 397,
                                        int daysOfAuthority = 3653)
{
    const auto ca =
        createCa({QStringLiteral("Postnook CA of mybox"), Now, Now.addDays(daysOfAuthority)});
    const auto pair = issueServerCertificate(
        *ca, {QStringLiteral("mybox"), Now, Now.addDays(days)}, dnsNames, addresses);
    ServedCertificate served;
    served.chain = QSslCertificate::fromData(pair->chain, QSsl::Pem);
    served.certPath = QStringLiteral("/data/tls/server.pem");
    served.keyPath = QStringLiteral("/data/tls/server.key");
    served.caPath = QStringLiteral("/data/tls/ca.pem");
    return served;
}

// Of somebody whose texts are a trial for every format.
inline ClientSetup setupOfJoerg()
{
    ClientSetup setup;
    setup.incoming = {QStringLiteral("mybox.local"),
                      1993,
                      ConnectionSecurity::Tls,
                      QStringLiteral("jörg & <co> \"x\"")};
    setup.outgoing = {QStringLiteral("smtp.example.org"),
                      587,
                      ConnectionSecurity::StartTls,
                      QStringLiteral("j@example.org")};
    setup.fullName = QStringLiteral("Jörg \"Jo\" Müller & Söhne <GmbH> ]]>");
    setup.emailAddress = QStringLiteral("j@Example.org");
    setup.fingerprint = QStringLiteral("AB:CD");
    return setup;
}

} // namespace Postnook::Test
