#pragma once

#include "storage/result.h"
#include "storage/turns.h"

#include <QByteArray>
#include <QList>

#include <functional>

namespace Postnook
{

// Of each text, how many different ones come before it, octet by octet. Equal texts have equal
// ranks.
QList<qint64> ranksOf(const QList<QByteArray> &texts, Turns turns = {});

struct Ranks {
    QList<qint64> known;
    QList<qint64> added;
};

// The texts of these of the known ones, by index, in their order.
using KnownTexts = std::function<Result<QList<QByteArray>>(const QList<qsizetype> &at)>;

// What ranksOf() would give for the texts whose ranks are known and some more together. Asks for
// the texts of about as many of the known as it takes to halve them down to one, for each that is
// added. Fails as `textsOf` does.
Result<Ranks>
ranksAmong(const QList<qint64> &known, const QList<QByteArray> &added, const KnownTexts &textsOf);

} // namespace Postnook
