#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/runningserver.h"
#include "app/server/certificateauthority.h"
#include "app/settings/settings.h"
#include "storage/store.h"

#include <QObject>

namespace Postnook
{

// What a certificate request is answered with: the certificate that is served, or would be.
struct ServedCertificate {
    QList<QSslCertificate> chain; // the server's own first
    QString certPath;
    QString keyPath;
    QString caPath; // empty: the pair of cert-path and key-path
    bool madeCa = false; // just now, so that clients have to be told to trust it

    bool isOwn() const { return !caPath.isEmpty(); } // issued by the server's own CA
    // What a client is told to trust: the server's CA, or that at the end of a person's own chain.
    // Null when that chain ends below its authority, which clients then know or do not.
    QSslCertificate authority() const;
};

// Invalid when the reply is not of this form.
Result<ServedCertificate> servedCertificateFrom(const QJsonObject &reply);

// The server's certificate, as control requests:
// - cert.show tells what is served. Where no server runs it is what the files hold; with "make" a
//   missing certificate of the server's own is made, without it that is Unavailable.
// - cert.renew issues a new one from the same CA, and the running server serves it from then on.
//   Invalid for a person's own pair.
// Main thread; owned by whoever owns the storage.
class CertificateControl : public QObject
{
    Q_OBJECT

public:
    // Both outlive this.
    CertificateControl(Storage &storage,
                       const Settings &settings,
                       RunningServer server,
                       QObject *parent = nullptr);

    void addTo(ControlHandlers *handlers);

private:
    void show(const QJsonObject &request, const ControlDone &done);
    void renew(const ControlDone &done);
    using Make = Result<CertificatePaths> (*)(const QString &dataDir,
                                              const CertificateNames &names,
                                              const QDateTime &now);
    void make(Make how, const ControlDone &done);
    void reply(const CertificatePaths &paths, const ControlDone &done);

    Storage &m_storage;
    const Settings &m_settings;
    const RunningServer m_server;
};

} // namespace Postnook
