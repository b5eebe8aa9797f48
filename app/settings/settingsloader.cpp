#include "app/settings/settingsloader.h"

#include "app/settings/inireader.h"
#include "app/settings/settinghints.h"
#include "app/settings/settingvalues.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

constexpr quint16 SmtpPort = 25;
constexpr auto MaxShownLength = 120; // of a line that is quoted in a message

QString quoted(const QString &line)
{
    const QString shown =
        line.size() > MaxShownLength ? line.first(MaxShownLength) + "..."_L1 : line;
    return escapeControls(shown);
}

QString faultLine(const QString &where, const QString &about, const QString &text)
{
    return about.isEmpty() ? where + ": "_L1 + text
                           : where + ": "_L1 + quoted(about) + ": "_L1 + text;
}

QString unknownKey(const QString &key)
{
    static const QStringList ofAccounts{u"account"_s, u"user"_s, u"username"_s, u"password"_s};
    if (ofAccounts.contains(key, Qt::CaseInsensitive)) {
        return u"accounts are no settings; `postnook account add NAME` makes one"_s;
    }
    const QString nearest = nearestSettingKey(key);
    return nearest.isEmpty() ? u"unknown key (`postnook config check` prints all keys)"_s
                             : u"unknown key (nearest known key: %1)"_s.arg(nearest);
}

qsizetype indexOf(const SettingKey *key)
{
    return std::distance(settingKeys().constData(), key);
}

// Builds up the settings, layer by layer.
class Loader
{
public:
    Loader()
    {
        m_loaded.settings = defaultSettings();
        m_loaded.origins.resize(settingKeys().size());
    }

    void readFile(const QString &path);
    void readBytes(const QByteArray &bytes, const QString &path);
    void addOverride(const SettingOverride &setting);
    LoadedSettings finish();

private:
    void set(const SettingOrigin &origin,
             const QString &key,
             const QString &value,
             const QString &baseDir);
    void fail(const SettingOrigin &origin, const QString &about, const QString &text);
    void failAt(QLatin1StringView key, const QString &text);

    LoadedSettings m_loaded;
};

void Loader::readFile(const QString &path)
{
    m_loaded.file = path;
    const QFileInfo info(path);
    if (info.isDir()) {
        m_loaded.faults.append(faultLine(path, {}, u"this is a folder, not a settings file"_s));
        return;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const QString why = u"cannot be read: "_s + file.errorString();
        m_loaded.faults.append(faultLine(path, {}, why));
        return;
    }
    const QByteArray bytes = file.readAll();
    if (file.error() != QFile::NoError) {
        const QString why = u"cannot be read: "_s + file.errorString();
        m_loaded.faults.append(faultLine(path, {}, why));
        return;
    }
    readBytes(bytes, path);
}

void Loader::readBytes(const QByteArray &bytes, const QString &path)
{
    m_loaded.file = path;
    const QString folder = QFileInfo(path).absolutePath();
    const IniDocument document = parseIni(bytes);
    for (const IniFault &fault : document.faults) {
        fail({SettingOrigin::Kind::File, path, fault.line}, fault.about, fault.text);
    }
    for (const IniEntry &entry : document.entries) {
        set({SettingOrigin::Kind::File, path, entry.line}, entry.key, entry.value, folder);
    }
}

void Loader::addOverride(const SettingOverride &setting)
{
    set({SettingOrigin::Kind::CommandLine, {}, 0}, setting.key, setting.value, QDir::currentPath());
}

void Loader::set(const SettingOrigin &origin,
                 const QString &key,
                 const QString &value,
                 const QString &baseDir)
{
    const QString about = key + u'=' + value;
    const SettingKey *known = findSettingKey(key);
    if (!known) {
        fail(origin, about, unknownKey(key));
        return;
    }
    m_loaded.origins[indexOf(known)] = origin;
    if (setValue(*known, value, baseDir, m_loaded.settings)) {
        return;
    }
    const QString hint = settingHint(*known, value);
    fail(origin,
         about,
         u"must be "_s + allowedValues(*known) + (hint.isEmpty() ? hint : u"; "_s + hint));
}

void Loader::fail(const SettingOrigin &origin, const QString &about, const QString &text)
{
    const bool inFile = origin.kind == SettingOrigin::Kind::File;
    const QString where = inFile && origin.line == 0 ? origin.file : origin.toString();
    const QString dashes = origin.kind == SettingOrigin::Kind::CommandLine ? u"--"_s : QString();
    m_loaded.faults.append(faultLine(where, about.isEmpty() ? about : dashes + about, text));
}

