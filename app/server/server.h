#pragma once

#include "app/control/ownerlock.h"
#include "app/server/listeners.h"
#include "app/settings/settings.h"

#include <QDate>
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
class MailPurge;
class OwnerControl;
class Storage;
class TlsHandshakes;
class TlsIdentity;
struct CertificatePair;

// The running server: owns the data folder, its storage, the certificate, the ports, the control
// socket and the IMAP service, and starts and ends them in the right order. Main thread.
class Server : public QObject
{
    Q_OBJECT

public:
    explicit Server(Settings settings, QObject *parent = nullptr);
    ~Server() override;

    // Opens everything, or leaves nothing open. Blocks for moments: call before the event loop.
    std::optional<StartError> start();
    // Takes no more connections, says BYE to every session once its command has ended, closes the
    // storage. finished() follows within the shutdown timeout and the time a commit takes.
    void stop();

    const QList<BoundPort> &ports() const;
    const CertificatePair &certificate() const;
    // What clients may be told to trust; empty when the certificate is not the server's own.
    const QString &caPath() const { return m_caPath; }

Q_SIGNALS:
    void finished();

private:
    std::optional<StartError> openFolder();
    std::optional<StartError> openCertificate();
    std::optional<StartError> openPorts();
    std::optional<StartError> openControl();
    void noteMissingAccounts();
    void addClearConnection(qintptr descriptor);
    void addConnection(std::unique_ptr<QSslSocket> socket);
    void useCertificate(const CertificatePair &pair);
    void warnOfValidity();
    void renewCertificate();
    void finish();

    // In the order in which they are made; they go in the opposite one.
    Settings m_settings;
    std::optional<OwnerLock> m_lock;
    std::unique_ptr<Storage> m_storage;
    QString m_caPath;
    std::unique_ptr<CertificateWatcher> m_certificate;
    std::unique_ptr<TlsIdentity> m_tls;
    std::unique_ptr<ImapService> m_imap;
    std::unique_ptr<MailPurge> m_purge;
    std::unique_ptr<TlsHandshakes> m_handshakes;
    Listeners m_listeners;
    std::unique_ptr<OwnerControl> m_control;
    QTimer m_hourly;
    QDate m_lastWarned; // of the certificate's end
    std::unique_ptr<BackupSchedule> m_backups;
    QTimer m_daily;
    QTimer m_stopDeadline;
    bool m_finished = false;
};

} // namespace Postnook
