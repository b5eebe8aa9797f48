#pragma once

#include "app/import/mailaccounts.h"
#include "app/import/sourcefinder.h"

namespace Postnook
{

// Apple Mail keeps a mailbox in a folder NAME.mbox: a file `mbox` in what it exports and in old
// versions, else a file per message in folders below; the mailboxes below stand in it, or in a
// folder NAME beside it.

// A row of sourceFormats().
bool isAppleMailbox(const QFileInfo &folder);
void findAppleMailbox(SourceFinder &finder, const SourceFinder::Place &place);

// All mailboxes in a folder that is none itself. `levels`: of the folder. What cannot be read is
// reported to the finder; other files of Mail's are passed over.
QList<MailAccount::Mailbox>
appleMailboxesIn(SourceFinder &finder, const QString &folder, const QStringList &levels);

// "Work" of "Work.mbox", and of "Work.imapmbox" as older versions have it.
QString nameOfAppleMailbox(const QString &folderName);

} // namespace Postnook
