#include "app/server/certificatewatcher.h"

#include <QFileInfo>
#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

Q_LOGGING_CATEGORY(lcTls, "postnook.tls")

// Renewal tools write two files one after the other; this is well above the gap between them.
constexpr auto QuietMs = 300;

} // namespace

CertificateWatcher::CertificateWatcher(CertificatePair served, QObject *parent)
    : QObject(parent)
    , m_served(std::move(served))
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(QuietMs);
    connect(&m_quiet, &QTimer::timeout, this, &CertificateWatcher::reload);
    const auto wait = [this] { m_quiet.start(); };
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, wait);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, wait);
    watch();
}

// A file that was renamed over is no longer watched, nor is a folder that was away for a while.
void CertificateWatcher::watch()
{
    for (const QString &path : {m_served.certPath, m_served.keyPath}) {
        for (const QString &watched : {QFileInfo(path).absolutePath(), path}) {
            const bool known =
                m_watcher.files().contains(watched) || m_watcher.directories().contains(watched);
            if (!known && QFileInfo::exists(watched)) {
                m_watcher.addPath(watched);
            }
        }
    }
}

void CertificateWatcher::reload()
{
    watch();
    const auto pair = loadCertificatePair(m_served.certPath, m_served.keyPath);
    if (!pair) {
        if (pair.error().text != m_lastError) {
            m_lastError = pair.error().text;
            qCWarning(lcTls).noquote()
                << u"%1; still serving the certificate %2, valid until %3"_s.arg(
                       m_lastError,
                       m_served.fingerprint,
                       m_served.notAfter.toUTC().toString(Qt::ISODate));
        }
        return;
    }
    m_lastError.clear();
    if (pair->sameAs(m_served)) {
        return;
    }
    m_served = *pair;
    qCInfo(lcTls).noquote() << u"%1: serving the new certificate %2, valid until %3"_s.arg(
        m_served.certPath, m_served.fingerprint, m_served.notAfter.toUTC().toString(Qt::ISODate));
    if (const QString warning = validityWarning(m_served, QDateTime::currentDateTimeUtc());
        !warning.isEmpty()) {
        qCWarning(lcTls).noquote() << warning;
    }
    Q_EMIT changed(m_served);
}

} // namespace Postnook
