#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// Writes the file, whole or not at all, and has it on disk. One that is there keeps its
// permissions, its owner where that can be, and a link to it; a new one is its owner's alone, and
// its folder is made. Unavailable, in words.
Result<void> writeWholeFile(const QString &path, const QByteArray &bytes);

} // namespace Postnook
