#include "app/server/ownercontrol.h"

#include "app/control/controlserver.h"
#include "app/control/controlsocketpath.h"
#include "app/control/ownerlock.h"
#include "app/control/storagecontrols.h"
#include "app/server/sessioncontrol.h"
#include "app/settings/settings.h"
#include "core/session/imapservice.h"

namespace Postnook
{

OwnerControl::OwnerControl(Storage &storage,
                           ImapService &imap,
                           const Settings &settings,
                           const RunningServer &server)
    : m_dataDir(settings.dataDir)
    , m_sessions(std::make_unique<SessionControl>(storage, imap))
{
    const EndSessions endSessions = [&imap](AccountId account, const QByteArray &reason) {
        imap.endSessionsOf(account, reason);
    };
    m_controls = std::make_unique<StorageControls>(storage, settings, endSessions, server);
    m_controls->addTo(&m_handlers);
    m_sessions->addTo(&m_handlers);
}

OwnerControl::~OwnerControl() = default;

BackupControl &OwnerControl::backups() const
{
    return m_controls->backups();
}

Result<void> OwnerControl::open(OwnerLock &lock)
{
    const auto path = controlSocketPath(m_dataDir);
    if (!path) {
        return path.error();
    }
    m_socketPath = *path;
    m_server = std::make_unique<ControlServer>(m_handlers);
    return m_server->listen(m_socketPath).and_then([&] {
        return lock.announceControlSocket(m_socketPath);
    });
}

bool OwnerControl::isUsed() const
{
    return m_server && m_server->hasConnections();
}

void OwnerControl::close()
{
    m_server.reset();
}

} // namespace Postnook
