#include "app/commands/checkcommand.h"

#include "app/commands/console.h"
#include "app/commands/settingsfile.h"
#include "app/control/controlrequest.h"
#include "app/control/datafolder.h"

#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

ExitCode fail(const Error &error)
{
    printMessage(u"postnook: "_s + error.text);
    return exitCodeFor(error);
}

struct RescanCounts {
    qint64 described = 0;
    qint64 unreadable = 0;
};

// Step by step, so that a large account is no reason to give up waiting.
Result<RescanCounts> rescan(const Settings &settings, const QString &account)
{
    QJsonObject request{{u"command"_s, u"check.rescan"_s}, {u"name"_s, account}};
    RescanCounts counts;
    const auto goOn = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        counts.described += reply.value("described"_L1).toInteger();
        counts.unreadable += reply.value("unreadable"_L1).toInteger();
        request.insert(u"after"_s, reply.value("after"_L1));
        return reply.value("isLast"_L1).toBool() ? std::nullopt : std::make_optional(request);
    };
    const auto performed = performRequests(settings, u"check"_s, request, goOn);
    return performed ? Result(counts) : performed.error();
}

} // namespace

ExitCode runCheck(const CommandLine &line)
{
    if (!line.has(u"rescan"_s)) {
        printMessage(u"postnook: say what to check: --rescan"_s);
        return ExitCode::Usage;
    }
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::Config;
    }
    if (const auto folder = existingDataFolder(settings->dataDir); !folder) {
        return fail(folder.error());
    }
    ExitCode code = ExitCode::Ok;
    for (const QString &account : line.arguments) {
        const auto counts = rescan(*settings, account);
        if (!counts) {
            return fail(counts.error());
        }
        printResult(u"%1: %2 message texts described anew"_s.arg(account).arg(counts->described));
        if (counts->unreadable > 0) {
            printMessage(u"postnook: %1: %2 message texts cannot be read; they stay as they are"_s
                             .arg(account)
                             .arg(counts->unreadable));
            code = ExitCode::DataError;
        }
    }
    return code;
}

} // namespace Postnook
