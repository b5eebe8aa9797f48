#include "app/settings/settingschanges.h"

#include "app/settings/settingvalues.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString shown(const QString &value)
{
    return value.isEmpty() ? u"(empty)"_s : value;
}

} // namespace

QString ChangedSetting::toString() const
{
    return key->name + ": "_L1 + shown(before) + " -> "_L1 + shown(after);
}

QList<ChangedSetting> changesBetween(const Settings &before, const Settings &after)
{
    QList<ChangedSetting> changes;
    for (const SettingKey &key : settingKeys()) {
        const ChangedSetting change{&key, valueText(key, before), valueText(key, after)};
        if (change.before != change.after) {
            changes.append(change);
        }
    }
    return changes;
}

QStringList toStrings(const QList<ChangedSetting> &changes)
{
    QStringList texts;
    for (const ChangedSetting &change : changes) {
        texts.append(change.toString());
    }
    return texts;
}

Settings withLiveSettings(const Settings &running, const Settings &wanted)
{
    Settings settings = running;
    for (const SettingKey &key : settingKeys()) {
        if (key.effect == SettingEffect::AtOnce) {
            copyValue(key, wanted, settings);
        }
    }
    return settings;
}

} // namespace Postnook
