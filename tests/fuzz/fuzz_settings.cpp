#include "app/settings/inireader.h"
#include "app/settings/settingvalues.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QSet>

namespace Postnook::Fuzz
{

namespace
{

// What a value becomes is shown as a value again.
void checkValue(const SettingKey &key, const QString &text)
{
    const auto home = QStringLiteral("/home/somebody");
    Settings settings = defaultSettings();
    if (!setValue(key, text, home, settings)) {
        PROPERTY(valueText(key, settings) == valueText(key, defaultSettings()));
        return;
    }
    const QString shown = valueText(key, settings);
    Settings again = defaultSettings();
    PROPERTY2(setValue(key, shown, home, again), shown.toUtf8());
    PROPERTY2(valueText(key, again) == shown, shown.toUtf8());
}

} // namespace

void checkSettings(QByteArrayView data)
{
    const QByteArray bytes = data.toByteArray();
    const auto document = parseIni(bytes);
    const auto lines = bytes.count('\n') + bytes.count('\r') + 1;
    QSet<QString> keys;
    for (const IniEntry &entry : document.entries) {
        PROPERTY(entry.line >= 1 && entry.line <= lines);
        PROPERTY(!entry.key.isEmpty() && !keys.contains(entry.key.toLower()));
        keys.insert(entry.key.toLower());
        if (const SettingKey *key = findSettingKey(entry.key)) {
            checkValue(*key, entry.value);
        }
    }
    for (const IniFault &fault : document.faults) {
        PROPERTY(fault.line >= 0 && fault.line <= lines && !fault.text.isEmpty());
    }
}

} // namespace Postnook::Fuzz
