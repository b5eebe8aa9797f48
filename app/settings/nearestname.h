#pragma once

#include <QString>
#include <QStringList>

namespace Postnook
{

// The one among `candidates` with the fewest edits from `name`, case aside; empty when none is near
// enough that it could have been meant: by `fewEdits`, or half of its length.
QString nearestName(const QString &name, const QStringList &candidates, qsizetype fewEdits = 3);

} // namespace Postnook
