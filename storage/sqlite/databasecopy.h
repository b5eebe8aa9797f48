#pragma once

#include "storage/sqlite/database.h"

struct sqlite3_backup;

namespace Postnook::Sqlite
{

// Copies a whole database, page by page, as one connection sees it: in a transaction of that
// connection it is one moment, however long it takes and whatever others write. Used by one thread
// at a time. What it leaves when it goes before its end is no database.
class DatabaseCopy
{
public:
    // `to` is an empty file that nobody else opens. `from` outlives this.
    static Result<std::unique_ptr<DatabaseCopy>>
    start(Database &from, const QString &to, const QByteArray &vfsName);
    ~DatabaseCopy();
    DatabaseCopy(const DatabaseCopy &) = delete;
    DatabaseCopy &operator=(const DatabaseCopy &) = delete;

    // Some pages more. False: that was the last of it, and all is on disk.
    Result<bool> copyMore(int pages);
    qint64 doneBytes() const { return m_doneBytes; }

private:
    DatabaseCopy(Database &from, const QString &to);
    Result<bool> fail(int code);

    Database &m_from;
    const QString m_path;
    sqlite3 *m_to = nullptr;
    sqlite3_backup *m_backup = nullptr;
    qint64 m_pageBytes = 0;
    qint64 m_doneBytes = 0;
};

} // namespace Postnook::Sqlite
