#pragma once

#include "app/settings/settingkeys.h"

#include <QString>
#include <QStringView>

#include <optional>

namespace Postnook
{

// What is allowed, in words that can follow "must be": "a number from 1 to 256".
QString allowedValues(const SettingKey &key);

// Writes the value into `settings`; false, and nothing is changed, when it is not allowed.
// `baseDir` is where a relative path begins. "~/" is the home folder; backslashes are literal.
bool setValue(const SettingKey &key,
              const QString &value,
              const QString &baseDir,
              Settings &settings);

// Takes the value of one key over as it is.
void copyValue(const SettingKey &key, const Settings &from, Settings &to);

// The value in a form that setValue() takes.
QString valueText(const SettingKey &key, const Settings &settings);

// A time with its unit, as settings have it ("30s", "5m", "2h", "30d", "1y"): in milliseconds;
// nullopt: it is none.
std::optional<qint64> parseDuration(QStringView text);
QString durationText(qint64 milliseconds);

} // namespace Postnook
