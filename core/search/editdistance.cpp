#include "core/search/editdistance.h"

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

using Row = std::array<int, MaxEditLetters + 1>;

void trimCommonEnds(QStringView &a, QStringView &b)
{
    while (!a.isEmpty() && !b.isEmpty() && a.front() == b.front()) {
        a = a.sliced(1);
        b = b.sliced(1);
    }
    while (!a.isEmpty() && !b.isEmpty() && a.back() == b.back()) {
        a.chop(1);
        b.chop(1);
    }
}

} // namespace

int editDistance(QStringView a, QStringView b, int limit)
{
    trimCommonEnds(a, b);
    const qsizetype columns = b.size();
    const int tooMany = limit + 1;
    if (std::abs(a.size() - columns) > limit) {
        return tooMany;
    }

    // The last three rows of the table, and of each only what is near enough to the diagonal to be
    // within the limit.
    std::array<Row, 3> rows;
    for (Row &row : rows) {
        std::fill_n(row.begin(), columns + 1, tooMany);
    }
    for (qsizetype j = 0; j <= std::min<qsizetype>(columns, limit); ++j) {
        rows[0][static_cast<size_t>(j)] = static_cast<int>(j);
    }
    int leastAbove = 0;
    for (qsizetype i = 1; i <= a.size(); ++i) {
        const Row &before = rows[static_cast<size_t>(i + 1) % 3]; // i - 2
        const Row &above = rows[static_cast<size_t>(i - 1) % 3];
        Row &row = rows[static_cast<size_t>(i) % 3];
        const auto first = std::max<qsizetype>(1, i - limit);
        const auto last = std::min(columns, i + limit);
        row[static_cast<size_t>(first - 1)] =
            first == 1 ? std::min(static_cast<int>(i), tooMany) : tooMany;
        int least = row[static_cast<size_t>(first - 1)];
        for (qsizetype j = first; j <= last; ++j) {
            const auto at = static_cast<size_t>(j);
            int edits = above[at - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            edits = std::min({edits, row[at - 1] + 1, above[at] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                edits = std::min(edits, before[at - 2] + 1);
            }
            row[at] = std::min(edits, tooMany);
            least = std::min(least, row[at]);
        }
        if (last < columns) {
            row[static_cast<size_t>(last + 1)] = tooMany; // the next row looks there
        }
        if (least == tooMany && leastAbove == tooMany) {
            return tooMany;
        }
        leastAbove = least;
    }
    return rows[static_cast<size_t>(a.size()) % 3][static_cast<size_t>(columns)];
}

} // namespace Postnook
