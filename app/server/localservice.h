#pragma once

#include "app/control/ownerlock.h"
#include "app/settings/settings.h"
#include "storage/result.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace Postnook
{

class ImapService;
class OwnerControl;
class Storage;

// The owner of a data folder for as long as a command takes: storage, IMAP service and control
// socket as a server has them, and no ports. Main thread.
class LocalService : public QObject
{
    Q_OBJECT

public:
    // Opens everything, or leaves nothing open. Blocks for moments.
    static Result<std::unique_ptr<LocalService>> open(const Settings &settings, OwnerLock lock);
    ~LocalService() override;

    const QString &controlSocket() const;
    // stop(), as soon as no other command goes on through this one: those may have come meanwhile.
    void stopWhenIdle();
    // Ends what sessions there still are and closes the storage; finished() follows.
    void stop();

Q_SIGNALS:
    void finished();

private:
    LocalService(const Settings &settings, OwnerLock lock);
    Result<void> start();
    void finish();

    // In the order in which they are made; they go in the opposite one.
    Settings m_settings;
    OwnerLock m_lock;
    std::unique_ptr<Storage> m_storage;
    std::unique_ptr<ImapService> m_imap;
    std::unique_ptr<OwnerControl> m_control;
    QTimer m_idlePoll;
    bool m_isStopping = false;
};

} // namespace Postnook
