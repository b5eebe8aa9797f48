#include "storage/sqlite/statement.h"

#include "storage/sqlite/database.h"

#include <sqlite3.h>

namespace Postnook::Sqlite
{

Statement::Statement(Database &database, Sql sql)
    : m_database(&database)
    , m_sql(sql.text())
{
    auto handle = database.borrow(sql);
    if (handle) {
        m_handle = *handle;
    } else {
        m_error = handle.error();
    }
}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database)
    , m_sql(other.m_sql)
    , m_handle(std::exchange(other.m_handle, nullptr))
    , m_error(std::move(other.m_error))
{
}

Statement::~Statement()
{
    if (m_handle != nullptr) {
        m_database->giveBack(m_sql, m_handle);
    }
}

bool Statement::next()
{
    if (m_error) {
        return false;
    }
    const int code = sqlite3_step(m_handle);
    if (code != SQLITE_ROW) {
        check(code);
    }
    return code == SQLITE_ROW;
}

Result<void> Statement::run()
{
    while (next()) { }
    return outcome();
}

void Statement::restart()
{
    if (!m_error) {
        sqlite3_reset(m_handle);
    }
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_handle, column);
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_handle, column) == SQLITE_NULL;
}

QByteArrayView Statement::view(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_handle, column));
    return {data, sqlite3_column_bytes(m_handle, column)};
}

QByteArray Statement::bytes(int column) const
{
    return view(column).toByteArray();
}

void Statement::bind(int index, std::nullopt_t)
{
    if (!m_error) {
        check(sqlite3_bind_null(m_handle, index));
    }
}

void Statement::bind(int index, QByteArrayView blob)
{
    // A null pointer would be bound as NULL.
    const char *data = blob.isEmpty() ? "" : blob.data();
    if (!m_error) {
        check(sqlite3_bind_blob64(m_handle,
                                  index,
                                  data,
                                  static_cast<sqlite3_uint64>(blob.size()),
                                  SQLITE_TRANSIENT)); // NOLINT(performance-no-int-to-ptr)
    }
}

void Statement::bind(int index, Text text)
{
    const char *data = text.utf8.isEmpty() ? "" : text.utf8.data();
    if (!m_error) {
        check(sqlite3_bind_text64(m_handle,
                                  index,
                                  data,
                                  static_cast<sqlite3_uint64>(text.utf8.size()),
                                  SQLITE_TRANSIENT, // NOLINT(performance-no-int-to-ptr)
                                  SQLITE_UTF8));
    }
}

void Statement::bindColumn(int index, const Statement &row, int column)
{
    if (!m_error) {
        check(sqlite3_bind_value(m_handle, index, sqlite3_column_value(row.m_handle, column)));
    }
}

void Statement::bindInteger(int index, qint64 number)
{
    if (!m_error) {
        check(sqlite3_bind_int64(m_handle, index, number));
    }
}

void Statement::check(int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        m_error = m_database->errorFor(code, m_sql);
    }
}

} // namespace Postnook::Sqlite
