#include "app/server/server.h"

#include "app/control/datafolder.h"
#include "app/server/backupschedule.h"
#include "app/server/certificateauthority.h"
#include "app/server/certificatewatcher.h"
#include "app/server/mailpurge.h"
#include "app/server/netlog.h"
#include "app/server/ownercontrol.h"
#include "app/server/sockettransport.h"
#include "app/server/tlshandshakes.h"
#include "app/server/tlsidentity.h"
#include "core/session/imapservice.h"

#include <QSslSocket>

namespace Postnook
{

namespace
{

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// How long the sessions' last bytes may take after the IMAP service has cut them.
constexpr auto StopSlackMs = 500;

void noteNewAuthority(const Result<CertificatePaths> &made)
{
    if (made && made->madeCa) {
        qCInfo(lcNet).noquote()
            << u"made a certificate authority: mail programs have to be told to trust it, "
               "see 'postnook cert trust --help'"_s;
    }
}

} // namespace

Server::Server(Settings settings, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
{
    // More often than daily: the time that a notebook sleeps does not count.
    m_hourly.setInterval(1h);
    connect(&m_hourly, &QTimer::timeout, this, &Server::renewCertificate);
    m_stopDeadline.setSingleShot(true);
    connect(&m_stopDeadline, &QTimer::timeout, this, &Server::finish);
}

Server::~Server() = default;

std::optional<StartError> Server::start()
{
    for (const auto step : {&Server::openFolder,
                            &Server::openCertificate,
                            &Server::openPorts,
                            &Server::openControl}) {
        if (auto error = (this->*step)()) {
            m_backups.reset();
            m_control.reset();
            m_listeners.close();
            return error;
        }
    }
    for (const BoundPort &port : m_listeners.ports()) {
        qCInfo(lcNet).noquote() << u"listening on %1"_s.arg(port.toString());
    }
    m_purge->setRules({{SpecialUse::Trash, m_settings.purgeTrashAfterSeconds},
                       {SpecialUse::Junk, m_settings.purgeJunkAfterSeconds}});
    m_hourly.start();
    noteMissingAccounts();
    return {};
}

void Server::noteMissingAccounts()
{
    m_storage->accounts().then(this, [](const Result<QList<AccountRecord>> &accounts) {
        if (accounts && accounts->isEmpty()) {
            qCInfo(lcNet) << "there is no account yet; make one with 'postnook account add NAME'";
        }
    });
}

std::optional<StartError> Server::openFolder()
{
    if (const auto folder = ensureDataFolder(m_settings.dataDir); !folder) {
        return StartError{ExitCode::CannotCreate, folder.error().text};
    }
    auto lock = OwnerLock::acquire(m_settings.dataDir, u"serve"_s);
    if (!lock) {
        return StartError{exitCodeFor(lock.error()), lock.error().text};
    }
    m_lock.emplace(std::move(*lock));
    auto storage = Storage::open(m_settings.dataDir, storageOptions(m_settings));
    if (!storage) {
        return StartError{exitCodeFor(storage.error()), storage.error().text};
    }
    m_storage = std::move(*storage);
    m_imap = std::make_unique<ImapService>(*m_storage, m_settings.imap);
    m_purge = std::make_unique<MailPurge>(*m_storage);
    return {};
}

std::optional<StartError> Server::openCertificate()
{
    QString certPath = m_settings.certPath;
    QString keyPath = m_settings.keyPath;
    if (certPath.isEmpty()) {
        const auto made = ensureLocalCertificate(
            m_settings.dataDir,
            localCertificateNames(m_settings.bindAddresses, m_settings.certNames),
            QDateTime::currentDateTimeUtc());
        if (!made) {
            return StartError{ExitCode::CannotCreate, made.error().text};
        }
        noteNewAuthority(made);
        m_caPath = made->ca;
        certPath = made->cert;
        keyPath = made->key;
    }
    const auto pair = loadCertificatePair(certPath, keyPath);
    if (!pair) {
        return StartError{ExitCode::Config, pair.error().text};
    }
    m_tls = std::make_unique<TlsIdentity>(*pair);
    m_certificate = std::make_unique<CertificateWatcher>(*pair);
    connect(m_certificate.get(), &CertificateWatcher::changed, this, &Server::useCertificate);
    warnOfValidity();
    return {};
}

std::optional<StartError> Server::openPorts()
{
    m_handshakes = std::make_unique<TlsHandshakes>(
        *m_tls,
        HandshakeLimits{m_settings.tlsHandshakeTimeoutMs, m_settings.maxTlsHandshakes},
        [this](auto socket) { addConnection(std::move(socket)); });
    std::optional<StartError> error;
    if (m_settings.bindPort) {
        error = m_listeners.bind(m_settings.bindAddresses,
                                 *m_settings.bindPort,
                                 PortKind::StartTls,
                                 [this](qintptr descriptor) { addClearConnection(descriptor); });
    }
    if (!error && m_settings.bindPortTls) {
        error = m_listeners.bind(m_settings.bindAddresses,
                                 *m_settings.bindPortTls,
                                 PortKind::Tls,
                                 [this](qintptr descriptor) { m_handshakes->add(descriptor); });
    }
    return error;
}

std::optional<StartError> Server::openControl()
{
    const RunningServer self{[this] { return m_certificate->served(); },
                             [this] { m_certificate->reload(); },
                             [this] { return m_listeners.ports(); }};
    m_control = std::make_unique<OwnerControl>(*m_storage, *m_imap, m_settings, self);
    if (const auto opened = m_control->open(*m_lock); !opened) {
        return StartError{ExitCode::OsError, opened.error().text};
    }
    m_backups = std::make_unique<BackupSchedule>(m_control->backups(), *m_storage, m_settings);
    m_backups->start();
    return {};
}

void Server::stop()
{
    if (m_stopDeadline.isActive()) {
        return;
    }
    qCInfo(lcNet) << "stopping";
    m_purge.reset(); // what it has begun to write is written
    m_listeners.close();
    m_handshakes->clear();
    m_backups.reset();
    m_control->close();
    m_stopDeadline.start(m_settings.shutdownTimeoutMs + StopSlackMs);
    connect(m_imap.get(), &ImapService::drained, this, &Server::finish, Qt::QueuedConnection);
    m_imap->shutDown(m_settings.shutdownTimeoutMs);
}

void Server::finish()
{
    if (m_finished) {
        return;
    }
    m_finished = true;
    m_storage->close();
    qCInfo(lcNet) << "stopped";
    Q_EMIT finished();
}

const QList<BoundPort> &Server::ports() const
{
    return m_listeners.ports();
}

const CertificatePair &Server::certificate() const
{
    return m_certificate->served();
}

void Server::addClearConnection(qintptr descriptor)
{
    auto socket = std::make_unique<QSslSocket>();
    if (socket->setSocketDescriptor(descriptor)) {
        addConnection(std::move(socket));
    }
}

void Server::addConnection(std::unique_ptr<QSslSocket> socket)
{
    m_imap->addConnection(std::make_unique<SocketTransport>(
        std::move(socket), *m_tls, m_settings.tlsHandshakeTimeoutMs));
}

void Server::useCertificate(const CertificatePair &pair)
{
    m_tls->setCertificate(pair);
    warnOfValidity();
}

void Server::warnOfValidity()
{
    const QString warning = validityWarning(certificate(), QDateTime::currentDateTimeUtc());
    const QDate today = QDate::currentDate();
    if (!warning.isEmpty() && m_lastWarned != today) {
        m_lastWarned = today;
        qCWarning(lcNet).noquote() << warning;
    }
}

void Server::renewCertificate()
{
    warnOfValidity();
    if (m_caPath.isEmpty()) {
        return m_certificate->reload();
    }
    // The watcher sees the new files; looking once more costs nothing.
    m_storage
        ->run(JobClass::Background,
              [dataDir = m_settings.dataDir,
               bound = m_settings.bindAddresses,
               further = m_settings.certNames] {
                  return ensureLocalCertificate(dataDir,
                                                localCertificateNames(bound, further),
                                                QDateTime::currentDateTimeUtc());
              })
        .then(this, [this](const Result<CertificatePaths> &renewed) {
            if (!renewed) {
                qCWarning(lcNet).noquote() << renewed.error().text;
            }
            noteNewAuthority(renewed);
            m_certificate->reload();
        });
}

} // namespace Postnook
