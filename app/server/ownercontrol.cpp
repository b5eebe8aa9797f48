#include "app/server/ownercontrol.h"

#include "app/control/accountcontrol.h"
#include "app/control/certificatecontrol.h"
#include "app/control/backupcontrol.h"
#include "app/control/checkcontrol.h"
#include "app/control/compactcontrol.h"
#include "app/control/clientcontrol.h"
#include "app/control/controlserver.h"
#include "app/control/controlsocketpath.h"
#include "app/control/ownerlock.h"
#include "app/control/undeletecontrol.h"
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
    , m_sessions(std::make_unique<SessionControl>(storage, imap, settings.imap.maxRequestSize))
{
    const EndSessions endSessions = [&imap](AccountId account, const QByteArray &reason) {
        imap.endSessionsOf(account, reason);
    };
    m_accounts = std::make_unique<AccountControl>(storage, endSessions);
    m_checks = std::make_unique<CheckControl>(storage, endSessions);
    m_compact = std::make_unique<CompactControl>(storage);
    m_undelete = std::make_unique<UndeleteControl>(storage);
    m_certificates = std::make_unique<CertificateControl>(storage, settings, server);
    m_clients = std::make_unique<ClientControl>(storage, settings, server);
    m_backups = std::make_unique<BackupControl>(storage, m_dataDir, endSessions);
}

OwnerControl::~OwnerControl() = default;

Result<void> OwnerControl::open(OwnerLock &lock)
{
    const auto path = controlSocketPath(m_dataDir);
    if (!path) {
        return path.error();
    }
    m_socketPath = *path;
    ControlHandlers handlers;
    m_accounts->addTo(&handlers);
    m_checks->addTo(&handlers);
    m_compact->addTo(&handlers);
    m_undelete->addTo(&handlers);
    m_certificates->addTo(&handlers);
    m_clients->addTo(&handlers);
    m_backups->addTo(&handlers);
    m_sessions->addTo(&handlers);
    m_server = std::make_unique<ControlServer>(std::move(handlers));
    return m_server->listen(m_socketPath).and_then([&] {
        return lock.announceControlSocket(m_socketPath);
    });
}

void OwnerControl::close()
{
    m_server.reset();
}

} // namespace Postnook
