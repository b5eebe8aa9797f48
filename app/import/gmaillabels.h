#pragma once

#include "storage/types.h"

#include <QByteArrayView>
#include <QList>
#include <QStringList>

namespace Postnook
{

// The labels in a field X-Gmail-Labels: as with CSV, those with a comma or a quote in quotes; the
// whole in encoded words (RFC 2047) where it is not ASCII.
QStringList gmailLabels(QByteArrayView fieldValue);

// What a message of Gmail's becomes by its labels.
struct GmailPlacing {
    // The levels of the mailboxes it goes to, at least one. None at all (an empty list of levels)
    // is the inbox. The first stays the same as long as possible, whatever happens to the message.
    QList<QStringList> mailboxes;
    MessageFlags flags;

    friend bool operator==(const GmailPlacing &, const GmailPlacing &) = default;
};

// A label of the person's is a mailbox, and each gets a copy, as Gmail shows it over IMAP. Of the
// labels that Gmail gives itself, in many languages: Inbox, Sent, Drafts, Spam and Trash are
// mailboxes too, the last two for that alone; what has none of these is in the archive. Unread,
// Starred, Draft, Important, categories and what clients set by IMAP are flags.
GmailPlacing placeByLabels(const QStringList &labels);

} // namespace Postnook
