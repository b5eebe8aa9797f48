#include "app/commands/askserver.h"

#include "app/commands/commandline.h"
#include "app/commands/settingsfile.h"
#include "app/control/controlrequest.h"
#include "app/control/datafolder.h"
#include "app/terminal/console.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

Result<LoadedSettings> settingsForLooking(const CommandLine &line)
{
    const LoadedSettings loaded = loadSettingsFor(line);
    // Of a file that was named, the default might be another server's.
    const bool isKnown = loaded.faults.isEmpty() || line.configFile.isEmpty()
        || loaded.originOf(u"data-dir"_s).kind != SettingOrigin::Kind::Default;
    if (!isKnown) {
        printFaults(loaded);
        return Error{ErrorCode::Invalid, u"correct the settings first"_s};
    }
    if (const auto folder = existingDataFolder(loaded.settings.dataDir); !folder) {
        return folder.error();
    }
    return loaded;
}

Result<QJsonObject> askRunningServer(const CommandLine &line, const QJsonObject &request)
{
    const auto loaded = settingsForLooking(line);
    if (!loaded) {
        return loaded.error();
    }
    const QString &dataDir = loaded->settings.dataDir;
    const auto reply = askRunning(dataDir, request);
    if (!reply) {
        return reply.error();
    }
    if (!*reply) {
        return Error{ErrorCode::Unavailable,
                     u"no server runs on %1 (start one with 'postnook serve')"_s.arg(dataDir)};
    }
    return **reply;
}

} // namespace Postnook
