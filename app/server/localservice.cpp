#include "app/server/localservice.h"

#include "app/control/datafolder.h"
#include "app/server/ownercontrol.h"
#include "core/session/imapservice.h"

namespace Postnook
{

namespace
{

constexpr auto IdlePollMs = 20; // a person notices no such wait

} // namespace

LocalService::LocalService(const Settings &settings, OwnerLock lock)
    : m_settings(settings)
    , m_lock(std::move(lock))
{
}

LocalService::~LocalService() = default;

Result<std::unique_ptr<LocalService>> LocalService::open(const Settings &settings, OwnerLock lock)
{
    std::unique_ptr<LocalService> service(new LocalService(settings, std::move(lock)));
    if (const auto started = service->start(); !started) {
        return started.error();
    }
    return service;
}

Result<void> LocalService::start()
{
    if (const auto writable = writableDatabase(m_settings.dataDir); !writable) {
        return writable;
    }
    auto storage = Storage::open(m_settings.dataDir, storageOptions(m_settings));
    if (!storage) {
        return storage.error();
    }
    m_storage = std::move(*storage);
    m_imap = std::make_unique<ImapService>(*m_storage, m_settings.imap);
    m_control = std::make_unique<OwnerControl>(*m_storage, *m_imap, m_settings);
    return m_control->open(m_lock);
}

const QString &LocalService::controlSocket() const
{
    return m_control->socketPath();
}

void LocalService::stopWhenIdle()
{
    connect(&m_idlePoll, &QTimer::timeout, this, [this] {
        if (!m_control->isUsed() && m_imap->sessionCount() == 0) {
            stop();
        }
    });
    m_idlePoll.start(IdlePollMs);
}

void LocalService::stop()
{
    if (m_isStopping) {
        return;
    }
    m_isStopping = true;
    m_idlePoll.stop();
    m_control->close();
    connect(m_imap.get(), &ImapService::drained, this, &LocalService::finish, Qt::QueuedConnection);
    m_imap->shutDown(m_settings.shutdownTimeoutMs);
}

void LocalService::finish()
{
    m_storage->close();
    Q_EMIT finished();
}

} // namespace Postnook
