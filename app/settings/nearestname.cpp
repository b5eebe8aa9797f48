#include "app/settings/nearestname.h"

#include <QList>

#include <algorithm>
#include <numeric>

namespace Postnook
{

namespace
{

// Levenshtein: inserted, removed and replaced characters.
qsizetype editDistance(QStringView a, QStringView b)
{
    QList<qsizetype> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const qsizetype replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.last();
}

} // namespace

QString nearestName(const QString &name, const QStringList &candidates, qsizetype fewEdits)
{
    // Longer names are no slips of the pen, and the distance costs the product of both lengths.
    constexpr auto MaxLength = 64;
    if (name.size() > MaxLength) {
        return {};
    }
    QString nearest;
    qsizetype best = std::max(fewEdits, name.size() / 2) + 1;
    for (const QString &candidate : candidates) {
        const qsizetype distance = editDistance(name.toLower(), candidate.toLower());
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace Postnook
