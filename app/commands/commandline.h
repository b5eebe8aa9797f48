#pragma once

#include "app/settings/settingsloader.h"
#include "storage/result.h"

#include <QList>
#include <QMultiHash>
#include <QString>
#include <QStringList>

namespace Postnook
{

struct Subcommand;

// What was typed behind the program's name, sorted.
struct CommandLine {
    const Subcommand *command = nullptr; // null with help or version only
    QStringList arguments; // behind the command's words; with help, the words too
    // The command's own, by name; empty value for a switch. value() is the last one given.
    QMultiHash<QString, QString> options;
    QString configFile; // empty: the usual place
    QList<SettingOverride> overrides; // --key=value, in order
    bool help = false;
    bool version = false;

    bool has(const QString &option) const { return options.contains(option); }
    // Of an option that may be given several times, in order.
    QStringList values(const QString &option) const;
};

// Options may stand anywhere, `--` ends them. The error is one line that says what is wrong, with
// the nearest thing that would be right.
Result<CommandLine> parseCommandLine(const QStringList &arguments);

} // namespace Postnook
