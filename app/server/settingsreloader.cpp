#include "app/server/settingsreloader.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

Q_LOGGING_CATEGORY(lcSettings, "postnook.settings")

// Editors write in several steps; this is well above the gap between them.
constexpr auto QuietMs = 300;

QList<ChangedSetting> withEffect(const QList<ChangedSetting> &changes, SettingEffect effect)
{
    QList<ChangedSetting> some;
    std::copy_if(changes.begin(),
                 changes.end(),
                 std::back_inserter(some),
                 [effect](const ChangedSetting &change) { return change.key->effect == effect; });
    return some;
}

} // namespace

QJsonObject ReloadReport::toJson() const
{
    return {{u"faults"_s, QJsonArray::fromStringList(faults)},
            {u"changed"_s, QJsonArray::fromStringList(changed)},
            {u"restart"_s, QJsonArray::fromStringList(restart)}};
}

SettingsReloader::SettingsReloader(SettingsSource source,
                                   Settings running,
                                   Apply apply,
                                   QObject *parent)
    : QObject(parent)
    , m_source(std::move(source))
    , m_apply(std::move(apply))
    , m_running(std::move(running))
    , m_wanted(m_running)
    , m_seen(stamp())
{
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(QuietMs);
    connect(&m_quiet, &QTimer::timeout, this, [this] { reload([](const ReloadReport &) {}); });
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { m_quiet.start(); });
    connect(&m_watcher,
            &QFileSystemWatcher::directoryChanged,
            this,
            &SettingsReloader::onFolderChanged);
    watch();
}

// A file that was renamed over is no longer watched, nor is a folder that was away for a while.
void SettingsReloader::watch()
{
    if (m_source.file.isEmpty()) {
        return;
    }
    const QFileInfo info(m_source.file);
    QStringList paths{info.absolutePath(), info.absoluteFilePath()};
    if (info.exists()) { // the file may be a link
        paths.append(QFileInfo(info.canonicalFilePath()).absolutePath());
    }
    for (const QString &path : std::as_const(paths)) {
        const bool isKnown =
            m_watcher.files().contains(path) || m_watcher.directories().contains(path);
        if (!isKnown && QFileInfo::exists(path)) {
            m_watcher.addPath(path);
        }
    }
}

SettingsReloader::Stamp SettingsReloader::stamp() const
{
    const QFileInfo info(m_source.file);
    return info.exists() ? Stamp{info.lastModified(), info.size()} : Stamp();
}

// The folder may be that of the data, where something changes all the time.
void SettingsReloader::onFolderChanged()
{
    watch();
    if (stamp() != m_seen) {
        m_quiet.start();
    }
}

void SettingsReloader::reload(const std::function<void(const ReloadReport &)> &done)
{
    m_waiting.append(done);
    if (!m_isApplying) {
        start();
    }
}

void SettingsReloader::start()
{
    m_answering = std::exchange(m_waiting, {});
    m_isApplying = true;
    watch();
    m_seen = stamp();
    const LoadedSettings loaded = loadSettings(m_source.file, m_source.overrides);
    if (!loaded.faults.isEmpty()) {
        return finish(loaded, {});
    }
    m_apply(withLiveSettings(m_running, loaded.settings),
            [this, loaded](const Result<void> &applied) { finish(loaded, applied); });
}

void SettingsReloader::finish(const LoadedSettings &loaded, const Result<void> &applied)
{
    ReloadReport report;
    report.faults = loaded.faults;
    if (!applied) {
        report.faults.append(applied.error().text);
    }
    noteFaults(report.faults);
    if (report.faults.isEmpty()) {
        const auto changes = changesBetween(m_running, loaded.settings);
        report.changed = toStrings(withEffect(changes, SettingEffect::AtOnce));
        report.restart = toStrings(withEffect(changes, SettingEffect::AfterRestart));
        // So that a log that is made louder, or quieter, has this in it.
        setLogLevel(std::max(m_running.logLevel, loaded.settings.logLevel));
        const auto news = changesBetween(m_wanted, loaded.settings);
        for (const QString &change : std::as_const(report.changed)) {
            qCInfo(lcSettings).noquote() << change;
        }
        for (const ChangedSetting &change : withEffect(news, SettingEffect::AfterRestart)) {
            qCInfo(lcSettings).noquote()
                << change.toString() + u"; it holds when the server is started again"_s;
        }
        m_running = withLiveSettings(m_running, loaded.settings);
        m_wanted = loaded.settings;
        setLogLevel(m_running.logLevel);
    }
    m_isApplying = false;
    for (const auto &done : std::exchange(m_answering, {})) {
        done(report);
    }
    if (!m_waiting.isEmpty() && !m_isApplying) {
        start();
    }
}

void SettingsReloader::noteFaults(const QStringList &faults)
{
    if (faults == m_faults) {
        return; // each trouble is logged once
    }
    m_faults = faults;
    for (const QString &fault : faults) {
        qCWarning(lcSettings).noquote() << fault;
    }
    if (!faults.isEmpty()) {
        qCWarning(lcSettings) << "the settings file has mistakes; what held before still holds";
    }
}

QStringList SettingsReloader::waitingForRestart() const
{
    return toStrings(withEffect(changesBetween(m_running, m_wanted), SettingEffect::AfterRestart));
}

} // namespace Postnook
