#include "app/commands/commandline.h"

#include "app/commands/subcommandtable.h"
#include "app/settings/nearestname.h"
#include "app/settings/settingkeys.h"

#include <QRegularExpression>

#include <algorithm>
#include <optional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString hint(const QString &nearest)
{
    return nearest.isEmpty() ? u"see 'postnook --help'"_s : u"did you mean '%1'?"_s.arg(nearest);
}

Error usageError(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

const SubcommandOption *findOption(const QList<SubcommandOption> &options, const QString &name)
{
    const auto it = std::find_if(options.begin(), options.end(), [&name](const auto &option) {
        return option.name == name;
    });
    return it == options.end() ? nullptr : &*it;
}

// The option as any command has it: whether a value follows has to be known before the command is.
const SubcommandOption *findAnyOption(const QString &name)
{
    const SubcommandOption *found = findOption(commonOptions(), name);
    for (const Subcommand &command : subcommandTable()) {
        found = found ? found : findOption(command.options, name);
    }
    return found;
}

Error unknownOption(const QString &name, const QList<SubcommandOption> &own)
{
    QStringList names;
    for (const SubcommandOption &option : commonOptions() + own) {
        names += option.name;
    }
    QString nearest = nearestName(name, names);
    const QStringList longer =
        names.filter(QRegularExpression(u'^' + QRegularExpression::escape(name) + u'-'));
    if (nearest.isEmpty() && longer.size() == 1) {
        nearest = longer.first();
    }
    if (nearest.isEmpty()) {
        nearest = nearestSettingKey(name);
    }
    return usageError(u"unknown option --%1; %2"_s.arg(
        name, hint(nearest.isEmpty() ? QString() : u"--"_s + nearest)));
}

// The words may be fewer than a command has ("account").
Error unknownCommand(const QStringList &words)
{
    QStringList firstWords;
    QStringList secondWords;
    for (const Subcommand &command : subcommandTable()) {
        const QStringList name = command.name.split(u' ');
        firstWords += name.first();
        if (name.size() > 1 && name.first() == words.first()) {
            secondWords += name.at(1);
        }
    }
    if (secondWords.isEmpty()) {
        return usageError(u"unknown command '%1'; %2"_s.arg(
            words.first(), hint(nearestName(words.first(), firstWords))));
    }
    if (words.size() == 1) {
        return usageError(
            u"'%1' needs one of these behind it: %2"_s.arg(words.first(), secondWords.join(u", ")));
    }
    const QString nearest = nearestName(words.at(1), secondWords);
    return usageError(u"unknown command '%1 %2'; %3"_s.arg(
        words.first(),
        words.at(1),
        hint(nearest.isEmpty() ? QString() : words.first() + u' ' + nearest)));
}

// Null when the words begin no command's name.
const Subcommand *findCommand(const QStringList &words)
{
    if (words.isEmpty()) {
        return &defaultSubcommand();
    }
    for (const Subcommand &command : subcommandTable()) {
        const QStringList name = command.name.split(u' ');
        if (words.mid(0, name.size()) == name) {
            return &command;
        }
    }
    return nullptr;
}

QString needsValue(const SubcommandOption &option)
{
    return u"--%1 needs a value: --%1=%2"_s.arg(option.name, option.valueName);
}

struct SortedArguments {
    QStringList words;
    QMultiHash<QString, QString> options;
};

Result<SortedArguments> sortArguments(const QStringList &arguments)
{
    SortedArguments sorted;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (argument == "--"_L1) {
            sorted.words += arguments.mid(i + 1);
            break;
        }
        if (!argument.startsWith(u'-') || argument == "-"_L1) {
            sorted.words += argument;
            continue;
        }
        const QString text = argument == "-h"_L1 ? u"--help"_s : argument;
        const qsizetype equals = text.indexOf(u'=');
        const QString name = text.left(equals).mid(text.startsWith("--"_L1) ? 2 : 1);
        QString value = equals < 0 ? QString() : text.mid(equals + 1);
        const SubcommandOption *option = findAnyOption(name);
        const bool takesValue = option && !option->valueName.isEmpty();
        if (takesValue && equals < 0) {
            value = arguments.value(++i);
        }
        if (value.isEmpty() && findOption(commonOptions(), name) && takesValue) {
            return usageError(needsValue(*option));
        }
        if (option && !takesValue && equals >= 0) {
            return usageError(u"--%1 takes no value"_s.arg(name));
        }
        sorted.options.insert(name, value);
    }
    return sorted;
}

std::optional<Error> checkAgainstCommand(const CommandLine &line)
{
    for (auto it = line.options.begin(); it != line.options.end(); ++it) {
        const SubcommandOption *option = findOption(line.command->options, it.key());
        if (!option) {
            return unknownOption(it.key(), line.command->options);
        }
        const bool mayBeEmpty = option->valueName.isEmpty() || option->valueName.startsWith(u'[');
        if (it->isEmpty() && !mayBeEmpty) {
            return usageError(needsValue(*option));
        }
    }
    const Subcommand &command = *line.command;
    const QStringList wanted = command.argumentName.split(u' ', Qt::SkipEmptyParts);
    const QStringList needed = wanted.filter(QRegularExpression(u"^[^[]"_s));
    if (line.arguments.size() < needed.size()) {
        return usageError(u"'%1' needs %2"_s.arg(command.name, needed.join(u' ')));
    }
    const bool takesMore = command.argumentName.contains("..."_L1);
    if (line.arguments.size() > wanted.size() && !takesMore) {
        return usageError(u"'%1' is one word too many for '%2'"_s.arg(
            line.arguments.at(wanted.size()), command.name));
    }
    return {};
}

} // namespace

QStringList CommandLine::values(const QString &option) const
{
    QStringList values = options.values(option); // the last one first
    std::reverse(values.begin(), values.end());
    return values;
}

Result<CommandLine> parseCommandLine(const QStringList &arguments)
{
    const SplitArguments split = splitSettingArguments(arguments);
    if (!split.faults.isEmpty()) {
        return usageError(split.faults.first());
    }
    const Result<SortedArguments> sorted = sortArguments(split.rest);
    if (!sorted) {
        return sorted.error();
    }
    CommandLine line;
    line.overrides = split.overrides;
    line.options = sorted->options;
    line.help = line.options.remove(u"help"_s);
    line.version = line.options.remove(u"version"_s);
    line.configFile = line.options.value(u"config"_s);
    line.options.remove(u"config"_s);
    line.arguments = sorted->words;
    if (line.arguments.value(0) == "help"_L1) {
        line.arguments.removeFirst();
        line.help = true;
    }
    if (line.help || line.version) {
        return line;
    }
    line.command = findCommand(sorted->words);
    if (!line.command) {
        return unknownCommand(sorted->words);
    }
    if (!sorted->words.isEmpty()) {
        line.arguments.remove(0, line.command->name.split(u' ').size());
    }
    if (const auto error = checkAgainstCommand(line)) {
        return *error;
    }
    return line;
}

} // namespace Postnook
