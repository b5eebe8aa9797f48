#include "storage/sqlite/database.h"

#include "storage/logging.h"
#include "storage/sqlite/gatheredlog.h"

#include <QDir>
#include <QFile>
#include <QUrl>

#include <sqlite3.h>

namespace Postnook::Sqlite
{

namespace
{

// Bounds how long another connection's checkpoint or recovery may hold us up. Writers never meet:
// each database has one.
constexpr int BusyTimeoutMs = 5000;
constexpr int CancelCheckSteps = 2000; // about 50 us of a scan

// auto_vacuum only has an effect before the first table and before WAL. Our own lanes checkpoint.
constexpr auto WriterPragmas = "PRAGMA auto_vacuum = INCREMENTAL;"
                               "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA fullfsync = ON;"
                               "PRAGMA checkpoint_fullfsync = ON;"
                               "PRAGMA wal_autocheckpoint = 0;"
                               "PRAGMA journal_size_limit = 16777216;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cache_size = -8192;";
constexpr auto ReaderPragmas = "PRAGMA query_only = ON;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA wal_autocheckpoint = 0;"
                               "PRAGMA checkpoint_fullfsync = ON;";

ErrorCode codeFor(int sqliteCode)
{
    switch (sqliteCode & 0xff) {
    case SQLITE_FULL:
        return ErrorCode::OverQuota;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return ErrorCode::Unavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ErrorCode::Corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ErrorCode::Busy;
    case SQLITE_INTERRUPT:
        return ErrorCode::Cancelled;
    default:
        return ErrorCode::Internal;
    }
}

// SQLite gives its -wal and -shm files the mode of the database file, so that one has to be there
// with the right mode first. An empty file is an empty database.
Result<void> makePrivateFile(const QString &path)
{
    if (QFile::exists(path)) {
        return {};
    }
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                   QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
        return Error{ErrorCode::Unavailable,
                     QStringLiteral("cannot make the file %1: %2")
                         .arg(QDir::toNativeSeparators(path), file.errorString())};
    }
    return {};
}

// Without it SQLite would want a log and shared memory for a file that has been in WAL mode.
QByteArray frozenUri(const QString &path)
{
    return QUrl::fromLocalFile(path).toEncoded(QUrl::FullyEncoded) + "?immutable=1";
}

int logProfile(unsigned, void *, void *statement, void *nanoseconds)
{
    qCDebug(lcSql,
            "%lld us %s",
            static_cast<long long>(*static_cast<sqlite3_int64 *>(nanoseconds) / 1000),
            sqlite3_sql(static_cast<sqlite3_stmt *>(statement)));
    return 0;
}

} // namespace

Result<std::unique_ptr<Database>>
Database::open(const QString &path, Mode mode, const QByteArray &vfsName)
{
    if (mode == Mode::Writer) {
        if (auto made = makePrivateFile(path); !made) {
            return made.error();
        }
    }
    std::unique_ptr<Database> database(new Database(path));
    const bool isFrozen = mode == Mode::Frozen;
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        | (isFrozen ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE);
    const auto vfs = mode == Mode::Writer ? gatheringVfs(vfsName) : vfsName;
    const int code = sqlite3_open_v2((isFrozen ? frozenUri(path) : path.toUtf8()).constData(),
                                     &database->m_handle,
                                     flags,
                                     vfs.isEmpty() ? nullptr : vfs.constData());
    if (code != SQLITE_OK) {
        return database->errorFor(code, "open");
    }
    if (auto configured = database->configure(mode); !configured) {
        return configured.error();
    }
    return database;
}

