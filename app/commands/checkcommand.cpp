#include "app/commands/checkcommand.h"

#include "app/commands/console.h"
#include "app/commands/settingsfile.h"
#include "app/control/controlrequest.h"
#include "app/control/datafolder.h"

#include <QJsonObject>
#include <QLocale>

#include <algorithm>
#include <iterator>

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

ExitCode rescanAccount(const Settings &settings, const QString &account)
{
    const auto counts = rescan(settings, account);
    if (!counts) {
        return fail(counts.error());
    }
    printResult(u"%1: %2 message texts described anew"_s.arg(account).arg(counts->described));
    if (counts->unreadable > 0) {
        printMessage(
            u"postnook: %1: %2 message texts cannot be read; they stay as they are"_s.arg(account)
                .arg(counts->unreadable));
        return ExitCode::DataError;
    }
    return ExitCode::Ok;
}

QString mebibytes(const QJsonValue &bytes)
{
    return QLocale::c().toString(static_cast<double>(bytes.toInteger()) / (1024 * 1024), 'f', 1)
        + u" MiB"_s;
}

void printSizes(const QString &account, const QJsonObject &sizes)
{
    printResult(u"%1: search index: %2 message texts, %3 still to come; %4 of text take %5, and "
                "%6 of index"_s.arg(account)
                    .arg(sizes.value("contents"_L1).toInteger())
                    .arg(sizes.value("waiting"_L1).toInteger())
                    .arg(mebibytes(sizes.value("textBytes"_L1)),
                         mebibytes(sizes.value("storedTextBytes"_L1)),
                         mebibytes(sizes.value("indexBytes"_L1))));
}

ExitCode printAccountSizes(const Settings &settings, const QString &account)
{
    const auto sizes = performRequest(
        settings, u"check"_s, {{u"command"_s, u"check.size"_s}, {u"name"_s, account}});
    if (!sizes) {
        return fail(sizes.error());
    }
    printSizes(account, *sizes);
    return ExitCode::Ok;
}

ExitCode reindexAccount(const Settings &settings, const QString &account)
{
    if (!settings.searchIndex) {
        printMessage(u"postnook: search-index=false: there is no index to be made"_s);
        return ExitCode::Config;
    }
    QJsonObject request{
        {u"command"_s, u"check.index"_s}, {u"name"_s, account}, {u"afresh"_s, true}};
    QJsonObject sizes;
    const auto goOn = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        sizes = reply;
        request.remove(u"afresh"_s);
        return reply.value("waiting"_L1).toInteger() == 0 ? std::nullopt
                                                          : std::make_optional(request);
    };
    const auto performed = performRequests(settings, u"check"_s, request, goOn);
    if (!performed) {
        return fail(performed.error());
    }
    printSizes(account, sizes);
    return ExitCode::Ok;
}

struct Check {
    QString option;
    ExitCode (*run)(const Settings &settings, const QString &account);
};

const QList<Check> &checks()
{
    static const QList<Check> all{{u"rescan"_s, rescanAccount},
                                  {u"reindex"_s, reindexAccount},
                                  {u"sizes"_s, printAccountSizes}};
    return all;
}

} // namespace

ExitCode runCheck(const CommandLine &line)
{
    QList<Check> wanted;
    std::copy_if(checks().begin(), checks().end(), std::back_inserter(wanted), [&](const Check &c) {
        return line.has(c.option);
    });
    if (wanted.isEmpty()) {
        printMessage(u"postnook: say what to check: --rescan, --reindex or --sizes"_s);
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
        for (const Check &check : std::as_const(wanted)) {
            const ExitCode result = check.run(*settings, account);
            if (result != ExitCode::Ok && result != ExitCode::DataError) {
                return result;
            }
            code = result == ExitCode::Ok ? code : result;
        }
    }
    return code;
}

} // namespace Postnook
