#pragma once

#include "app/settings/settingkeys.h"

#include <QString>

namespace Postnook
{

// What a person who wrote this value, which is not allowed, may have meant, as the end of a
// message: "write 30d"; empty: nothing that is known.
QString settingHint(const SettingKey &key, const QString &value);

} // namespace Postnook
