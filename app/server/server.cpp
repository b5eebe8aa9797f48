#include "app/server/server.h"

#include "app/control/datafolder.h"
#include "app/server/backupschedule.h"
#include "app/server/certificateauthority.h"
#include "app/server/certificatewatcher.h"
#include "app/server/folderplace.h"
#include "app/server/mailpurge.h"
#include "app/server/netlog.h"
#include "app/server/ownercontrol.h"
#include "app/server/sessioncontrol.h"
#include "app/server/sockettransport.h"
#include "app/server/tlsbackend.h"
#include "app/server/tlshandshakes.h"
#include "app/server/tlsidentity.h"
#include "app/settings/hostname.h"
#include "core/lmtp/lmtpservice.h"
#include "core/session/imapservice.h"

#include <QCoreApplication>
#include <QJsonObject>
#include <QSslSocket>
#include <QSysInfo>

namespace Postnook
{

namespace
{

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

// How long the sessions' last bytes may take after the IMAP service has cut them.
constexpr auto StopSlackMs = 500;

Error tooLate()
{
    return {ErrorCode::Cancelled, u"the server is stopping"_s};
}

void noteNewAuthority(const Result<CertificatePaths> &made)
{
    if (made && made->madeCa) {
        qCInfo(lcNet).noquote()
            << u"made a certificate authority: mail programs have to be told to trust it, "
               "see 'postnook cert trust --help'"_s;
    }
}

LmtpOptions lmtpOptions(const Settings &settings)
{
    LmtpOptions options;
    const QString host = asciiHostName(QSysInfo::machineHostName());
    options.hostName = host.isEmpty() ? options.hostName : host.toLatin1();
    options.maxMessageBytes = settings.imap.maxRequestSize;
    return options;
}

// Null when the connection has gone already.
std::unique_ptr<QSslSocket> socketOf(qintptr descriptor)
{
    auto socket = std::make_unique<QSslSocket>();
    return socket->setSocketDescriptor(descriptor) ? std::move(socket) : nullptr;
}

HandshakeLimits handshakeLimits(const Settings &settings)
{
    return {settings.tlsHandshakeTimeoutMs, settings.maxTlsHandshakes};
}

} // namespace

// A certificate to be served, with the authority that made it, if that is the server's own.
struct LoadedCertificate {
    CertificatePair pair;
    QString caPath;
};

namespace
{

Result<LoadedCertificate>
loadCertificate(const QString &cert, const QString &key, const QString &ca)
{
    return loadCertificatePair(cert, key).transform([&ca](const CertificatePair &pair) {
        return LoadedCertificate{pair, ca};
    });
}

// What makes or renews the server's own where that is due. For a pool thread: it blocks.
std::function<Result<CertificatePaths>()> ownCertificate(const Settings &settings)
{
    return
        [dataDir = settings.dataDir, bound = settings.bindAddresses, further = settings.certNames] {
            return ensureLocalCertificate(
                dataDir, localCertificateNames(bound, further), QDateTime::currentDateTimeUtc());
        };
}

Result<LoadedCertificate> loadOwnCertificate(const Result<CertificatePaths> &made)
{
    noteNewAuthority(made);
    return made ? loadCertificate(made->cert, made->key, made->ca) : made.error();
}

} // namespace

Server::Server(Settings settings, SettingsSource source, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_reloader(std::move(source), m_settings, [this](const auto &next, const auto &done) {
        use(next, done);
    })
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
            m_control.reset();
            m_listeners.close();
            return error;
        }
    }
    for (const BoundPort &port : m_listeners.ports()) {
        qCInfo(lcNet).noquote() << u"listening on %1"_s.arg(port.toString());
    }
    keepHouse();
    m_hourly.start();
    m_sinceUtc = QDateTime::currentSecsSinceEpoch();
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
    if (const QString warning = placeWarning(m_settings.dataDir); !warning.isEmpty()) {
        qCWarning(lcNet).noquote() << warning;
    }
    auto storage = Storage::open(m_settings.dataDir, storageOptions(m_settings));
    if (!storage) {
        return StartError{exitCodeFor(storage.error()), storage.error().text};
    }
    m_storage = std::move(*storage);
    m_imap = std::make_unique<ImapService>(*m_storage, m_settings.imap);
    m_lmtp = std::make_unique<LmtpService>(*m_storage, lmtpOptions(m_settings));
    m_purge = std::make_unique<MailPurge>(*m_storage);
    return {};
}

