#include "app/control/controlrequest.h"

#include "app/control/accountcontrol.h"
#include "app/control/controlclient.h"
#include "app/control/controlhandlers.h"
#include "app/control/reachowner.h"

#include <QCoreApplication>
#include <QTimer>

#include <optional>

namespace Postnook
{

namespace
{

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
    std::optional<Result<QJsonObject>> reply;
    const auto own = [&](OwnerLock lock) {
        const OwnerLock held = std::move(lock);
        reply = performAsOwner(settings, request);
    };
    const auto ask = [&](const QString &controlSocket) {
        ControlClient client;
        if (!client.connectTo(controlSocket)) {
            return false;
        }
        reply = client.ask(request);
        return true;
    };
    if (const auto reached = reachOwner(settings.dataDir, purpose, {own, ask}); !reached) {
        return reached.error();
    }
    return *reply;
}

} // namespace Postnook
