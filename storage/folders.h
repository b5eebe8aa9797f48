#pragma once

#include <QString>

namespace Postnook
{

// Where a path really leads, with links followed as far as there is something; absolute.
QString realPath(const QString &path);

// Whether a path is that of the folder or of something in it, as the system compares names; both
// are real paths.
bool isBelow(const QString &path, const QString &folder);

} // namespace Postnook
