#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

enum class ExistingFile { Keep, Replace };

// Writes a file that a command was asked for, whole or not at all. A file that is there already is
// left alone, which is AlreadyExists, unless it holds the same bytes.
Result<void> writeOutputFile(const QString &path, const QByteArray &bytes, ExistingFile existing);

} // namespace Postnook
