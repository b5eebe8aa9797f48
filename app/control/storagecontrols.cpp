#include "app/control/storagecontrols.h"

namespace Postnook
{

StorageControls::StorageControls(Storage &storage,
                                 const Settings &settings,
                                 const EndSessions &endSessions,
                                 const RunningServer &server)
    : m_accounts(storage, endSessions)
    , m_backups(storage, settings.dataDir, endSessions)
    , m_certificates(storage, settings, server)
    , m_checks(storage, endSessions)
    , m_clients(storage, settings, server)
    , m_compact(storage)
    , m_status(storage)
    , m_undelete(storage)
{
}

void StorageControls::addTo(ControlHandlers *handlers)
{
    m_accounts.addTo(handlers);
    m_backups.addTo(handlers);
    m_certificates.addTo(handlers);
    m_checks.addTo(handlers);
    m_clients.addTo(handlers);
    m_compact.addTo(handlers);
    m_status.addTo(handlers);
    m_undelete.addTo(handlers);
}

} // namespace Postnook
