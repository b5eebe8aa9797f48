#pragma once

#include "storage/sqlite/statement.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <functional>
#include <optional>

namespace Postnook::Sqlite
{

// A row as it lies on a page of a database file.
class StoredRow
{
public:
    struct Value {
        enum class Kind { Null, Integer, Real, Blob, Text };
        Kind kind = Kind::Null;
        qint64 integer = 0;
        QByteArray bytes = {};
    };

    StoredRow(qint64 key, QList<Value> values)
        : m_key(key)
        , m_values(std::move(values))
    {
    }

    qint64 key() const { return m_key; } // the integer key; its column is Null
    const QList<Value> &values() const { return m_values; }

private:
    qint64 m_key;
    QList<Value> m_values;
};

// Reads every row of all tables with an integer key out of a database file, page by page, without
// the tree that leads to them: what that tree has lost is still there. `file` has no log. Pages
// that are free are passed over, and cells that make no sense. (SQLite's "Database File Format",
// sections 1.5, 1.6, 2.1.) Unavailable. Pool thread.
Result<void> forEachStoredRow(const QString &file,
                              const std::function<Result<void>(const StoredRow &)> &visit);

} // namespace Postnook::Sqlite
