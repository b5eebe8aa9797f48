#pragma once

#include "storage/backup.h"

namespace Postnook::Sqlite
{

// A generation as it is written into a backup folder: JSON with a digest of itself, so that no
// flipped bit gives an account another name.
QByteArray manifestOf(const BackupGeneration &generation);
// Corrupt; NotPermitted, in words, when a newer version of the program wrote it.
Result<BackupGeneration> generationFrom(const QByteArray &manifest);

// What says whose a backup folder is, in its first file.
struct BackupOwner {
    QByteArray dataFolder; // a digest that no other data folder has
    QString place; // where that was, for people

    friend bool operator==(const BackupOwner &, const BackupOwner &) = default;
};
QByteArray labelOf(const BackupOwner &owner);
Result<BackupOwner> ownerFrom(const QByteArray &label); // errors as above

} // namespace Postnook::Sqlite
