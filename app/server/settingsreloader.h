#pragma once

#include "app/settings/settings.h"
#include "app/settings/settingschanges.h"
#include "app/settings/settingsloader.h"
#include "storage/result.h"

#include <QDateTime>
#include <QFileSystemWatcher>
#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <functional>

namespace Postnook
{

// Where the settings of this process came from, to be read again.
struct SettingsSource {
    QString file; // empty: none
    QList<SettingOverride> overrides; // stronger than the file, also when it changes
};

struct ReloadReport {
    QStringList faults; // not empty: nothing was changed
    QStringList changed; // "log-level: info -> debug"
    QStringList restart; // the same for what holds when the server is started again

    QJsonObject toJson() const;
};

// Reads the settings file again when it changes, or when told to, and has what may change at once
// taken up: one line of the log for each key. A file with faults changes nothing; the log says what
// is wrong. Watches the file's folder too, as editors rename a new file over the old one. Main
// thread.
class SettingsReloader : public QObject
{
    Q_OBJECT

public:
    using Applied = std::function<void(const Result<void> &)>;
    // Goes by the settings from now on, or says why not, and then goes by those before.
    using Apply = std::function<void(const Settings &next, const Applied &done)>;

    SettingsReloader(SettingsSource source,
                     Settings running,
                     Apply apply,
                     QObject *parent = nullptr);

    // Reads the file now. `done` is called once, perhaps at once.
    void reload(const std::function<void(const ReloadReport &)> &done);

    const QString &file() const { return m_source.file; }
    QStringList waitingForRestart() const;
    const QStringList &faults() const { return m_faults; } // of the file as it is

private:
    void watch();
    void onFolderChanged();
    void start();
    void finish(const LoadedSettings &loaded, const Result<void> &applied);
    void noteFaults(const QStringList &faults);

    struct Stamp {
        QDateTime modified;
        qint64 size = -1; // there is no file
        friend bool operator==(const Stamp &, const Stamp &) = default;
    };
    Stamp stamp() const;

    const SettingsSource m_source;
    const Apply m_apply;
    Settings m_running; // what the process goes by
    Settings m_wanted; // what the file said when it was last right
    QStringList m_faults;
    QFileSystemWatcher m_watcher;
    QTimer m_quiet;
    Stamp m_seen;
    bool m_isApplying = false;
    QList<std::function<void(const ReloadReport &)>> m_answering; // get the report under way
    QList<std::function<void(const ReloadReport &)>> m_waiting; // get the next
};

} // namespace Postnook
