#pragma once

#include "storage/backup.h"

#include <QJsonObject>

namespace Postnook
{

// Backups and restores as they go over the control socket, with the names of storage/backup.h.
QJsonObject toJson(const BackupRequest &request);
QJsonObject toJson(const RestoreRequest &request);
QJsonObject toJson(const BackupReport &report);
QJsonObject toJson(const RestoreReport &report);
// Invalid: the folder is no absolute path, a number is out of range.
Result<BackupRequest> backupRequestFrom(const QJsonObject &object);
Result<RestoreRequest> restoreRequestFrom(const QJsonObject &object);
BackupReport backupReportFrom(const QJsonObject &object);
RestoreReport restoreReportFrom(const QJsonObject &object);

} // namespace Postnook
