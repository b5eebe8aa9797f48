#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

#include <QList>
#include <QString>

namespace Postnook {

struct CommandOption {
    QString name;      // without dashes
    QString valueName; // empty: a switch
    QString summary;
};

// One subcommand. Adding one is a file with its function and a row in commandtable.cpp.
struct Command {
    QString name;         // its words: "account add"
    QString argumentName; // "NAME"; empty: takes none
    QString summary;      // one line for the list of commands
    QList<CommandOption> options;
    ExitCode (*run)(const CommandLine &line);
};

const QList<Command> &commandTable();
// Without a command the program is the server.
const Command &defaultCommand();
// Taken with every command.
const QList<CommandOption> &commonOptions();

// Help for the command, or for all whose name begins with `words` (all when empty).
QString helpText(const QStringList &words);

} // namespace Postnook
