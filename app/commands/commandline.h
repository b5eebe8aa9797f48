#pragma once

#include "app/settings/settingsloader.h"
#include "storage/result.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace Postnook
{

struct Subcommand;

// What was typed behind the program's name, sorted.
struct CommandLine {
    const Subcommand *command = nullptr; // null with help or version only
    QStringList arguments; // behind the command's words; with help, the words too
    QHash<QString, QString> options; // the command's own, by name; empty value for a switch
    QString configFile; // empty: the usual place
    QList<SettingOverride> overrides; // --key=value, in order
    bool help = false;
    bool version = false;

    bool has(const QString &option) const { return options.contains(option); }
};

// Options may stand anywhere, `--` ends them. The error is one line that says what is wrong, with
// the nearest thing that would be right.
Result<CommandLine> parseCommandLine(const QStringList &arguments);

} // namespace Postnook
