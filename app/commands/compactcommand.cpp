#include "app/commands/compactcommand.h"

#include "app/control/controlrequest.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"

#include <QJsonObject>
#include <QLocale>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString sizeText(qint64 bytes)
{
    return QLocale::c().formattedDataSize(bytes, 1);
}

ExitCode compactAccount(const Settings &settings, const QString &account)
{
    QJsonObject request{{u"command"_s, u"compact"_s}, {u"name"_s, account}, {u"begins"_s, true}};
    qint64 before = -1;
    qint64 after = -1;
    const auto goOn = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        const auto sizeBytes = reply.value("sizeBytes"_L1).toInteger(-1);
        before = before < 0 ? sizeBytes : before;
        after = sizeBytes;
        request.remove(u"begins"_s);
        return reply.value("isDone"_L1).toBool() ? std::nullopt : std::make_optional(request);
    };
    const auto performed = performRequests(settings, u"compact"_s, request, goOn);
    if (!performed) {
        return fail(performed.error());
    }
    // Mail that came meanwhile may have taken more than was given back.
    printResult(u"%1: %2 given back, %3 in use"_s.arg(
        account, sizeText(std::max<qint64>(before - after, 0)), sizeText(after)));
    return ExitCode::Ok;
}

} // namespace

ExitCode runCompact(const CommandLine &line, const Settings &settings)
{
    for (const QString &account : line.arguments) {
        if (const auto code = compactAccount(settings, account); code != ExitCode::Ok) {
            return code;
        }
    }
    return ExitCode::Ok;
}

QString compactDetails()
{
    return uR"(A running server does most of this by itself: every hour it drops deleted messages
whose time (undelete-retention) is over, and gives room back once an eighth of a database is unused.
This does it at once and to the end, for when the disk is needed: in small steps, so that mail
programs go on working. Deleted messages that can still be brought back keep their room; to have
that too, set undelete-retention lower.
)"_s;
}

} // namespace Postnook
