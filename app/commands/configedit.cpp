#include "app/commands/configedit.h"

#include "app/commands/configcommand.h"
#include "app/commands/firstrun.h"
#include "app/commands/settingsfile.h"
#include "app/settings/inieditor.h"
#include "app/settings/settingkeys.h"
#include "app/settings/settingstemplate.h"
#include "app/settings/settingvalues.h"
#include "app/settings/wholefile.h"
#include "app/terminal/console.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <optional>
#include <variant>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

struct Change {
    const SettingKey *key = nullptr;
    std::optional<QString> value; // none: the default
};

Error usageError(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<const SettingKey *> keyNamed(const QString &name)
{
    if (const SettingKey *key = findSettingKey(name)) {
        return key;
    }
    const QString nearest = nearestSettingKey(name);
    return usageError(
        nearest.isEmpty()
            ? u"unknown key '%1' (`postnook config check` prints all keys)"_s.arg(name)
            : u"unknown key '%1' (nearest known key: %2)"_s.arg(name, nearest));
}

// As a shell has it, a relative path begins at the current folder; in the file it would not.
QString writtenValue(const SettingKey &key, const QString &value)
{
    const bool isPath = std::holds_alternative<QString *(*)(Settings &)>(key.field);
    if (!isPath || value.startsWith(u'~')) {
        return value;
    }
    Settings scratch = defaultSettings();
    return setValue(key, value, QDir::currentPath(), scratch) ? valueText(key, scratch) : value;
}

Result<QList<Change>> changesToDefaults(const QStringList &names)
{
    QList<Change> changes;
    for (const QString &name : names) {
        const auto key = keyNamed(name);
        if (!key) {
            return key.error();
        }
        changes.append({*key, std::nullopt});
    }
    return changes;
}

Result<QList<Change>> changesFrom(QStringList words)
{
    // "KEY VALUE" beside the form of the file: a key has no = in it.
    if (words.size() == 2 && !words.first().contains(u'=')) {
        words = {words.first() + u'=' + words.last()};
    }
    QList<Change> changes;
    for (const QString &word : std::as_const(words)) {
        const qsizetype equals = word.indexOf(u'=');
        const auto key = keyNamed(word.left(equals));
        if (!key) {
            return key.error();
        }
        if (equals < 0) {
            return usageError(u"'%1' needs a value: postnook config set %1=VALUE"_s.arg(word));
        }
        changes.append({*key, writtenValue(**key, word.sliced(equals + 1).trimmed())});
    }
    return changes;
}

// The file's bytes, or those that the first run would write where there is no file yet.
struct SettingsText {
    QString path;
    QByteArray bytes;
    bool isNew = false;
};

Result<SettingsText> readText(const CommandLine &line)
{
    const QString path = settingsFileFor(line);
    if (path.isEmpty()) {
        return SettingsText{
            defaultConfigPath(), settingsTemplate(lowPortsHere()).toUtf8(), /*isNew=*/true};
    }
    QFile file(path);
    if (QFileInfo(path).isDir() || !file.open(QIODevice::ReadOnly)) {
        return Error{ErrorCode::Unavailable,
                     u"%1: cannot be read: %2"_s.arg(path, file.errorString())};
    }
    return SettingsText{path, file.readAll(), /*isNew=*/false};
}

struct Edited {
    QByteArray bytes;
    QList<int> lines; // of each change; 0: none
};

Result<Edited> edit(const SettingsText &text, const QList<Change> &changes)
{
    const Settings defaults = defaultSettings();
    Edited edited{text.bytes, {}};
    for (const Change &change : changes) {
        const QString key = change.key->name;
        const auto done = change.value
            ? setIniValue(edited.bytes, key, *change.value)
            : unsetIniValue(edited.bytes, key, valueText(*change.key, defaults));
        if (!done) {
            return Error{done.error().code, u"%1: %2"_s.arg(text.path, done.error().text)};
        }
        edited.bytes = done->bytes;
        edited.lines.append(done->line);
    }
    return edited;
}

bool areAllowed(const QList<Change> &changes, const QString &path)
{
    const QString folder = QFileInfo(path).absolutePath();
    return std::all_of(changes.begin(), changes.end(), [&folder](const Change &change) {
        Settings scratch = defaultSettings();
        return !change.value || setValue(*change.key, *change.value, folder, scratch);
    });
}

// What the change would make wrong. A file that was wrong before may stay so elsewhere: people mend
// one thing after the other.
QStringList
newFaults(const LoadedSettings &before, const LoadedSettings &after, const QList<Change> &changes)
{
    QStringList faults = after.faults;
    if (!before.faults.isEmpty() && areAllowed(changes, after.file)) {
        return {};
    }
    for (const QString &fault : before.faults) {
        faults.removeAll(fault);
    }
    const bool isAboutCertificate =
        std::any_of(changes.begin(), changes.end(), [](const Change &change) {
            return change.key->group == SettingGroup::Certificate;
        });
    return after.faults.isEmpty() && isAboutCertificate ? certificateFaults(after) : faults;
}

QString shownValue(const QString &value)
{
    return value.isEmpty() ? u"(empty)"_s : escapeControls(value);
}

void report(const Change &change,
            int line,
            const LoadedSettings &before,
            const LoadedSettings &after)
{
    const SettingKey &key = *change.key;
    const QString was = valueText(key, before.settings);
    const QString is = valueText(key, after.settings);
    const QString where = line > 0 ? u" (%1:%2)"_s.arg(after.file).arg(line) : QString();
    if (was == is) {
        printMessage(u"%1 is %2, as before%3."_s.arg(key.name, shownValue(is), where));
        return;
    }
    const QString when = key.effect == SettingEffect::AfterRestart
        ? u"A server that runs has to be started again to go by it."_s
        : u"A server that runs goes by it at once."_s;
    printMessage(u"%1 is now %2 and was %3%4. %5"_s.arg(
        key.name, shownValue(is), shownValue(was), where, when));
}

ExitCode changeFile(const CommandLine &line, const Result<QList<Change>> &changes)
{
    if (!changes) {
        printMessage(u"postnook: "_s + changes.error().text);
        return ExitCode::Usage;
    }
    const auto text = readText(line);
    const auto edited =
        text.and_then([&](const SettingsText &read) { return edit(read, *changes); });
    if (!edited) {
        fail(edited.error());
        return ExitCode::Config;
    }
    const LoadedSettings before = settingsOf(text->bytes, text->path);
    const LoadedSettings after = settingsOf(edited->bytes, text->path);
    const QStringList faults = newFaults(before, after, *changes);
    if (!faults.isEmpty()) {
        for (const QString &fault : faults) {
            printMessage(u"postnook: "_s + fault);
        }
        printMessage(u"postnook: nothing was changed"_s);
        return ExitCode::Config;
    }
    if (edited->bytes != text->bytes || text->isNew) {
        if (const auto written = writeWholeFile(text->path, edited->bytes); !written) {
            fail(written.error());
            return ExitCode::CannotCreate;
        }
    }
    if (text->isNew) {
        printMessage(u"%1 is new, with every setting explained."_s.arg(text->path));
    }
    for (qsizetype i = 0; i < changes->size(); ++i) {
        report(changes->at(i), edited->lines.at(i), before, after);
    }
    if (!after.faults.isEmpty()) {
        printMessage(u"The file still has other mistakes, and no server goes by it until they are "
                     "mended:"_s);
        printFaults(after);
    }
    return ExitCode::Ok;
}

} // namespace

ExitCode runConfigSet(const CommandLine &line)
{
    if (!line.overrides.isEmpty()) {
        return changeFile(line,
                          usageError(u"a setting is written without dashes here: postnook config "
                                     "set %1=VALUE"_s.arg(line.overrides.first().key)));
    }
    return changeFile(line,
                      line.has(u"default"_s) ? changesToDefaults(line.arguments)
                                             : changesFrom(line.arguments));
}

ExitCode runConfigUnset(const CommandLine &line)
{
    return changeFile(line, changesToDefaults(line.arguments));
}

QString configSetDetails()
{
    return u"KEY VALUE does as well: postnook config set log-level debug. Several at once are "
           u"checked\n"
           "together: postnook config set cert-path=mail.pem key-path=mail.key.\n"
           "The value is checked first; only its line of the settings file changes, comments "
           "stay.\n"
           "A running server sees the change by itself; the answer says where it needs a restart.\n"_s;
}

} // namespace Postnook
