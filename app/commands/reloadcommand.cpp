#include "app/commands/reloadcommand.h"

#include "app/commands/askserver.h"
#include "app/terminal/console.h"

#include <QJsonArray>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QStringList linesOf(const QJsonObject &reply, QLatin1StringView field)
{
    QStringList lines;
    const auto values = reply.value(field).toArray();
    for (const auto &value : values) {
        lines.append(value.toString());
    }
    return lines;
}

} // namespace

ExitCode runReload(const CommandLine &line)
{
    const auto reply = askRunningServer(line, {{u"command"_s, u"reload"_s}});
    if (!reply) {
        return fail(reply.error());
    }
    const QStringList faults = linesOf(*reply, "faults"_L1);
    if (!faults.isEmpty()) {
        for (const QString &fault : faults) {
            printMessage(u"postnook: "_s + fault);
        }
        printMessage(u"postnook: nothing was changed; what held before still holds"_s);
        return ExitCode::Config;
    }
    const QStringList changed = linesOf(*reply, "changed"_L1);
    const QStringList restart = linesOf(*reply, "restart"_L1);
    for (const QString &change : changed) {
        printResult(change);
    }
    for (const QString &change : restart) {
        printResult(change + u" (holds when the server is started again)"_s);
    }
    if (changed.isEmpty() && restart.isEmpty()) {
        printMessage(u"The server goes by these settings already."_s);
    }
    return ExitCode::Ok;
}

QString reloadDetails()
{
    return u"The server does this by itself when the file is saved, and at SIGHUP. Here one sees\n"
           "what comes of it: each key that changed, what needs a restart, or what is wrong (exit\n"
           "code 78), and then nothing changes. A changed certificate is taken up as well.\n"_s;
}

} // namespace Postnook
