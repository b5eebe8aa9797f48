#include "app/commands/servecommand.h"

#include "app/commands/commandline.h"
#include "app/commands/console.h"
#include "app/commands/firstrun.h"
#include "app/commands/settingsfile.h"
#include "app/server/looplagprobe.h"
#include "app/server/netlog.h"
#include "app/server/openfiles.h"
#include "app/server/server.h"
#include "app/server/stopsignals.h"

#include <QCoreApplication>

#include <memory>
#include <optional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

void complain(const QString &text)
{
    printMessage(u"postnook: "_s + text);
}

// Measuring wakes the process ten times a second, so it is only done for who reads the result.
std::unique_ptr<LoopLagProbe> probeIfWanted()
{
    const bool wanted = lcNet().isDebugEnabled() || qEnvironmentVariableIsSet("POSTNOOK_LOOP_LAG");
    return wanted ? std::make_unique<LoopLagProbe>() : nullptr;
}

ExitCode serve(const Settings &settings,
               const SettingsSource &source,
               const std::optional<FirstRun> &firstRun)
{
    raiseOpenFileLimit();
    const StopSignals signals;
    Server server(settings, source);
    if (const auto error = server.start()) {
        complain(error->text);
        return error->code;
    }
    if (firstRun) {
        printMessage(firstRun->report(server, settings).join(u'\n'));
    }
    const auto probe = probeIfWanted();
    QObject::connect(&signals, &StopSignals::stopRequested, &server, &Server::stop);
    QObject::connect(&signals, &StopSignals::reloadRequested, &server, &Server::reload);
    QObject::connect(&server, &Server::finished, &QCoreApplication::quit);
    QCoreApplication::exec();
    if (probe) {
        qCInfo(lcNet).noquote() << probe->summary();
    }
    return ExitCode::Ok;
}

} // namespace

ExitCode runServe(const CommandLine &line)
{
    std::optional<FirstRun> firstRun;
    if (settingsFileFor(line).isEmpty()) {
        auto prepared = FirstRun::prepare(defaultConfigPath());
        if (!prepared) {
            complain(prepared.error().text);
            return ExitCode::CannotCreate;
        }
        firstRun = std::move(*prepared);
    }
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::Config;
    }
    setLogLevel(settings->logLevel);
    return serve(*settings, {settingsFileFor(line), line.overrides}, firstRun);
}

} // namespace Postnook
