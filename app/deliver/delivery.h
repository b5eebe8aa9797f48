#pragma once

#include "app/control/localimap.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace Postnook
{

enum class MissingMailbox {
    UseInbox, // the message goes to INBOX
    Create, // it is made, and subscribed to
};

struct Delivered {
    QString note; // why the message is in INBOX after all; empty: it is where it should be
};

// Adds a message to a mailbox, unseen and with the time of now, in words that are right for one
// message that must not be lost: where the mailbox is missing and cannot be made, INBOX has it.
// When this returns without an error, the message is on disk. TooBig and Invalid: this message will
// never be taken. Every other error may pass. Blocks.
Result<Delivered> deliverMessage(LocalImap &imap,
                                 const MailboxName &mailbox,
                                 MissingMailbox missing,
                                 const QByteArray &message);

} // namespace Postnook
