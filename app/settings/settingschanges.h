#pragma once

#include "app/settings/settingkeys.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Postnook
{

struct ChangedSetting {
    const SettingKey *key = nullptr;
    QString before;
    QString after;

    // "log-level: info -> debug"
    QString toString() const;
    friend bool operator==(const ChangedSetting &, const ChangedSetting &) = default;
};

// The keys whose values differ, in the order of the table.
QList<ChangedSetting> changesBetween(const Settings &before, const Settings &after);
QStringList toStrings(const QList<ChangedSetting> &changes);

// `running` with what of `wanted` holds at once.
Settings withLiveSettings(const Settings &running, const Settings &wanted);

} // namespace Postnook
