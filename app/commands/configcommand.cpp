#include "app/commands/configcommand.h"

#include "app/server/certificates.h"
#include "app/settings/settingstemplate.h"
#include "app/settings/settingvalues.h"

#include <QTextStream>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

QString lineOf(const SettingKey &key, const Settings &settings)
{
    return key.name + u'=' + valueText(key, settings);
}

void printLines(const QStringList &lines, QTextStream &stream)
{
    for (const QString &line : lines) {
        stream << line << '\n';
    }
    stream.flush();
}

void printAll(const LoadedSettings &loaded, QTextStream &out)
{
    out << (loaded.file.isEmpty() ? u"# no settings file"_s : "# settings file: "_L1 + loaded.file)
        << '\n';
    qsizetype width = 0;
    for (const SettingKey &key : settingKeys()) {
        width = std::max(width, lineOf(key, loaded.settings).size());
    }
    for (const SettingKey &key : settingKeys()) {
        const QString line = lineOf(key, loaded.settings);
        out << line.leftJustified(width) << "  # "_L1 << loaded.originOf(key.name).toString()
            << (key.effect == SettingEffect::AfterRestart ? "; a change needs a restart"_L1 : ""_L1)
            << '\n';
    }
    out.flush();
}

QStringList linesAbout(const SettingKey &key, const LoadedSettings &loaded)
{
    QStringList lines{lineOf(key, loaded.settings),
                      "# "_L1 + loaded.originOf(key.name).toString(),
                      "# default: "_L1 + valueText(key, defaultSettings()),
                      "# must be "_L1 + allowedValues(key),
                      key.effect == SettingEffect::AfterRestart ? u"# a change needs a restart"_s
                                                                : u"# a change holds at once"_s};
    lines.append(wrappedComment(key.doc).chopped(1).split(u'\n'));
    return lines;
}

} // namespace

QStringList certificateFaults(const LoadedSettings &loaded)
{
    const Settings &settings = loaded.settings;
    if (settings.certPath.isEmpty()) {
        return {};
    }
    const auto pair = loadCertificatePair(settings.certPath, settings.keyPath);
    if (pair) {
        return {};
    }
    const QString where = loaded.originOf(u"cert-path"_s).toString();
    return {u"%1: cert-path=%2: %3"_s.arg(
        where, escapeControls(settings.certPath), escapeControls(pair.error().text))};
}

ExitCode runConfigCheck(const LoadedSettings &loaded, QTextStream &out, QTextStream &err)
{
    const QStringList faults = loaded.faults.isEmpty() ? certificateFaults(loaded) : loaded.faults;
    printLines(faults, err);
    printAll(loaded, out);
    return faults.isEmpty() ? ExitCode::Ok : ExitCode::Config;
}

ExitCode
runConfigShow(const LoadedSettings &loaded, const QString &key, QTextStream &out, QTextStream &err)
{
    const SettingKey *known = findSettingKey(key);
    if (!key.isEmpty() && known == nullptr) {
        const QString nearest = nearestSettingKey(key);
        printLines({"postnook: unknown key '"_L1 + key + u'\''
                    + (nearest.isEmpty() ? u""_s : u" (nearest known key: %1)"_s.arg(nearest))},
                   err);
        return ExitCode::Usage;
    }
    printLines(loaded.faults, err);
    if (known != nullptr) {
        printLines(linesAbout(*known, loaded), out);
    } else {
        printAll(loaded, out);
    }
    return loaded.faults.isEmpty() ? ExitCode::Ok : ExitCode::Config;
}

QString configCheckDetails()
{
    return uR"(Where each value comes from is behind it: the settings file, the command line, or the default.
Mistakes are named with file, line, key and what is allowed, and the exit code is 78. The
certificate and key that the settings name are tried, too. A running server need not be stopped.
)"_s;
}

QString configShowDetails()
{
    return uR"(Of one key: its value, where that comes from, what is allowed and what it is about.
)"_s;
}

} // namespace Postnook
