#include "app/commands/settingsfile.h"

#include "app/commands/commandline.h"
#include "app/terminal/console.h"

#include <QFileInfo>

namespace Postnook
{

QString settingsFileFor(const CommandLine &line)
{
    if (!line.configFile.isEmpty()) {
        return line.configFile;
    }
    const QString usual = defaultConfigPath();
    return QFileInfo::exists(usual) ? usual : QString();
}

LoadedSettings loadSettingsFor(const CommandLine &line)
{
    return loadSettings(settingsFileFor(line), line.overrides);
}

void printFaults(const LoadedSettings &loaded)
{
    for (const QString &fault : loaded.faults) {
        printMessage(QStringLiteral("postnook: ") + fault);
    }
}

std::optional<Settings> usableSettings(const LoadedSettings &loaded)
{
    printFaults(loaded);
    if (!loaded.faults.isEmpty()) {
        return {};
    }
    // A short command is silent unless this very run asks for a log; serve sets its own level.
    if (loaded.originOf(QStringLiteral("log-level")).kind == SettingOrigin::Kind::CommandLine) {
        setLogLevel(loaded.settings.logLevel);
    }
    return loaded.settings;
}

} // namespace Postnook
