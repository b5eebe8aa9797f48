#pragma once

#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QString>

#include <concepts>
#include <cstddef>

struct sqlite3_stmt;

namespace Postnook::Sqlite
{

class Database;

// The text of a statement: a literal, so that nobody builds SQL out of data.
class Sql
{
public:
    consteval Sql(const char *text)
        : m_text(text)
    {
    }
    const char *text() const { return m_text; }

private:
    const char *m_text;
};

// Marks bytes to be bound as TEXT; a QByteArray by itself is bound as BLOB.
struct Text {
    QByteArrayView utf8;
};

// One run of a prepared statement, lent by its Database and given back by the destructor. The first
// error is remembered and ends the run, so that callers look once, after the last row.
class Statement
{
public:
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    Statement &operator=(Statement &&) = delete;

    bool next(); // true: there is a row
    Result<void> run(); // for statements without rows
    // What to return when the rows are over.
    Result<void> outcome() const { return m_error ? Result<void>(*m_error) : Result<void>(); }
    const std::optional<Error> &error() const { return m_error; }
    void restart(); // for the next run, with new bindings

    qint64 integer(int column) const;
    bool isNull(int column) const;
    QByteArray bytes(int column) const; // of BLOB or TEXT
    // Valid until the next call of next().
    QByteArrayView view(int column) const;
    template <typename Number>
    Number number(int column) const
    {
        return Number(static_cast<typename Number::Int>(integer(column)));
    }

    void bind(int index, std::nullopt_t);
    void bind(int index, QByteArrayView blob);
    void bind(int index, const QByteArray &blob) { bind(index, QByteArrayView(blob)); }
    void bind(int index, Text text);
    void bind(int index, const QString &text) { bind(index, Text{text.toUtf8()}); }
    void bind(int index, const MailboxName &name) { bind(index, Text{name.utf8}); }
    void bind(int index, std::integral auto number)
    {
        bindInteger(index, static_cast<qint64>(number));
    }
    template <typename Tag, typename T>
    void bind(int index, StrongNumber<Tag, T> number)
    {
        bindInteger(index, static_cast<qint64>(number.value));
    }
    template <typename T>
    void bind(int index, const std::optional<T> &value)
    {
        if (value) {
            bind(index, *value);
        } else {
            bind(index, std::nullopt);
        }
    }
    void bindColumn(int index, const Statement &row, int column); // whatever its type
    template <typename... Args>
    void bindAll(const Args &...args)
    {
        int index = 0;
        (bind(++index, args), ...);
    }

private:
    friend class Database;
    Statement(Database &database, Sql sql);
    void bindInteger(int index, qint64 number);
    void check(int code);

    Database *m_database;
    const char *m_sql;
    sqlite3_stmt *m_handle = nullptr;
    std::optional<Error> m_error;
};

} // namespace Postnook::Sqlite
