#include "storage/sqlite/databasecopy.h"

#include <QDir>

#include <sqlite3.h>

namespace Postnook::Sqlite
{

namespace
{

// No journal: what is half there is thrown away. One sync, when the last page has been written.
constexpr auto Pragmas = "PRAGMA journal_mode = OFF;"
                         "PRAGMA locking_mode = EXCLUSIVE;"
                         "PRAGMA synchronous = FULL;"
                         "PRAGMA fullfsync = ON;"
                         "PRAGMA cache_size = -4096;";

} // namespace

DatabaseCopy::DatabaseCopy(Database &from, const QString &to)
    : m_from(from)
    , m_path(to)
{
}

DatabaseCopy::~DatabaseCopy()
{
    sqlite3_backup_finish(m_backup);
    sqlite3_close_v2(m_to);
}

Result<std::unique_ptr<DatabaseCopy>>
DatabaseCopy::start(Database &from, const QString &to, const QByteArray &vfsName)
{
    std::unique_ptr<DatabaseCopy> copy(new DatabaseCopy(from, to));
    int code = sqlite3_open_v2(to.toUtf8().constData(),
                               &copy->m_to,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                               vfsName.isEmpty() ? nullptr : vfsName.constData());
    if (code == SQLITE_OK) {
        code = sqlite3_exec(copy->m_to, Pragmas, nullptr, nullptr, nullptr);
    }
    if (code != SQLITE_OK) {
        return copy->fail(code).error();
    }
    auto pageSize = from.statement("PRAGMA page_size");
    if (!pageSize.next()) {
        return pageSize.error().value_or(Error{ErrorCode::Internal, from.path()});
    }
    copy->m_pageBytes = pageSize.integer(0);
    copy->m_backup = sqlite3_backup_init(copy->m_to, "main", from.handle(), "main");
    if (copy->m_backup == nullptr) {
        return copy->fail(sqlite3_extended_errcode(copy->m_to)).error();
    }
    return copy;
}

Result<bool> DatabaseCopy::copyMore(int pages)
{
    const int code = sqlite3_backup_step(m_backup, pages);
    m_doneBytes =
        m_pageBytes * (sqlite3_backup_pagecount(m_backup) - sqlite3_backup_remaining(m_backup));
    if (code == SQLITE_OK) {
        return true;
    }
    return code == SQLITE_DONE ? Result<bool>(false) : fail(code);
}

// Which side it was is not told: of a full disk it is the copy, of damage it is the source.
Result<bool> DatabaseCopy::fail(int code)
{
    auto error = m_from.errorFor(code, "copy to a backup");
    error.text = QStringLiteral("%1 to %2: %3 (SQLite error %4)")
                     .arg(QDir::toNativeSeparators(m_from.path()),
                          QDir::toNativeSeparators(m_path),
                          QString::fromUtf8(sqlite3_errstr(code)))
                     .arg(code);
    return error;
}

} // namespace Postnook::Sqlite
