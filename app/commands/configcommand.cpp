#include "app/commands/configcommand.h"

#include "app/server/certificates.h"
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

// The files themselves, so that `config check` finds what `serve` would stumble over.
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

} // namespace

ExitCode runConfigCheck(const LoadedSettings &loaded, QTextStream &out, QTextStream &err)
{
    const QStringList faults = loaded.faults.isEmpty() ? certificateFaults(loaded) : loaded.faults;
    for (const QString &fault : faults) {
        err << fault << '\n';
    }
    out << (loaded.file.isEmpty() ? u"# no settings file"_s : "# settings file: "_L1 + loaded.file)
        << '\n';
    qsizetype width = 0;
    for (const SettingKey &key : settingKeys()) {
        width = std::max(width, lineOf(key, loaded.settings).size());
    }
    for (const SettingKey &key : settingKeys()) {
        const QString line = lineOf(key, loaded.settings);
        out << line.leftJustified(width) << "  # "_L1 << loaded.originOf(key.name).toString()
            << '\n';
    }
    out.flush();
    err.flush();
    return faults.isEmpty() ? ExitCode::Ok : ExitCode::Config;
}

} // namespace Postnook
