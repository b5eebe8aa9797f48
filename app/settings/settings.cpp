#include "app/settings/settings.h"

#include "core/search/searchtext.h"

#include <QDir>
#include <QStandardPaths>
#include <QThread>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

QString locationOf(QStandardPaths::StandardLocation location)
{
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    return QStandardPaths::writableLocation(location) + "/Postnook"_L1;
#else
    return QStandardPaths::writableLocation(location) + "/postnook"_L1;
#endif
}

} // namespace

Settings defaultSettings()
{
    Settings settings;
    settings.dataDir = defaultDataDir();
    settings.storage.workers = QThread::idealThreadCount();
    constexpr qint64 MiB = 1024LL * 1024;
    settings.storage.lowDiskBytes = 1024 * MiB;
    settings.storage.diskReserveBytes = 32 * MiB;
    return settings;
}

StorageOptions storageOptions(const Settings &settings)
{
    StorageOptions options = settings.storage;
    if (settings.searchIndex) {
        options.searchTexts = {SearchTextVersion, makeSearchText};
    }
    return options;
}

QString defaultDataDir()
{
    return locationOf(QStandardPaths::GenericDataLocation);
}

QString defaultConfigPath()
{
    // Only Linux has a folder for files that people edit apart from those that programs write.
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    return defaultDataDir() + "/postnook.ini"_L1;
#else
    return locationOf(QStandardPaths::GenericConfigLocation) + "/postnook.ini"_L1;
#endif
}

QString defaultLogFile()
{
#if defined(Q_OS_WIN)
    return defaultDataDir() + "/log/postnook.log"_L1;
#elif defined(Q_OS_MACOS)
    return QDir::homePath() + "/Library/Logs/Postnook/postnook.log"_L1;
#else
    // The XDG Base Directory Specification's place for logs; Qt 6.4 does not know it.
    const QString state = qEnvironmentVariable("XDG_STATE_HOME");
    return (QDir::isAbsolutePath(state) ? state : QDir::homePath() + "/.local/state"_L1)
        + "/postnook/postnook.log"_L1;
#endif
}

} // namespace Postnook
