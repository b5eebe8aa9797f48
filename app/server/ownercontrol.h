#pragma once

#include "app/control/controlhandlers.h"
#include "app/control/runningserver.h"
#include "storage/result.h"

#include <QString>

#include <memory>

namespace Postnook
{

class BackupControl;
class ControlServer;
class ImapService;
class OwnerLock;
class SessionControl;
class Storage;
class StorageControls;
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

    // What else this owner is to be asked for, to be added before open().
    ControlHandlers &handlers() { return m_handlers; }
    // Listens, and says where in the file of the lock.
    Result<void> open(OwnerLock &lock);
    // Takes no more requests; those under way are answered to nobody.
    void close();
    // Whether a command is connected, apart from those that became sessions.
    bool isUsed() const;
    const QString &socketPath() const { return m_socketPath; }
    BackupControl &backups() const;

private:
    QString m_dataDir;
    QString m_socketPath;
    std::unique_ptr<SessionControl> m_sessions;
    std::unique_ptr<StorageControls> m_controls;
    ControlHandlers m_handlers;
    std::unique_ptr<ControlServer> m_server;
};

} // namespace Postnook
