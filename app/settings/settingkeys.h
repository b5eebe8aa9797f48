#pragma once

#include "app/settings/settings.h"

#include <QLatin1StringView>
#include <QList>
#include <QString>
#include <QStringView>

#include <variant>

namespace Postnook
{

// The headings of the template.
enum class SettingGroup { Listening, Certificate, Files, Log, Mail, Limits, Timeouts };

// How the value of a key is written. File and FolderOrNone may be empty, Folder may not.
enum class SettingSyntax {
    Addresses,
    Names, // of servers; may be none
    Port,
    File,
    Folder,
    FolderOrNone,
    Level,
    Boolean,
    Count,
    Size,
    Duration,
    Capabilities,
};

// When a running server goes by a changed value.
enum class SettingEffect { AtOnce, AfterRestart };

// Where a key's value is kept: a function that finds it. The type tells what it holds.
using SettingField = std::variant<QStringList *(*)(Settings &),
                                  std::optional<quint16> *(*)(Settings &),
                                  QString *(*)(Settings &),
                                  LogLevel *(*)(Settings &),
                                  bool *(*)(Settings &),
                                  int *(*)(Settings &),
                                  qint64 *(*)(Settings &),
                                  quint64 *(*)(Settings &),
                                  HiddenCapabilities *(*)(Settings &)>;

// One row of the table that drives parsing, checks, `config check`, the template and the manual.
// Adding a setting is a member of Settings (its initialiser is the default) and a row here.
struct SettingKey {
    QLatin1StringView name;
    SettingGroup group;
    SettingSyntax syntax;
    SettingEffect effect; // AtOnce: Server::takeUp() sees to it
    SettingField field;
    QLatin1StringView doc; // a paragraph; a line break in it is kept
    qint64 least = 0; // Count, Size in bytes, Duration in milliseconds; both included
    qint64 most = 0;
    qint64 unitMs = 1; // Duration: milliseconds of one step of the field
};

const QList<SettingKey> &settingKeys();

// Compares without regard to case. Null when there is none.
const SettingKey *findSettingKey(QStringView name);
// The key with the fewest edits from `name`, by its name or one that people bring from elsewhere;
// empty when none is near.
QString nearestSettingKey(const QString &name);

} // namespace Postnook
