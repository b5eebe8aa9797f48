#include "app/commands/servecommand.h"

#include "app/commands/commandline.h"
#include "app/commands/firstrun.h"
#include "app/commands/settingsfile.h"
#include "app/server/looplagprobe.h"
#include "app/server/netlog.h"
#include "app/server/openfiles.h"
#include "app/server/server.h"
#include "app/server/servicemanager.h"
#include "app/server/stopsignals.h"
#include "app/settings/logfile.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"

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
    if (isLogApartFromStderr()) {
        qCCritical(lcNet).noquote() << text; // in the background nobody sees the other
    }
}

void tell(const QStringList &lines)
{
    if (!isLogApartFromStderr()) {
        return printMessage(lines.join(u'\n'));
    }
    for (const QString &line : lines) {
        if (!line.isEmpty()) {
            qCInfo(lcNet).noquote() << line;
        }
    }
}

// Empty: standard error.
QString logFileFor(const CommandLine &line, const Settings &settings)
{
    const bool wantsFile = line.has(u"background"_s) && !isStderrJournal();
    return settings.logFile.isEmpty() && wantsFile ? defaultLogFile() : settings.logFile;
}

// Null when the log stays where it is.
Result<std::unique_ptr<FileLogging>> beginLog(const QString &file, const Settings &settings)
{
    if (file.isEmpty()) {
        return std::unique_ptr<FileLogging>();
    }
    return FileLogging::begin({file, settings.logFileBytes, settings.logFileCount});
}

// Measuring wakes the process ten times a second, so it is only done for who reads the result.
std::unique_ptr<LoopLagProbe> probeIfWanted()
{
    const bool wanted = lcNet().isDebugEnabled() || qEnvironmentVariableIsSet("POSTNOOK_LOOP_LAG");
    return wanted ? std::make_unique<LoopLagProbe>() : nullptr;
}

QString statusOf(const Server &server)
{
    QStringList ports;
    for (const BoundPort &port : server.ports()) {
        ports += port.toString();
    }
    return u"listening on "_s + ports.join(u", "_s);
}

// What keeps the settings from being known has to be in the log of the background too.
void complainWithoutSettings(const CommandLine &line, const QStringList &faults)
{
    const Settings defaults;
    const auto log = beginLog(logFileFor(line, defaults), defaults);
    for (const QString &fault : faults) {
        complain(fault);
    }
}

ExitCode serve(const Settings &settings,
               const SettingsSource &source,
               const std::optional<FirstRun> &firstRun)
{
    raiseOpenFileLimit();
    const StopSignals signals;
    ServiceManager serviceManager;
    Server server(settings, source);
    if (const auto error = server.start()) {
        complain(error->text);
        return error->code;
    }
    if (firstRun) {
        tell(firstRun->report(server, settings));
    }
    const auto probe = probeIfWanted();
    serviceManager.ready(statusOf(server));
    QObject::connect(&server, &Server::stopping, &serviceManager, &ServiceManager::stopping);
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
            complainWithoutSettings(line, {prepared.error().text});
            return ExitCode::CannotCreate;
        }
        firstRun = std::move(*prepared);
    }
    const LoadedSettings loaded = loadSettingsFor(line);
    if (!loaded.faults.isEmpty()) {
        complainWithoutSettings(line, loaded.faults);
        return ExitCode::Config;
    }
    const Settings &settings = loaded.settings;
    setLogLevel(settings.logLevel);
    const QString logFile = logFileFor(line, settings);
    const auto log = beginLog(logFile, settings);
    if (!log) {
        complain(log.error().text);
        return ExitCode::CannotCreate;
    }
    if (!logFile.isEmpty() && standardErrorIsTerminal()) {
        printMessage(u"postnook: the log is in "_s + logFile);
    }
    return serve(settings, {settingsFileFor(line), line.overrides}, firstRun);
}

QString serveDetails()
{
    return uR"(At the first start, without a settings file, it writes one that explains every key, makes the data
folder and says what to do next. It stays in the foreground until Ctrl+C, 'postnook stop' or SIGTERM;
commands in progress get some seconds (shutdown-timeout) to end. SIGHUP reads the settings again.
Exit code: 78 when the settings have a mistake, 75 when another process uses the data folder, 69 when
a port cannot be used.
)"_s;
}

} // namespace Postnook
