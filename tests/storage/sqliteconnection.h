#pragma once

#include <QByteArray>

#include <sqlite3.h>

namespace Postnook::Test
{

// SQLite as it is, on a VFS: a database of its own or one that others have open too.
class SqliteConnection
{
public:
    SqliteConnection(const QByteArray &vfs, const QByteArray &path, const QByteArray &synchronous)
    {
        m_code = sqlite3_open_v2(path.constData(),
                                 &m_database,
                                 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                 vfs.constData());
        run("PRAGMA journal_mode = WAL");
        run("PRAGMA synchronous = " + synchronous);
    }
    ~SqliteConnection() { sqlite3_close(m_database); }
    SqliteConnection(const SqliteConnection &) = delete;
    SqliteConnection &operator=(const SqliteConnection &) = delete;

    int run(const QByteArray &sql)
    {
        return m_code == SQLITE_OK
            ? sqlite3_exec(m_database, sql.constData(), nullptr, nullptr, nullptr)
            : m_code;
    }

    QByteArray value(const QByteArray &sql)
    {
        QByteArray result = "error";
        sqlite3_exec(
            m_database,
            sql.constData(),
            [](void *to, int, char **columns, char **) {
                *static_cast<QByteArray *>(to) = columns[0];
                return 0;
            },
            &result,
            nullptr);
        return result;
    }

private:
    sqlite3 *m_database = nullptr;
    int m_code = SQLITE_OK;
};

} // namespace Postnook::Test
