#include "storage/sqlite/damagedtable.h"

#include <limits>
#include <optional>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint64 LastKey = std::numeric_limits<qint64>::max();

bool isDamage(const Error &error)
{
    return error.code == ErrorCode::Corrupt || error.code == ErrorCode::Internal;
}

enum class Reach { Damaged, Row, End };

Reach reachFrom(Database &database, Sql seek, qint64 key)
{
    auto row = database.statement(seek, key);
    const bool hasRow = row.next();
    return row.error() ? Reach::Damaged : hasRow ? Reach::Row : Reach::End;
}

// The first key behind `unreadable` from which there is something to be read again. A damaged page
// hides neighbours only: steps that double come past it, and halving finds its end.
std::optional<qint64> endOfGap(Database &database, Sql seek, qint64 unreadable)
{
    qint64 step = 1;
    Reach reach = reachFrom(database, seek, unreadable + step);
    while (reach == Reach::Damaged) {
        if (step > (LastKey - unreadable) / 4) {
            return std::nullopt;
        }
        step *= 2;
        reach = reachFrom(database, seek, unreadable + step);
    }
    qint64 low = unreadable + step / 2;
    qint64 high = unreadable + step;
    while (high - low > 1) {
        const qint64 middle = low + (high - low) / 2;
        if (const auto there = reachFrom(database, seek, middle); there == Reach::Damaged) {
            low = middle;
        } else {
            high = middle;
            reach = there;
        }
    }
    return reach == Reach::Row ? std::make_optional(high) : std::nullopt;
}

// Whether it ended with damage.
Result<bool> readRows(Statement rows, const std::function<Result<void>(const Statement &)> &visit)
{
    while (rows.next()) {
        if (auto visited = visit(rows); !visited) {
            return visited.error();
        }
    }
    if (rows.error() && !isDamage(*rows.error())) {
        return *rows.error();
    }
    return rows.error().has_value();
}

} // namespace

Result<int> readDamagedTable(Database &database,
                             Sql rows,
                             Sql seek,
                             const std::function<Result<void>(const Statement &)> &visit)
{
    int gaps = 0;
    for (std::optional<qint64> next = 0; next;) {
        const auto isDamaged = readRows(database.statement(rows, *next), [&](const Statement &row) {
            next = row.integer(0) + 1;
            return visit(row);
        });
        if (!isDamaged) {
            return isDamaged.error();
        }
        if (!*isDamaged) {
            break;
        }
        ++gaps;
        next = endOfGap(database, seek, *next);
    }
    return gaps;
}

Result<int> readDamagedEnds(Database &database,
                            Sql forward,
                            Sql backward,
                            const std::function<Result<void>(const Statement &)> &visit)
{
    const auto isDamaged = readRows(database.statement(forward), visit);
    if (!isDamaged) {
        return isDamaged.error();
    }
    if (!*isDamaged) {
        return 0;
    }
    const auto fromTheEnd = readRows(database.statement(backward), visit);
    return fromTheEnd ? Result(1) : fromTheEnd.error();
}

} // namespace Postnook::Sqlite
