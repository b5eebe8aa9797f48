#pragma once

#include <QByteArray>
#include <QList>

namespace Postnook
{

// Of each text, how many different ones come before it, octet by octet. Equal texts have equal
// ranks.
QList<qint64> ranksOf(const QList<QByteArray> &texts);

} // namespace Postnook
