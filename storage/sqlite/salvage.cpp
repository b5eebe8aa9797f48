#include "storage/sqlite/salvage.h"

#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/rowsalvage.h"
#include "storage/sqlite/verification.h"

#include <QDir>
#include <QFile>

#include <sqlite3.h>

namespace Postnook::Sqlite
{

namespace
{

QString native(const QString &path)
{
    return QDir::toNativeSeparators(path);
}

// The database as it is, with its log; closing it changes nothing. What says which tables there are
// may be unreadable: its version stands on the first page, and every table is then lost rows.
Result<std::unique_ptr<Database>>
openDamaged(const QString &path, const QByteArray &vfsName, size_t version)
{
    auto database = Database::open(path, Database::Mode::Reader, vfsName);
    if (!database) {
        return database;
    }
    sqlite3_db_config((*database)->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    // So that a file shorter than it should be is read as far as it goes. Nothing is written.
    sqlite3_db_config((*database)->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    if (auto set = (*database)->runScript("PRAGMA writable_schema = ON"); !set) {
        return set.error();
    }
    auto found = (*database)->statement("PRAGMA user_version");
    if (!found.next() || found.integer(0) != static_cast<qint64>(version)) {
        return found.error().value_or(
            Error{ErrorCode::NotPermitted,
                  QStringLiteral("The file %1 is of another version of Postnook, which has to"
                                 " repair it.")
                      .arg(native(path))});
    }
    return database;
}

Result<void> rename(const QString &from, const QString &to)
{
    if (!QFile::exists(from)) {
        return {};
    }
    QFile file(from);
    return file.rename(to)
        ? Result<void>()
        : Error{ErrorCode::Unavailable,
                QStringLiteral("cannot rename %1: %2").arg(native(from), file.errorString())};
}

QString damagedName(const QString &path, int number)
{
    return QStringLiteral("%1.damaged-%2").arg(path).arg(number);
}

int firstFreeNumber(const QString &path)
{
    int number = 1;
    while (QFile::exists(damagedName(path, number))
           || QFile::exists(damagedName(path, number) + QStringLiteral("-wal"))) {
        ++number;
    }
    return number;
}

Result<RepairReport> salvageInto(const SalvageParts &parts, const QString &from, const QString &to)
{
    const auto schema = mailSchema(parts.nowUtc);
    const auto damaged = openDamaged(from, parts.vfsName, schema.steps.size());
    if (!damaged) {
        return damaged.error();
    }
    auto fresh = Database::open(to, Database::Mode::Writer, parts.vfsName);
    if (!fresh) {
        return fresh.error();
    }
    if (auto made = migrate(**fresh, schema); !made) {
        return made.error();
    }
    LostRows lost(parts, **damaged, to);
    auto report = salvageRows(parts, **damaged, lost, **fresh);
    if (!report) {
        return report;
    }
    const auto faults = findFaults(**fresh, [] {});
    if (!faults) {
        return faults.error();
    }
    report->notes += *faults;
    (*fresh)->checkpoint(Database::Checkpoint::Truncate);
    return report;
}

// What is in it was made of mail that was damaged.
Result<void> removeSearchIndex(const SalvageParts &parts)
{
    for (const auto *suffix : {"", "-wal", "-shm"}) {
        const auto path = parts.folder + QStringLiteral("/search.db") + QLatin1StringView(suffix);
        if (auto removed = parts.files->remove(path); !removed) {
            return removed;
        }
    }
    return {};
}

} // namespace

Result<RepairReport> salvageMail(const SalvageParts &parts)
{
    const QString path = parts.folder + QStringLiteral("/mail.db");
    const QString fresh = path + QStringLiteral(".repaired");
    const QString log = QStringLiteral("-wal");
    const QString shared = QStringLiteral("-shm"); // nothing but SQLite's own
    for (const QString &leftOver : {fresh, fresh + log, fresh + shared}) {
        if (auto removed = parts.files->remove(leftOver); !removed) {
            return removed.error();
        }
    }
    const int number = firstFreeNumber(path);
    const bool wasCutShort = !QFile::exists(path) && number > 1;
    const QString kept = damagedName(path, wasCutShort ? number - 1 : number);
    if (wasCutShort) {
        if (auto renamed = rename(path + log, kept + log); !renamed) {
            return renamed.error();
        }
    }
    auto report = salvageInto(parts, wasCutShort ? kept : path, fresh);
    if (!report) {
        return report;
    }
    if (auto removed = removeSearchIndex(parts); !removed) {
        return removed.error();
    }
    // At no moment is there a mail.db without its log, or with another's.
    const auto renamed = rename(path, kept)
                             .and_then([&] { return rename(path + log, kept + log); })
                             .and_then([&] { return parts.files->remove(path + shared); })
                             .and_then([&] { return parts.files->remove(kept + shared); })
                             .and_then([&] { return rename(fresh, path); })
                             .and_then([&] { return parts.files->syncFolder(parts.folder); });
    if (!renamed) {
        return renamed.error();
    }
    report->keptAs = kept;
    return report;
}

} // namespace Postnook::Sqlite
