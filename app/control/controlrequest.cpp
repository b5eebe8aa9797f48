#include "app/control/controlrequest.h"

#include "app/control/accountcontrol.h"
#include "app/control/certificatecontrol.h"
#include "app/control/backupcontrol.h"
#include "app/control/checkcontrol.h"
#include "app/control/compactcontrol.h"
#include "app/control/clientcontrol.h"
#include "app/control/controlclient.h"
#include "app/control/controlhandlers.h"
#include "app/control/reachowner.h"
#include "app/control/undeletecontrol.h"

#include <QCoreApplication>
#include <QTimer>

#include <optional>

namespace Postnook
{

namespace
{

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
    const auto storage = Storage::open(settings.dataDir, storageOptions(settings));
    if (!storage) {
        return storage.error();
    }
    ControlHandlers handlers;
    const EndSessions noSessions = [](AccountId, const QByteArray &) {};
    AccountControl accounts(**storage, noSessions);
    accounts.addTo(&handlers);
    CheckControl checks(**storage, noSessions);
    checks.addTo(&handlers);
    CompactControl compact(**storage);
    compact.addTo(&handlers);
    UndeleteControl undelete(**storage);
    undelete.addTo(&handlers);
    CertificateControl certificates(**storage, settings, {});
    certificates.addTo(&handlers);
    ClientControl clients(**storage, settings, {});
    clients.addTo(&handlers);
    BackupControl backups(**storage, settings.dataDir, noSessions);
    backups.addTo(&handlers);
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

} // namespace Postnook