Result<void> Database::configure(Mode mode)
{
    // A damaged or hostile file must not make SQLite run code or write its own schema tables.
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    sqlite3_limit(m_handle, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_busy_timeout(m_handle, BusyTimeoutMs);
    sqlite3_progress_handler(
        m_handle,
        CancelCheckSteps,
        [](void *self) { return static_cast<Database *>(self)->isCancelled() ? 1 : 0; },
        this);
    if (lcSql().isDebugEnabled()) {
        sqlite3_trace_v2(m_handle, SQLITE_TRACE_PROFILE, logProfile, nullptr);
    }
    if (mode != Mode::Writer) {
        return runScript(ReaderPragmas);
    }
    if (auto set = runScript(WriterPragmas); !set) {
        return set;
    }
    // Behind the pragmas: wal_autocheckpoint is a hook too, and would take this one's place.
    sqlite3_wal_hook(
        m_handle,
        [](void *self, sqlite3 *, const char *, int pages) {
            auto *database = static_cast<Database *>(self);
            database->m_walPages = pages;
            ++database->m_writtenCommits;
            return SQLITE_OK;
        },
        this);
    auto journal = statement("PRAGMA journal_mode");
    if (journal.next() && journal.view(0) != "wal") {
        return Error{ErrorCode::Unavailable,
                     QStringLiteral("%1: the file system cannot share memory between connections"
                                    " (a network drive?)")
                         .arg(QDir::toNativeSeparators(m_path))};
    }
    return journal.outcome();
}

Database::~Database()
{
    for (const auto &statements : std::as_const(m_idleStatements)) {
        for (auto *statement : statements) {
            sqlite3_finalize(statement);
        }
    }
    sqlite3_close_v2(m_handle);
}

Result<qint64> Database::number(Sql sql)
{
    auto row = statement(sql);
    if (!row.next()) {
        return row.error().value_or(Error{ErrorCode::Internal, QStringLiteral("no number")});
    }
    return row.integer(0);
}

Result<qint64> Database::giveBackPages()
{
    return run("PRAGMA incremental_vacuum(256)").and_then([this] {
        return number("PRAGMA freelist_count");
    });
}

Result<void> Database::runScript(const char *sql)
{
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return errorFor(code, "script");
    }
    return {};
}

bool Database::inTransaction() const
{
    return sqlite3_get_autocommit(m_handle) == 0;
}

qint64 Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

qint64 Database::changes() const
{
    return sqlite3_changes64(m_handle);
}

int Database::spilledPages() const
{
    int pages = 0;
    int most = 0;
    sqlite3_db_status(m_handle, SQLITE_DBSTATUS_CACHE_SPILL, &pages, &most, 0);
    return pages;
}

void Database::checkpoint(Checkpoint kind)
{
    const int mode =
        kind == Checkpoint::Passive ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE;
    // A reader at an old moment is reason to try again later, not to wait.
    sqlite3_busy_timeout(m_handle, 0);
    const int code = sqlite3_wal_checkpoint_v2(m_handle, nullptr, mode, nullptr, nullptr);
    sqlite3_busy_timeout(m_handle, BusyTimeoutMs);
    if (code != SQLITE_OK && codeFor(code) != ErrorCode::Busy) {
        // Nothing is lost: the log keeps everything until a checkpoint succeeds.
        qCWarning(lcStorage, "checkpoint: %ls", qUtf16Printable(errorFor(code, "checkpoint").text));
    } else if (code == SQLITE_OK && kind == Checkpoint::Truncate) {
        m_walPages = 0;
    }
}

Error Database::errorFor(int code, const char *what)
{
    const auto detail = m_handle != nullptr ? QString::fromUtf8(sqlite3_errmsg(m_handle))
                                            : QString::fromUtf8(sqlite3_errstr(code));
    const int systemError = m_handle != nullptr ? sqlite3_system_errno(m_handle) : 0;
    auto text = QStringLiteral("%1: SQLite error %2 (%3)")
                    .arg(QDir::toNativeSeparators(m_path))
                    .arg(code)
                    .arg(detail);
    if (systemError != 0) {
        text += QStringLiteral(", system error %1").arg(systemError);
    }
    text += QStringLiteral(" in: %1").arg(QString::fromUtf8(what));
    Error error{codeFor(code), text};
    if (!m_failure) {
        m_failure = error;
    }
    return error;
}

Result<sqlite3_stmt *> Database::borrow(Sql sql)
{
    auto &idle = m_idleStatements[sql.text()];
    if (!idle.empty()) {
        auto *statement = idle.back();
        idle.pop_back();
        return statement;
    }
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v3(
        m_handle, sql.text(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        return errorFor(code, sql.text());
    }
    return statement;
}

void Database::giveBack(const char *sql, sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    m_idleStatements[sql].push_back(statement);
}

} // namespace Postnook::Sqlite
