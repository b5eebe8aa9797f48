#include "app/server/localservice.h"

#include "app/control/accountcontrol.h"
#include "app/control/controlserver.h"
#include "app/control/controlsocketpath.h"
#include "app/server/sessioncontrol.h"
#include "core/session/imapservice.h"

namespace Postnook
{

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
    auto storage = Storage::open(m_settings.dataDir, m_settings.storage);
    if (!storage) {
        return storage.error();
    }
    m_storage = std::move(*storage);
    m_imap = std::make_unique<ImapService>(*m_storage, m_settings.imap);
    const auto path = controlSocketPath(m_settings.dataDir);
    if (!path) {
        return path.error();
    }
    m_controlSocket = *path;
    m_accounts = std::make_unique<AccountControl>(
        *m_storage, [this](AccountId account, const QByteArray &reason) {
            m_imap->endSessionsOf(account, reason);
        });
    m_sessions =
        std::make_unique<SessionControl>(*m_storage, *m_imap, m_settings.imap.maxRequestSize);
    ControlHandlers handlers;
    m_accounts->addTo(&handlers);
    m_sessions->addTo(&handlers);
    m_control = std::make_unique<ControlServer>(std::move(handlers));
    return m_control->listen(m_controlSocket).and_then([this] {
        return m_lock.announceControlSocket(m_controlSocket);
    });
}

void LocalService::stop()
{
    if (m_isStopping) {
        return;
    }
    m_isStopping = true;
    m_control.reset();
    connect(m_imap.get(), &ImapService::drained, this, &LocalService::finish, Qt::QueuedConnection);
    m_imap->shutDown(m_settings.shutdownTimeoutMs);
}

void LocalService::finish()
{
    m_storage->close();
    Q_EMIT finished();
}

} // namespace Postnook
