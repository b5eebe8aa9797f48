#include "app/control/controlrequest.h"

#include "app/control/controlclient.h"
#include "app/control/controlhandlers.h"
#include "app/control/datafolder.h"
#include "app/control/reachowner.h"
#include "app/control/storagecontrols.h"

#include <QCoreApplication>
#include <QTimer>

#include <optional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// Asks until nothing follows.
Result<void> askAll(const QJsonObject &first,
                    const NextRequest &next,
                    const std::function<Result<QJsonObject>(const QJsonObject &)> &ask)
{
    std::optional<QJsonObject> request = first;
    while (request) {
        const auto reply = ask(*request);
        if (!reply) {
            return reply.error();
        }
        request = next(*reply);
    }
    return {};
}

Result<QJsonObject> handle(const ControlHandlers &handlers, const QJsonObject &request)
{
    std::optional<Result<QJsonObject>> reply;
    QTimer::singleShot(0, qApp, [&] {
        handlers.handle(request, [&reply](const Result<QJsonObject> &result) {
            reply = result;
            QCoreApplication::exit();
        });
    });
    QCoreApplication::exec();
    return reply.value_or(Error{ErrorCode::Cancelled, QStringLiteral("interrupted")});
}

Result<void>
performAsOwner(const Settings &settings, const QJsonObject &first, const NextRequest &next)
{
    if (const auto writable = writableDatabase(settings.dataDir); !writable) {
        return writable;
    }
    const auto storage = Storage::open(settings.dataDir, storageOptions(settings));
    if (!storage) {
        return storage.error();
    }
    ControlHandlers handlers;
    const EndSessions noSessions = [](AccountId, const QByteArray &) {};
    StorageControls controls(**storage, settings, noSessions);
    controls.addTo(&handlers);
    auto done = askAll(
        first, next, [&handlers](const QJsonObject &request) { return handle(handlers, request); });
    (*storage)->close();
    return done;
}

} // namespace

Result<QJsonObject>
performRequest(const Settings &settings, const QString &purpose, const QJsonObject &request)
{
    QJsonObject last;
    const auto keep = [&last](const QJsonObject &reply) -> std::optional<QJsonObject> {
        last = reply;
        return std::nullopt;
    };
    const auto performed = performRequests(settings, purpose, request, keep);
    return performed ? Result(last) : performed.error();
}

Result<void> performRequests(const Settings &settings,
                             const QString &purpose,
                             const QJsonObject &first,
                             const NextRequest &next)
{
    Result<void> performed;
    const auto own = [&](OwnerLock lock) {
        const OwnerLock held = std::move(lock);
        performed = performAsOwner(settings, first, next);
    };
    const auto ask = [&](const QString &controlSocket) {
        ControlClient client;
        if (!client.connectTo(controlSocket)) {
            return false;
        }
        performed = askAll(
            first, next, [&client](const QJsonObject &request) { return client.ask(request); });
        return true;
    };
    const auto reached = reachOwner(settings.dataDir, purpose, {own, ask});
    return reached ? performed : reached;
}

Result<std::optional<QJsonObject>> askRunning(const QString &dataDir, const QJsonObject &request)
{
    Result<std::optional<QJsonObject>> answer = std::optional<QJsonObject>();
    const auto own = [](const OwnerLock &) {}; // and lets go of it at once
    const auto ask = [&](const QString &controlSocket) {
        ControlClient client;
        if (!client.connectTo(controlSocket)) {
            return false;
        }
        const auto reply = client.ask(request);
        answer = reply ? Result(std::make_optional(*reply)) : reply.error();
        return true;
    };
    const auto reached = reachOwner(dataDir, request.value("command"_L1).toString(), {own, ask});
    return reached ? answer : reached.error();
}

} // namespace Postnook
