#pragma once

#include "app/settings/settings.h"
#include "storage/result.h"

#include <QJsonObject>

namespace Postnook
{

// Begins a backup or a restore (see BackupControl) with the owner of the data folder, or as its
// owner, and waits for its report, with a bar on the terminal. Ctrl-C stops it: Cancelled.
Result<QJsonObject>
runTransfer(const Settings &settings, const QString &purpose, const QJsonObject &start);

// "12.3 MB"
QString megabytes(qint64 bytes);
// How far it is, one line fit for 80 columns.
QString transferLine(qint64 doneBytes, qint64 totalBytes, qint64 elapsedMs);

} // namespace Postnook
