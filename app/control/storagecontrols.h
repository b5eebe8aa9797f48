#pragma once

#include "app/control/accountcontrol.h"
#include "app/control/backupcontrol.h"
#include "app/control/certificatecontrol.h"
#include "app/control/checkcontrol.h"
#include "app/control/clientcontrol.h"
#include "app/control/compactcontrol.h"
#include "app/control/statuscontrol.h"
#include "app/control/undeletecontrol.h"

namespace Postnook
{

// The control requests that whoever owns a data folder can answer: a server, or a command for as
// long as it takes. Main thread.
class StorageControls
{
public:
    // All outlive this. `server`: what it serves, where it does.
    StorageControls(Storage &storage,
                    const Settings &settings,
                    const EndSessions &endSessions,
                    const RunningServer &server = {});

    void addTo(ControlHandlers *handlers);
    BackupControl &backups() { return m_backups; }

private:
    AccountControl m_accounts;
    BackupControl m_backups;
    CertificateControl m_certificates;
    CheckControl m_checks;
    ClientControl m_clients;
    CompactControl m_compact;
    StatusControl m_status;
    UndeleteControl m_undelete;
};

} // namespace Postnook
