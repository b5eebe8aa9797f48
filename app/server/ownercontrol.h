#pragma once

#include "app/control/runningserver.h"
#include "storage/result.h"

#include <QString>

#include <memory>

namespace Postnook
{

class AccountControl;
class CertificateControl;
class BackupControl;
class CheckControl;
class CompactControl;
class ClientControl;
class ControlServer;
class ImapService;
class OwnerLock;
class SessionControl;
class Storage;
class UndeleteControl;
struct Settings;

// What the owner of a data folder does for the other commands of the same person: the control
// socket with all its requests. Main thread; owned by whoever owns the storage.
class OwnerControl
{
public:
    // All three outlive this. `server`: what it serves, where it does.
    OwnerControl(Storage &storage,
                 ImapService &imap,
                 const Settings &settings,
                 const RunningServer &server = {});
    ~OwnerControl();
    Q_DISABLE_COPY_MOVE(OwnerControl)

    // Listens, and says where in the file of the lock.
    Result<void> open(OwnerLock &lock);
    // Takes no more requests; those under way are answered to nobody.
    void close();
    const QString &socketPath() const { return m_socketPath; }
    BackupControl &backups() const { return *m_backups; }

private:
    QString m_dataDir;
    QString m_socketPath;
    std::unique_ptr<AccountControl> m_accounts;
    std::unique_ptr<CheckControl> m_checks;
    std::unique_ptr<CompactControl> m_compact;
    std::unique_ptr<UndeleteControl> m_undelete;
    std::unique_ptr<CertificateControl> m_certificates;
    std::unique_ptr<ClientControl> m_clients;
    std::unique_ptr<BackupControl> m_backups;
    std::unique_ptr<SessionControl> m_sessions;
    std::unique_ptr<ControlServer> m_server;
};

} // namespace Postnook
