#pragma once

#include "storage/store.h"

#include <QString>

namespace Postnook
{

// Removed messages that can be brought back, a page at a time.
struct RemovedPage {
    struct Entry {
        RemovedMessage message;
        QString from; // decoded, "Name <address>"; empty: there is none
        QString subject;
    };
    QList<Entry> entries;
    RemovedQuery next; // gives what follows
    bool isLast = false; // nothing does
};

// Those of some hundred messages that have `text` in From or Subject, compared as SEARCH does;
// empty: all. Pool thread.
Result<RemovedPage> findRemoved(ReadTxn &txn, const RemovedQuery &query, const QString &text);

// What is to be brought back, of one mailbox.
struct Restoration {
    MailboxId mailbox;
    QList<Uid> uids; // ascending
    MailboxName name; // where to, unless the mailbox exists and isMoving is false
    bool isMoving = false; // it was asked for by name
    SpecialUse use = SpecialUse::None; // of a mailbox that is made, if no other has it
};

struct Restored {
    MailboxName mailbox;
    qint64 messages = 0; // those that are no longer removed are passed over
};

// Brings messages back. A mailbox that does not exist is made, and subscribed to. Pool thread.
Result<Restored> restoreRemoved(WriteTxn &txn, const Restoration &restoration);

} // namespace Postnook
