#pragma once

#include <QString>
#include <QStringList>

namespace Postnook
{

// The one among `candidates` with the fewest edits from `name`, case aside; empty when none is near
// enough that it could have been meant.
QString nearestName(const QString &name, const QStringList &candidates, qsizetype fewEdits = 3);

} // namespace Postnook
