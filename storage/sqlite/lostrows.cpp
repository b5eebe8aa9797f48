#include "storage/sqlite/lostrows.h"

#include "storage/logging.h"
#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/salvagetables.h"
#include "storage/sqlite/tablepages.h"

#include <QFile>

#include <sqlite3.h>

#include <utility>

namespace Postnook::Sqlite
{

namespace
{

// By the number of their columns, and by what those hold, a row can be of one of these only.
constexpr SalvagedTable Tables[] = {
    KeywordSetRows, ContentBytes, Messages, ExpungedMessages, Mailboxes, Contents, Annotations};

void bindValue(Statement &into, int index, const StoredRow::Value &value)
{
    using Kind = StoredRow::Value::Kind;
    if (value.kind == Kind::Integer) {
        into.bind(index, value.integer);
    } else if (value.kind == Kind::Blob) {
        into.bind(index, value.bytes);
    } else if (value.kind == Kind::Text) {
        into.bind(index, Text{value.bytes});
    } else {
        into.bind(index, std::nullopt);
    }
}

// What does not fit the table that it looks to be of is no row of it.
Result<void> add(Database &database, const StoredRow &row)
{
    const auto &values = row.values();
    for (const SalvagedTable &table : Tables) {
        if (values.size() < table.least || values.size() > table.columns) {
            continue;
        }
        auto into = database.statement(table.into, row.key());
        for (qsizetype i = 1; i < values.size(); ++i) {
            bindValue(into, static_cast<int>(i) + 1, values[i]);
        }
        if (auto added = into.run(); !added && added.error().code != ErrorCode::Internal) {
            return added;
        }
    }
    return {};
}

} // namespace

LostRows::LostRows(const SalvageParts &parts, Database &damaged, const QString &beside)
    : m_parts(parts)
    , m_damaged(damaged)
    , m_pages(beside + QStringLiteral("-pages"))
    , m_rows(beside + QStringLiteral("-rows"))
{
    clear();
}

LostRows::~LostRows()
{
    m_database.reset();
    clear();
}

Database *LostRows::database()
{
    if (!std::exchange(m_isMade, true)) {
        if (const auto made = make(); !made) {
            qCWarning(lcStorage, "repair: %ls", qUtf16Printable(made.error().text));
            m_database.reset();
        }
    }
    return m_database.get();
}

Result<void> LostRows::make()
{
    if (auto copied = copyPages(); !copied) {
        return copied;
    }
    auto opened = Database::open(m_rows, Database::Mode::Writer, m_parts.vfsName);
    if (!opened) {
        return opened.error();
    }
    m_database = std::move(*opened);
    return migrate(*m_database, mailSchema(m_parts.nowUtc))
        .and_then([this] {
            return m_database->runScript("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;"
                                         "BEGIN; DELETE FROM mailbox");
        })
        .and_then([this] {
            return forEachStoredRow(m_pages,
                                    [this](const StoredRow &row) { return add(*m_database, row); });
        })
        .and_then([this] { return m_database->run("COMMIT"); });
}

// Just as they are, with what is still in the log.
Result<void> LostRows::copyPages()
{
    sqlite3 *pages = nullptr;
    int code = sqlite3_open_v2(m_pages.toUtf8().constData(),
                               &pages,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                               m_parts.vfsName.isEmpty() ? nullptr : m_parts.vfsName.constData());
    if (code == SQLITE_OK) {
        sqlite3_backup *copy = sqlite3_backup_init(pages, "main", m_damaged.handle(), "main");
        sqlite3_backup_step(copy, -1);
        code = sqlite3_backup_finish(copy);
    }
    const QString text = QString::fromUtf8(sqlite3_errmsg(pages));
    sqlite3_close(pages);
    return code == SQLITE_OK ? Result<void>() : Error{ErrorCode::Unavailable, text};
}

void LostRows::clear() const
{
    for (const QString &path : {m_pages, m_rows}) {
        for (const auto *end : {"", "-wal", "-shm", "-journal"}) {
            QFile::remove(path + QLatin1String(end));
        }
    }
}

} // namespace Postnook::Sqlite
