#include "app/control/certificatecontrol.h"

#include <QFileInfo>
#include <QFuture>
#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QJsonObject toJson(const CertificatePair &pair, const CertificatePaths &paths)
{
    QByteArray chain;
    for (const QSslCertificate &certificate : pair.chain) {
        chain += certificate.toPem();
    }
    return {{u"chain"_s, QString::fromLatin1(chain)},
            {u"certPath"_s, pair.certPath},
            {u"keyPath"_s, pair.keyPath},
            {u"caPath"_s, paths.ca},
            {u"madeCa"_s, paths.madeCa}};
}

} // namespace

QSslCertificate ServedCertificate::authority() const
{
    const QSslCertificate last = chain.isEmpty() ? QSslCertificate() : chain.last();
    return last.isSelfSigned() ? last : QSslCertificate();
}

Result<ServedCertificate> servedCertificateFrom(const QJsonObject &reply)
{
    ServedCertificate served;
    served.chain =
        QSslCertificate::fromData(reply.value("chain"_L1).toString().toLatin1(), QSsl::Pem);
    if (served.chain.isEmpty()) {
        return Error{ErrorCode::Invalid,
                     u"the running server does not tell its certificate; is it of another "
                     "version?"_s};
    }
    served.certPath = reply.value("certPath"_L1).toString();
    served.keyPath = reply.value("keyPath"_L1).toString();
    served.caPath = reply.value("caPath"_L1).toString();
    served.madeCa = reply.value("madeCa"_L1).toBool();
    return served;
}

CertificateControl::CertificateControl(Storage &storage,
                                       const Settings &settings,
                                       RunningServer server,
                                       QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_settings(settings)
    , m_server(std::move(server))
{
}

void CertificateControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"cert.show"_s,
                  [this](const auto &request, const auto &done) { show(request, done); });
    handlers->add(u"cert.renew"_s, [this](const auto &, const auto &done) { renew(done); });
}

void CertificateControl::show(const QJsonObject &request, const ControlDone &done)
{
    if (!m_settings.certPath.isEmpty()) {
        return reply({{}, m_settings.certPath, m_settings.keyPath}, done);
    }
    if (!m_server.isThere() && request.value("make"_L1).toBool()) {
        return make(ensureLocalCertificate, done);
    }
    reply(localCertificatePaths(m_settings.dataDir), done);
}

void CertificateControl::renew(const ControlDone &done)
{
    if (!m_settings.certPath.isEmpty()) {
        return done(Error{
            ErrorCode::Invalid,
            u"the server uses the certificate in %1 (cert-path), which is not its "
            "own to renew: renew it where it came from, and put the new files in "
            "the same place; a running server takes them up by itself"_s.arg(m_settings.certPath)});
    }
    make(renewLocalCertificate, done);
}

void CertificateControl::make(Make how, const ControlDone &done)
{
    // Of the class that runs one job at a time: the server's own renewal is of it too.
    m_storage
        .run(JobClass::Background,
             [how,
              dataDir = m_settings.dataDir,
              bound = m_settings.bindAddresses,
              further = m_settings.certNames] {
                 return how(dataDir,
                            localCertificateNames(bound, further),
                            QDateTime::currentDateTimeUtc());
             })
        .then(this, [this, done](const Result<CertificatePaths> &made) {
            if (made && m_server.isThere()) {
                m_server.reloadCertificate();
            }
            made ? reply(*made, done) : done(made.error());
        });
}

void CertificateControl::reply(const CertificatePaths &paths, const ControlDone &done)
{
    if (m_server.isThere()) {
        return done(toJson(m_server.certificate(), paths));
    }
    m_storage
        .run(JobClass::Interactive,
             [paths]() -> Result<QJsonObject> {
                 if (!paths.ca.isEmpty() && !QFileInfo::exists(paths.cert)) {
                     return Error{ErrorCode::Unavailable,
                                  u"there is no certificate yet; the server makes one when it "
                                  "first runs, 'postnook cert renew' makes one now"_s};
                 }
                 return loadCertificatePair(paths.cert, paths.key)
                     .transform(
                         [&paths](const CertificatePair &pair) { return toJson(pair, paths); });
             })
        .then(this, [done](const Result<QJsonObject> &result) { done(result); });
}

} // namespace Postnook
