#include "app/commands/manualpage.h"

#include "app/commands/manualtexts.h"
#include "app/commands/subcommandtable.h"
#include "app/settings/settingkeys.h"
#include "app/settings/settingvalues.h"

#include <QStringList>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// Plain text, so that none of it is a request or an escape.
QString escaped(const QString &text)
{
    QString out = text;
    out.replace(u'\\', u"\\e"_s);
    out.replace(u'-', u"\\-"_s); // as typed, to be copied and searched for
    out.replace(u'~', u"\\(ti"_s);
    out.replace(u'^', u"\\(ha"_s);
    out.replace(u'`', u"\\(ga"_s);
    out.replace(u'\'', u"\\(aq"_s);
    return out.startsWith(u'.') ? u"\\&"_s + out : out;
}

QString bold(const QString &text)
{
    return u"\\fB"_s + escaped(text) + u"\\fR"_s;
}

QString italic(const QString &text)
{
    return u"\\fI"_s + escaped(text) + u"\\fR"_s;
}

QString sentence(const QString &text)
{
    return escaped(text.left(1).toUpper() + text.mid(1)) + u".\n"_s;
}

// Lines that begin with a blank stay lines; others are filled, with empty ones between paragraphs.
QString flowed(const QString &text)
{
    QString out;
    bool isTable = false;
    for (const QString &line : text.trimmed().split(u'\n')) {
        const bool isRow = line.startsWith(u' ');
        if (isRow != isTable && !line.isEmpty()) {
            out += isRow ? u".nf\n"_s : u".fi\n"_s;
            isTable = isRow;
        }
        out += line.isEmpty() ? u".PP\n"_s : escaped(line) + u'\n';
    }
    return out + (isTable ? u".fi\n"_s : QString());
}

QString optionEntry(const SubcommandOption &option)
{
    const QString value = option.valueName.isEmpty() ? QString() : u' ' + italic(option.valueName);
    return u".TP\n"_s + bold(dashedName(option)) + value + u'\n' + sentence(option.summary);
}

QString commandEntry(const Subcommand &command)
{
    const QString argument =
        command.argumentName.isEmpty() ? QString() : u' ' + italic(command.argumentName);
    QString out = u".SS \""_s + escaped(command.name) + argument + u"\"\n"_s;
    out += sentence(command.summary);
    for (const SubcommandOption &option : command.options) {
        out += optionEntry(option);
    }
    return command.details.isEmpty() ? out : out + u".PP\n"_s + flowed(command.details);
}

QString commonEntries()
{
    QString out;
    for (const SubcommandOption &option : commonOptions()) {
        out += optionEntry(option);
    }
    return out + u".TP\n"_s + bold(u"--"_s) + italic(u"KEY"_s) + bold(u"="_s) + italic(u"VALUE"_s)
        + u"\nAny setting, stronger than the settings file.\n"_s;
}

bool dependsOnMachine(const SettingKey &key)
{
    return key.name == "data-dir"_L1 || key.name == "worker-pool-size"_L1;
}

QString settingEntry(const SettingKey &key, const Settings &defaults)
{
    QString out = u".TP\n"_s + bold(key.name) + u'\n';
    for (const QString &line : QString(key.doc).split(u'\n')) {
        out += escaped(line) + u"\n.br\n"_s;
    }
    out += u"Value: "_s + escaped(allowedValues(key)) + u".\n"_s;
    if (dependsOnMachine(key)) {
        return out;
    }
    const QString value = valueText(key, defaults);
    return out + u"Default: "_s + (value.isEmpty() ? u"empty"_s : escaped(value)) + u".\n"_s;
}

QString settingEntries()
{
    const Settings defaults = defaultSettings();
    QString out;
    for (const SettingKey &key : settingKeys()) {
        out += settingEntry(key, defaults);
    }
    return out;
}

} // namespace

QByteArray manualPage(const QString &version, const QDate &date)
{
    QString page = u".TH POSTNOOK 1 %1 \"Postnook %2\" \"User Commands\"\n"_s.arg(
        date.toString(Qt::ISODate), version);
    page += manualIntroduction() + u".SH COMMANDS\n"_s;
    for (const Subcommand &command : subcommandTable()) {
        page += commandEntry(command);
    }
    page += u".SH OPTIONS\nThese stand with every command, anywhere in the line.\n"_s;
    page += commonEntries() + manualAboutSettings() + settingEntries() + manualConclusion();
    return page.toUtf8();
}

} // namespace Postnook
