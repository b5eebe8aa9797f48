#pragma once

#include "storage/sqlite/contentfiles.h"
#include "storage/store.h"

namespace Postnook::Sqlite
{

// Makes a new mail database of whatever can be read of the one in an account's folder, and keeps
// that one beside it under another name. Nothing is deleted. Mailboxes keep their UIDVALIDITY,
// messages their UIDs; a mailbox whose row is lost comes back under a new name with a new
// UIDVALIDITY. Texts that no message refers to any more, where messages were lost, are put into a
// mailbox "Recovered". Texts whose bytes are not those that came are kept as they are. All are for
// the next rescan to describe anew. The folder's database must not be open. Pool thread.
struct SalvageParts {
    QString folder; // accounts/ID, absolute
    QByteArray vfsName;
    std::shared_ptr<ContentFiles> files;
    qint64 nowUtc = 0;
};
Result<RepairReport> salvageMail(const SalvageParts &parts);

} // namespace Postnook::Sqlite
