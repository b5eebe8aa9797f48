#pragma once

#include "app/commands/commandline.h"
#include "app/terminal/exitcode.h"

#include <QDateTime>

namespace Postnook
{

// `postnook restore FOLDER [ACCOUNT...] [--list] [--at WHEN] [--as NAME] [--replace] [--verify]`
ExitCode runRestore(const CommandLine &line);

QString restoreDetails();

// What --at names.
struct BackupTime {
    int generation = 0; // 0: the newest up to `at`
    QDateTime at;

    friend bool operator==(const BackupTime &, const BackupTime &) = default;
};
// "7", "2026-11-24", "2026-11-24 02:00": a day and a minute to their ends, in local time. Invalid.
Result<BackupTime> backupTimeFrom(const QString &text);

} // namespace Postnook
