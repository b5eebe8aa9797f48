#pragma once

#include "app/commands/commandline.h"
#include "app/commands/exitcode.h"

#include <QList>
#include <QString>

namespace Postnook
{

struct SubcommandOption {
    QString name; // without dashes
    QString valueName; // empty: a switch
    QString summary;
};

// One subcommand. Adding one is a file with its function and a row in subcommandtable.cpp.
struct Subcommand {
    QString name; // its words: "account add"
    QString argumentName; // "NAME", "NAME FILE..." (one or more files); empty: takes none
    QString summary; // one line for the list of commands
    QList<SubcommandOption> options;
    ExitCode (*run)(const CommandLine &line);
    QString details = {}; // what its own help says beyond the summary
    int optionalArguments = 0; // so many of the last arguments need not be there
};

const QList<Subcommand> &subcommandTable();
// Without a command the program is the server.
const Subcommand &defaultSubcommand();
// Taken with every command.
const QList<SubcommandOption> &commonOptions();

// Help for the command, or for all whose name begins with `words` (all when empty).
QString helpText(const QStringList &words);

} // namespace Postnook