void Loader::failAt(QLatin1StringView key, const QString &text)
{
    const SettingKey *known = findSettingKey(QString(key));
    fail(m_loaded.origins.at(indexOf(known)),
         key + u'=' + valueText(*known, m_loaded.settings),
         text);
}

// What one key alone cannot tell. Only looked at when every key by itself is right, so that no
// fault is reported twice.
LoadedSettings Loader::finish()
{
    const Settings &s = m_loaded.settings;
    if (!m_loaded.faults.isEmpty()) {
        return m_loaded;
    }
    if (!s.bindPort && !s.bindPortTls) {
        failAt("bind-port-tls"_L1, u"bind-port and bind-port-tls are both off; set one of them"_s);
    }
    if (s.bindPort && s.bindPort == s.bindPortTls && *s.bindPort != 0) {
        const bool isTlsDefault =
            m_loaded.originOf(u"bind-port-tls"_s).kind == SettingOrigin::Kind::Default;
        failAt(
            isTlsDefault ? "bind-port"_L1 : "bind-port-tls"_L1,
            u"bind-port and bind-port-tls must be different, and both are %1"_s.arg(*s.bindPort));
    }
    if (s.lmtpPort == SmtpPort) {
        failAt("lmtp-port"_L1,
               u"port 25 is for SMTP and never for LMTP (RFC 2033); take another one, say 2400"_s);
    } else if (s.lmtpPort && *s.lmtpPort != 0
               && (s.lmtpPort == s.bindPort || s.lmtpPort == s.bindPortTls)) {
        failAt("lmtp-port"_L1,
               u"lmtp-port must be another one than %1, which is %2"_s.arg(
                   s.lmtpPort == s.bindPort ? u"bind-port"_s : u"bind-port-tls"_s,
                   QString::number(*s.lmtpPort)));
    }
    if (s.certPath.isEmpty() && !s.keyPath.isEmpty()) {
        failAt("key-path"_L1, u"cert-path must be set too, to the certificate of this key"_s);
    }
    if (!s.certPath.isEmpty() && s.keyPath.isEmpty()) {
        failAt("cert-path"_L1,
               u"key-path must be set too, to the private key of this certificate (it may be in "
               "the same file)"_s);
    }
    return m_loaded;
}

} // namespace

SplitArguments splitSettingArguments(const QStringList &arguments)
{
    SplitArguments split;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (argument == "--"_L1) {
            split.rest += arguments.sliced(i);
            break;
        }
        const qsizetype equals = argument.indexOf(u'=');
        const QString key = argument.startsWith("--"_L1)
            ? argument.sliced(2, (equals < 0 ? argument.size() : equals) - 2)
            : QString();
        if (!findSettingKey(key)) {
            split.rest.append(argument);
        } else if (equals >= 0) {
            split.overrides.append({key, argument.sliced(equals + 1)});
        } else if (i + 1 < arguments.size() && !arguments.at(i + 1).startsWith("--"_L1)) {
            split.overrides.append({key, arguments.at(++i)});
        } else {
            split.faults.append(u"command line: --%1: needs a value, as in --%1=VALUE"_s.arg(key));
        }
    }
    return split;
}

QString SettingOrigin::toString() const
{
    switch (kind) {
    case Kind::Default:
        return u"default"_s;
    case Kind::File:
        return file + u':' + QString::number(line);
    case Kind::CommandLine:
        return u"command line"_s;
    }
    Q_UNREACHABLE();
}

SettingOrigin LoadedSettings::originOf(const QString &key) const
{
    const SettingKey *known = findSettingKey(key);
    return known ? origins.at(indexOf(known)) : SettingOrigin();
}

LoadedSettings loadSettings(const QString &filePath, const QList<SettingOverride> &overrides)
{
    Loader loader;
    if (!filePath.isEmpty()) {
        loader.readFile(filePath);
    }
    for (const SettingOverride &setting : overrides) {
        loader.addOverride(setting);
    }
    return loader.finish();
}

LoadedSettings settingsOf(const QByteArray &bytes, const QString &filePath)
{
    Loader loader;
    loader.readBytes(bytes, filePath);
    return loader.finish();
}

} // namespace Postnook
