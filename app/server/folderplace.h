#pragma once

#include <QString>

namespace Postnook
{

// Places that a data folder does not belong into, because files there are not the server's alone.

// The service that copies the folder to other computers while it is in use: "Dropbox"; empty: none
// that is known. By the names and marks that such services have in every system; `homePath` is
// where the person's own folders are.
QString syncServiceOf(const QString &folder, const QString &homePath);

// What the drive of the folder is when it is on another computer: "NFS"; empty: it is not, or the
// system does not say. May wait for a network drive that is away.
QString networkDriveOf(const QString &folder);

// A sentence for people, with what may happen and what to do; empty: the place is good.
QString placeWarning(const QString &dataDir);

} // namespace Postnook
