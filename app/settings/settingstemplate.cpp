#include "app/settings/settingstemplate.h"

#include "app/settings/settingvalues.h"
#include "app/settings/wholefile.h"

#include <QFileInfo>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

constexpr auto LineLength = 96;

QString heading(SettingGroup group)
{
    switch (group) {
    case SettingGroup::Listening:
        return u"Where the server listens"_s;
    case SettingGroup::Certificate:
        return u"TLS certificate"_s;
    case SettingGroup::Files:
        return u"Files"_s;
    case SettingGroup::Log:
        return u"Log"_s;
    case SettingGroup::Mail:
        return u"Mail and accounts"_s;
    case SettingGroup::Limits:
        return u"Limits that protect the server; few people need to change them. Sizes are bytes, "
               "or numbers with K, M or G."_s;
    case SettingGroup::Timeouts:
        return u"Times, with a unit: ms, s, m (minutes), h, d, y."_s;
    }
    Q_UNREACHABLE();
}

QString introduction()
{
    return wrappedComment(
        u"Settings of Postnook, a personal mail server.\n"
        "Each line is key=value. A line that begins with # or ; is a comment; a comment behind a "
        "value is not possible. #key=value shows the default, which holds where the key is absent. "
        "Paths are written as they are, C:\\Mail\\key.pem too. "
        "`postnook config check` says whether all is well. Save the file as UTF-8. A running "
        "server "
        "takes changes up when the file is saved, but for the keys that say otherwise."_s);
}

QString effectText(const SettingKey &key)
{
    return key.effect == SettingEffect::AfterRestart
        ? u" A change takes effect when the server is started again."_s
        : QString();
}

// What this first file says beside the defaults.
struct FirstValue {
    QLatin1StringView key;
    QLatin1StringView value;
    QLatin1StringView why;
};

QList<FirstValue> firstValues(LowPorts lowPorts)
{
    QList<FirstValue> values{{"bind-addr"_L1, "127.0.0.1 ::1"_L1, {}}};
    if (lowPorts == LowPorts::Forbidden) {
        values.append({"bind-port"_L1,
                       "1143"_L1,
                       "The usual port is 143, but on this computer only the administrator may use "
                       "ports below 1024. Hence 1143: tell it to your mail program."_L1});
        values.append(
            {"bind-port-tls"_L1, "1993"_L1, "The usual port is 993; see above. Hence 1993."_L1});
    }
    return values;
}

} // namespace

QString wrappedComment(const QString &text)
{
    QString out;
    for (const QString &paragraph : text.split(u'\n')) {
        QString line = u"#"_s;
        for (const QString &word : paragraph.split(u' ')) {
            if (line.size() + 1 + word.size() > LineLength) {
                out += line + u'\n';
                line = u"#"_s;
            }
            line += u' ' + word;
        }
        out += line + u'\n';
    }
    return out;
}

QString settingsTemplate(LowPorts lowPorts)
{
    const Settings defaults = defaultSettings();
    const QList<FirstValue> values = firstValues(lowPorts);
    QString out = introduction();
    std::optional<SettingGroup> group;
    for (const SettingKey &key : settingKeys()) {
        if (group != key.group) {
            group = key.group;
            out += u'\n' + wrappedComment("---- "_L1 + heading(key.group));
        }
        out += u'\n' + wrappedComment(key.doc + effectText(key));
        const auto first =
            std::find_if(values.cbegin(), values.cend(), [&](const FirstValue &value) {
                return value.key == key.name;
            });
        if (first == values.cend()) {
            out += u'#' + key.name + u'=' + valueText(key, defaults) + u'\n';
            continue;
        }
        if (!first->why.isEmpty()) {
            out += wrappedComment(first->why);
        }
        out += key.name + u'=' + first->value + u'\n';
    }
    return out;
}

Result<void> writeSettingsTemplate(const QString &path, LowPorts lowPorts)
{
    if (QFileInfo::exists(path)) {
        return Error{ErrorCode::AlreadyExists, path + ": there is a file already"_L1};
    }
    return writeWholeFile(path, settingsTemplate(lowPorts).toUtf8());
}

} // namespace Postnook
