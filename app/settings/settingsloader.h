#pragma once

#include "app/settings/settings.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Postnook
{

// One --key=value of the command line.
struct SettingOverride {
    QString key;
    QString value;

    friend bool operator==(const SettingOverride &, const SettingOverride &) = default;
};

// Arguments without the settings among them. `rest` keeps everything else in its order.
struct SplitArguments {
    QStringList rest;
    QList<SettingOverride> overrides;
    QStringList faults; // one line each
};

// Takes `--key=value` and `--key value` of every known key out of the arguments, up to a `--`.
// An unknown --name stays in `rest` for the command's own parser.
SplitArguments splitSettingArguments(const QStringList &arguments);

struct SettingOrigin {
    enum class Kind { Default, File, CommandLine };

    Kind kind = Kind::Default;
    QString file;
    int line = 0;

    QString toString() const; // "default", "/etc/postnook.ini:12", "command line"

    friend bool operator==(const SettingOrigin &, const SettingOrigin &) = default;
};

struct LoadedSettings {
    QString file; // that was read; empty: none
    Settings settings; // only to be used when there are no faults
    QList<SettingOrigin> origins; // as many as settingKeys(), in its order
    QStringList faults; // one line for people each; empty: all is well

    SettingOrigin originOf(const QString &key) const;
};

// Defaults, then the file, then the command line. `filePath` empty: no file. A file that is named
// must be there. Reads nothing but that file; every fault is reported, not only the first.
LoadedSettings loadSettings(const QString &filePath, const QList<SettingOverride> &overrides);
// What they would be if the file at `filePath` had these bytes.
LoadedSettings settingsOf(const QByteArray &bytes, const QString &filePath);

} // namespace Postnook
