#pragma once

#include "storage/sqlite/statement.h"
#include "storage/store.h"

#include <QHash>

#include <memory>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace Postnook::Sqlite
{

// One connection to a database file, set up the way all of ours are, with a cache of its prepared
// statements. Used by one thread at a time, by different threads in turn.
class Database
{
public:
    enum class Mode {
        Writer, // makes the file (mode 0600) when there is none
        Reader,
        Frozen, // as a reader; nobody writes the file, and nothing is made beside it
    };
    enum class Checkpoint {
        Passive, // what can be done without waiting
        Truncate, // all of it, and the log file back to nothing
    };

    // NotFound (no file, for a reader), Unavailable, Corrupt.
    static Result<std::unique_ptr<Database>>
    open(const QString &path, Mode mode, const QByteArray &vfsName);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    // The statement with its parameters ?1, ?2, ... bound.
    template <typename... Args>
    Statement statement(Sql sql, const Args &...args)
    {
        Statement statement(*this, sql);
        statement.bindAll(args...);
        return statement;
    }
    template <typename... Args>
    Result<void> run(Sql sql, const Args &...args)
    {
        return statement(sql, args...).run();
    }
    // The number that a query of one row gives, such as a pragma's.
    Result<qint64> number(Sql sql);
    // Several statements, without parameters: schema and pragmas.
    Result<void> runScript(const char *sql);

    bool inTransaction() const;
    qint64 lastInsertId() const;
    qint64 changes() const; // rows changed by the last statement
    // How many pages went to the log before their commit, as they had no room in memory.
    int spilledPages() const;
    void checkpoint(Checkpoint kind);
    // Moves some unused pages, a MiB of them, out of the database, and its file is smaller with the
    // next checkpoint; how many are left. Inside a transaction.
    Result<qint64> giveBackPages();
    int walPages() const { return m_walPages; } // in the log after this connection's last commit
    qint64 writtenCommits() const { return m_writtenCommits; } // of this connection

    // Statements end with Cancelled once the token is raised; null: never.
    void setCancelToken(CancelToken token) { m_cancel = std::move(token); }
    bool isCancelled() const { return m_cancel && m_cancel->load(std::memory_order_relaxed); }

    // The first failure of a statement since the last call.
    std::optional<Error> takeFailure() { return std::exchange(m_failure, std::nullopt); }

    const QString &path() const { return m_path; }
    sqlite3 *handle() const { return m_handle; }
    // Makes an Error of an SQLite result code, and remembers it for takeFailure().
    Error errorFor(int code, const char *what);

private:
    friend class Statement;
    explicit Database(const QString &path)
        : m_path(path)
    {
    }
    Result<void> configure(Mode mode);
    Result<sqlite3_stmt *> borrow(Sql sql);
    void giveBack(const char *sql, sqlite3_stmt *statement);

    QString m_path;
    sqlite3 *m_handle = nullptr;
    QHash<const char *, std::vector<sqlite3_stmt *>> m_idleStatements; // by the literal's address
    CancelToken m_cancel;
    std::optional<Error> m_failure;
    int m_walPages = 0;
    qint64 m_writtenCommits = 0;
};

} // namespace Postnook::Sqlite