std::optional<StartError> Server::openCertificate()
{
    if (const auto backend = checkTlsBackend(); !backend) {
        return StartError{ExitCode::Unavailable, backend.error().text};
    }
    if (m_settings.certPath.isEmpty()) {
        const auto own = loadOwnCertificate(ownCertificate(m_settings)());
        if (!own) {
            return StartError{ExitCode::CannotCreate, own.error().text};
        }
        serve(*own);
        return {};
    }
    const auto loaded = loadCertificate(m_settings.certPath, m_settings.keyPath, {});
    if (!loaded) {
        return StartError{ExitCode::Config, loaded.error().text};
    }
    serve(*loaded);
    return {};
}

void Server::serve(const LoadedCertificate &certificate)
{
    m_caPath = certificate.caPath;
    if (m_tls) {
        m_tls->setCertificate(certificate.pair);
    } else {
        m_tls = std::make_unique<TlsIdentity>(certificate.pair);
    }
    m_certificate = std::make_unique<CertificateWatcher>(certificate.pair);
    connect(m_certificate.get(), &CertificateWatcher::changed, this, &Server::useCertificate);
    warnOfValidity();
}

std::optional<StartError> Server::openPorts()
{
    m_handshakes =
        std::make_unique<TlsHandshakes>(*m_tls, handshakeLimits(m_settings), [this](auto socket) {
            addTo(*m_imap, std::move(socket));
        });
    std::optional<StartError> error;
    if (m_settings.bindPort) {
        error =
            m_listeners.bind(m_settings.bindAddresses,
                             *m_settings.bindPort,
                             PortKind::StartTls,
                             [this](qintptr descriptor) { addTo(*m_imap, socketOf(descriptor)); });
    }
    if (!error && m_settings.bindPortTls) {
        error = m_listeners.bind(m_settings.bindAddresses,
                                 *m_settings.bindPortTls,
                                 PortKind::Tls,
                                 [this](qintptr descriptor) { m_handshakes->add(descriptor); });
    }
    if (!error && m_settings.lmtpPort) {
        error =
            m_listeners.bind({QHostAddress(QHostAddress::LocalHost).toString()},
                             *m_settings.lmtpPort,
                             PortKind::Lmtp,
                             [this](qintptr descriptor) { addTo(*m_lmtp, socketOf(descriptor)); });
    }
    return error;
}

std::optional<StartError> Server::openControl()
{
    const RunningServer self{[this] { return m_certificate->served(); },
                             [this] { m_certificate->reload(); },
                             [this] { return m_listeners.ports(); }};
    m_control = std::make_unique<OwnerControl>(*m_storage, *m_imap, m_settings, self);
    m_control->handlers().add(u"status.server"_s,
                              [this](const auto &, const auto &done) { done(status()); });
    m_control->handlers().add(u"reload"_s,
                              [this](const auto &, const auto &done) { answerReload(done); });
    m_control->handlers().add(u"stop"_s, [this](const QJsonObject &, const ControlDone &done) {
        done(QJsonObject());
        // Not at once: it ends the connection that the answer goes to.
        QMetaObject::invokeMethod(this, &Server::stop, Qt::QueuedConnection);
    });
    if (const auto opened = m_control->open(*m_lock); !opened) {
        return StartError{ExitCode::OsError, opened.error().text};
    }
    return {};
}

// What is done without anybody asking.
void Server::keepHouse()
{
    m_purge->setRules({{SpecialUse::Trash, m_settings.purgeTrashAfterSeconds},
                       {SpecialUse::Junk, m_settings.purgeJunkAfterSeconds}});
    m_backups = std::make_unique<BackupSchedule>(m_control->backups(), *m_storage, m_settings);
    m_backups->start();
}

