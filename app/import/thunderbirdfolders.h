#pragma once

#include "app/import/mailaccounts.h"
#include "app/import/sourcefinder.h"

namespace Postnook
{

// The folder of one of Thunderbird's accounts: a mailbox is an mbox without extension or a Maildir
// without new/, beside it what Thunderbird notes of it (.msf), and the mailboxes below in NAME.sbd.

// Has mailboxes of this kind, with their notes.
bool isThunderbirdFolder(const QFileInfo &folder);

// How names are written on the disk: as they are, or, below ImapMail, in modified UTF-7.
enum class ThunderbirdNames { Plain, Utf7 };

// All mailboxes in it and below. What is neither mail nor Thunderbird's own is reported to the
// finder, what is Thunderbird's own is counted there.
QList<MailAccount::Mailbox>
thunderbirdMailboxesIn(SourceFinder &finder, const QString &folder, ThunderbirdNames names);

} // namespace Postnook
