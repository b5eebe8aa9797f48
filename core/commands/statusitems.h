#pragma once

#include "core/wire/tokencursor.h"
#include "storage/store.h"

#include <QByteArray>
#include <QHash>
#include <QList>

namespace Postnook
{

// What STATUS can tell of a mailbox (RFC 9051 6.3.11, RFC 3501 6.3.10, RFC 7162, RFC 7889,
// RFC 8438, RFC 8474).
enum class StatusItem {
    Messages,
    Recent,
    UidNext,
    Validity,
    Unseen,
    Size,
    AppendLimit,
    HighestModSeq,
    Deleted,
    ObjectId, // MAILBOXID
};

// "(MESSAGES UNSEEN)"; fails the cursor on an unknown or missing item.
QList<StatusItem> parseStatusItems(TokenCursor &cursor);

struct StatusQuery {
    QList<StatusItem> items;
    QHash<MailboxId, Uid> claims = {}; // of Account: \Recent that is claimed and not yet stored
    quint64 appendLimit = 0; // octets
    NameCoding coding = NameCoding::ModifiedUtf7; // of the answer
};

// The STATUS response line. Pool thread.
Result<QByteArray>
statusResponse(ReadTxn &txn, const MailboxInfo &mailbox, const StatusQuery &query);

// The same without RECENT. Any thread.
QByteArray statusLine(const MailboxInfo &mailbox, const StatusQuery &query);

} // namespace Postnook