void Server::stop()
{
    if (m_stopDeadline.isActive()) {
        return;
    }
    qCInfo(lcNet) << "stopping";
    m_purge.reset(); // what it has begun to write is written
    Q_EMIT stopping();
    m_listeners.close();
    m_handshakes->clear();
    m_backups.reset();
    m_control->close();
    m_stopDeadline.start(m_settings.shutdownTimeoutMs + StopSlackMs);
    connect(m_imap.get(), &ImapService::drained, this, &Server::onDrained, Qt::QueuedConnection);
    connect(m_lmtp.get(), &LmtpService::drained, this, &Server::onDrained, Qt::QueuedConnection);
    m_imap->shutDown(m_settings.shutdownTimeoutMs);
    m_lmtp->shutDown();
}

void Server::reload()
{
    m_certificate->reload();
    m_reloader.reload([](const ReloadReport &) {});
}

void Server::answerReload(const ControlDone &done)
{
    m_certificate->reload();
    m_reloader.reload([done](const ReloadReport &report) { done(report.toJson()); });
}

// The certificate first: it is what may turn out to be wrong.
void Server::use(const Settings &next, const SettingsReloader::Applied &done)
{
    if (m_stopDeadline.isActive()) {
        return done(tooLate());
    }
    if (next.certPath == m_settings.certPath && next.keyPath == m_settings.keyPath) {
        takeUp(next);
        return done({});
    }
    withCertificate(next, [this, next, done](const Result<LoadedCertificate> &certificate) {
        if (!certificate) {
            return done(certificate.error());
        }
        if (m_stopDeadline.isActive()) {
            return done(tooLate());
        }
        serve(*certificate);
        takeUp(next);
        done({});
    });
}

void Server::withCertificate(const Settings &settings,
                             const std::function<void(const Result<LoadedCertificate> &)> &then)
{
    if (!settings.certPath.isEmpty()) {
        return then(loadCertificate(settings.certPath, settings.keyPath, {}));
    }
    m_storage
        ->run(JobClass::Background,
              [make = ownCertificate(settings)] { return loadOwnCertificate(make()); })
        .then(this, then);
}

// SettingEffect::AtOnce says for each key whether it is among these.
void Server::takeUp(const Settings &next)
{
    const bool hasOtherNames = next.certNames != m_settings.certNames;
    m_settings = next;
    m_imap->setOptions(next.imap);
    m_lmtp->setMaxMessageBytes(next.imap.maxRequestSize);
    m_handshakes->setLimits(handshakeLimits(next));
    m_storage->setLiveOptions(next.storage);
    keepHouse();
    if (hasOtherNames) {
        renewCertificate();
    }
}

void Server::onDrained()
{
    if (m_imap->sessionCount() == 0 && m_lmtp->isDrained()) {
        finish();
    }
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

QJsonObject Server::status() const
{
    QStringList boundPorts;
    for (const BoundPort &port : ports()) {
        boundPorts.append(port.toString());
    }
    const QJsonObject pair{{u"until"_s, certificate().notAfter.toSecsSinceEpoch()},
                           {u"fingerprint"_s, certificate().fingerprint}};
    return {{u"isRunning"_s, true},
            {u"version"_s, QCoreApplication::applicationVersion()},
            {u"since"_s, m_sinceUtc},
            {u"settingsFile"_s, m_reloader.file()},
            {u"settingsFaults"_s, QJsonArray::fromStringList(m_reloader.faults())},
            {u"restart"_s, QJsonArray::fromStringList(m_reloader.waitingForRestart())},
            {u"ports"_s, QJsonArray::fromStringList(boundPorts)},
            {u"certificate"_s, pair},
            {u"sessions"_s, sessionsToJson(m_imap->sessions())}};
}

template <typename Service>
void Server::addTo(Service &service, std::unique_ptr<QSslSocket> socket)
{
    if (socket != nullptr) {
        service.addConnection(std::make_unique<SocketTransport>(
            std::move(socket), *m_tls, m_settings.tlsHandshakeTimeoutMs));
    }
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
    m_storage->run(JobClass::Background, ownCertificate(m_settings))
        .then(this, [this](const Result<CertificatePaths> &renewed) {
            if (!renewed) {
                qCWarning(lcNet).noquote() << renewed.error().text;
            }
            noteNewAuthority(renewed);
            m_certificate->reload();
        });
}

} // namespace Postnook
