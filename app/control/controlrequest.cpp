#include "app/control/controlrequest.h"

#include "app/control/accountcontrol.h"
#include "app/control/controlclient.h"
#include "app/control/controlhandlers.h"
#include "app/control/ownerlock.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QThread>
#include <QTimer>

#include <optional>

namespace Postnook
{

namespace
{

// How long another command's short ownership, or a server that is starting, is waited for.
constexpr auto PatienceMs = 10'000;
constexpr auto PollMs = 50;

Result<QJsonObject> performAsOwner(const Settings &settings, const QJsonObject &request)
{
    const auto storage = Storage::open(settings.dataDir, settings.storage);
    if (!storage) {
        return storage.error();
    }
    ControlHandlers handlers;
    AccountControl accounts(**storage, [](AccountId, const QByteArray &) {});
    accounts.addTo(&handlers);

    std::optional<Result<QJsonObject>> reply;
    QTimer::singleShot(0, &accounts, [&] {
        handlers.handle(request, [&reply](const Result<QJsonObject> &result) {
            reply = result;
            QCoreApplication::exit();
        });
    });
    QCoreApplication::exec();
    (*storage)->close();
    return reply.value_or(Error{ErrorCode::Cancelled, QStringLiteral("interrupted")});
}

} // namespace

Result<QJsonObject>
performRequest(const Settings &settings, const QString &purpose, const QJsonObject &request)
{
    const QDeadlineTimer deadline(PatienceMs);
    for (;;) {
        const auto lock = OwnerLock::acquire(settings.dataDir, purpose);
        if (lock) {
            return performAsOwner(settings, request);
        }
        if (lock.error().code != ErrorCode::Busy) {
            return lock.error();
        }
        const auto holder = OwnerLock::holder(settings.dataDir);
        ControlClient client;
        if (holder && !holder->controlSocket.isEmpty() && client.connectTo(holder->controlSocket)) {
            return client.ask(request);
        }
        if (deadline.hasExpired()) {
            return lock.error();
        }
        QThread::msleep(PollMs);
    }
}

} // namespace Postnook
