#include "app/commands/stopcommand.h"

#include "app/commands/commandline.h"
#include "app/control/controlclient.h"
#include "app/control/reachowner.h"
#include "app/settings/settings.h"
#include "app/terminal/console.h"

#include <QDeadlineTimer>
#include <QThread>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto PollMs = 50;
// Beyond the time that sessions get, for the last commits of a busy disk.
constexpr auto SlackMs = 30'000;

// A server may have hung up before its answer came. Other commands that own the folder for a while
// do not know the request.
Result<void> askToStop(ControlClient *client, const QString &dataDir)
{
    const auto reply = client->ask({{u"command"_s, u"stop"_s}});
    if (reply || reply.error().code == ErrorCode::Unavailable) {
        return {};
    }
    const auto holder = OwnerLock::holder(dataDir);
    return Error{ErrorCode::Busy,
                 u"%1 uses the data folder; it is no server and ends by itself"_s.arg(
                     holder ? holder->toString() : u"another command"_s)};
}

Result<void> waitUntilFree(const Settings &settings)
{
    const QDeadlineTimer deadline(settings.shutdownTimeoutMs + SlackMs);
    for (;;) {
        const auto lock = OwnerLock::acquire(settings.dataDir, u"stop"_s);
        if (lock) {
            return {};
        }
        if (lock.error().code != ErrorCode::Busy || deadline.hasExpired()) {
            return lock.error();
        }
        QThread::msleep(PollMs);
    }
}

} // namespace

ExitCode runStop(const CommandLine & /*line*/, const Settings &settings)
{
    bool isRunning = false;
    Result<void> stopped;
    const auto own = [](const OwnerLock &) {};
    const auto ask = [&](const QString &controlSocket) {
        ControlClient client;
        isRunning = client.connectTo(controlSocket);
        if (isRunning) {
            stopped = askToStop(&client, settings.dataDir);
        }
        return isRunning;
    };
    const auto reached = reachOwner(settings.dataDir, u"stop"_s, {own, ask});
    if (!reached || !stopped) {
        return fail(reached ? stopped.error() : reached.error());
    }
    if (!isRunning) {
        printMessage(u"no server runs on %1"_s.arg(settings.dataDir));
        return ExitCode::Ok;
    }
    const auto isFree = waitUntilFree(settings);
    return isFree ? ExitCode::Ok : fail(isFree.error());
}

QString stopDetails()
{
    return uR"(Commands in progress get some seconds (shutdown-timeout) to end; mail programs connect again when a server
runs again. Where none runs there is nothing to do, and the exit code is 0 as well.
)"_s;
}

} // namespace Postnook
