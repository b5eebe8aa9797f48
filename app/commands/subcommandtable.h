#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

#include <QList>
#include <QString>

#include <variant>

namespace Postnook
{

struct Settings;

struct SubcommandOption {
    QString name; // without dashes
    QString valueName; // empty: a switch; "[NAME]": the value may be empty
    QString summary;
};

// What a command does. Those of the second kind work on a data folder that is there, and are given
// its settings.
using CommandFunction = std::variant<ExitCode (*)(const CommandLine &),
                                     ExitCode (*)(const CommandLine &, const Settings &)>;

// One subcommand. Adding one is a file with its function and a row in subcommandtable.cpp.
struct Subcommand {
    QString name; // its words: "account add"
    // "NAME", "NAME FILE..." (one or more files), "[KEY]" (may be left out); empty: takes none
    QString argumentName;
    QString summary; // one line for the list of commands
    QList<SubcommandOption> options;
    CommandFunction run;
    QString details = {}; // what its own help says beyond the summary
};

// As it is typed: "-f", "--help".
QString dashedName(const SubcommandOption &option);

const QList<Subcommand> &subcommandTable();
// Without a command the program is the server.
const Subcommand &defaultSubcommand();
// Taken with every command.
const QList<SubcommandOption> &commonOptions();

// Runs the command of the line. Without settings to go by, or a data folder where one is needed, it
// says so instead.
ExitCode runCommand(const CommandLine &line);

// Help for the command that `words` begin with, or for all whose name begins with them (all when
// empty).
QString helpText(const QStringList &words);

} // namespace Postnook
