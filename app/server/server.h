#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/ownerlock.h"
#include "app/server/listeners.h"
#include "app/server/settingsreloader.h"
#include "app/settings/settings.h"

#include <QDate>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>

class QSslSocket;

namespace Postnook
{

class BackupSchedule;
class CertificateWatcher;
class ImapService;
class LmtpService;
class MailPurge;
class OwnerControl;
class Storage;
class TlsHandshakes;
class TlsIdentity;
struct CertificatePair;
struct LoadedCertificate;

// The running server: owns the data folder, its storage, the certificate, the ports, the control
// socket and the IMAP service, and starts and ends them in the right order. Main thread.
class Server : public QObject
{
    Q_OBJECT

public:
    // `source` is where the settings are read again from.
    Server(Settings settings, SettingsSource source, QObject *parent = nullptr);
    ~Server() override;

    // Opens everything, or leaves nothing open. Blocks for moments: call before the event loop.
    std::optional<StartError> start();
    // Takes no more connections, says BYE to every session once its command has ended, closes the
    // storage. finished() follows within the shutdown timeout and the time a commit takes.
    void stop();
    // Reads the settings file and the certificate again.
    void reload();

    const QList<BoundPort> &ports() const;
    const CertificatePair &certificate() const;
    // What clients may be told to trust; empty when the certificate is not the server's own.
    const QString &caPath() const { return m_caPath; }
    // What status.server tells: since when it runs, on which ports, with which certificate, for
    // whom.
    QJsonObject status() const;

Q_SIGNALS:
    void stopping(); // stop() was called
    void finished();

private:
    std::optional<StartError> openFolder();
    std::optional<StartError> openCertificate();
    void serve(const LoadedCertificate &certificate);
    std::optional<StartError> openPorts();
    std::optional<StartError> openControl();
    void noteMissingAccounts();
    void keepHouse();
    void answerReload(const ControlDone &done);
    void use(const Settings &next, const SettingsReloader::Applied &done);
    void takeUp(const Settings &next);
    void withCertificate(const Settings &settings,
                         const std::function<void(const Result<LoadedCertificate> &)> &then);
    // Of IMAP or LMTP; no socket: nobody.
    template <typename Service>
    void addTo(Service &service, std::unique_ptr<QSslSocket> socket);
    void useCertificate(const CertificatePair &pair);
    void warnOfValidity();
    void renewCertificate();
    void onDrained();
    void finish();

    // In the order in which they are made; they go in the opposite one.
    Settings m_settings;
    std::optional<OwnerLock> m_lock;
    std::unique_ptr<Storage> m_storage;
    QString m_caPath;
    std::unique_ptr<CertificateWatcher> m_certificate;
    std::unique_ptr<TlsIdentity> m_tls;
    std::unique_ptr<ImapService> m_imap;
    std::unique_ptr<LmtpService> m_lmtp;
    std::unique_ptr<MailPurge> m_purge;
    std::unique_ptr<TlsHandshakes> m_handshakes;
    Listeners m_listeners;
    std::unique_ptr<OwnerControl> m_control;
    QTimer m_hourly;
    QDate m_lastWarned; // of the certificate's end
    std::unique_ptr<BackupSchedule> m_backups;
    SettingsReloader m_reloader;
    qint64 m_sinceUtc = 0; // seconds since 1970
    QTimer m_stopDeadline;
    bool m_finished = false;
};

} // namespace Postnook
