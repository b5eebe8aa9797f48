#pragma once

#include "core/wire/mailboxnames.h"
#include "storage/store.h"

#include <QByteArrayList>
#include <QList>

#include <optional>

namespace Postnook
{

// What LIST is asked for (RFC 3501 6.3.8, RFC 5258, RFC 6154), reference and patterns joined.
struct ListQuery {
    QByteArrayList patterns = {};
    bool isExtended = false; // the syntax of RFC 5258 was used

    // Selection: which mailboxes.
    bool subscribed = false; // names subscribed to, whether they exist or not
    bool specialUse = false; // mailboxes with a special use
    bool recursiveMatch = false; // also those above them that the patterns match

    // What is told of each.
    bool tellsSubscribed = false;
    bool tellsChildren = false;
    bool tellsSpecialUse = false;

    NameCoding coding = NameCoding::ModifiedUtf7; // of the answer
    bool isLsub = false; // LSUB (RFC 3501 6.3.9), which has one pattern and no options
};

// One name to be listed.
struct ListedName {
    MailboxName name;
    const MailboxInfo *mailbox =
        nullptr; // null: does not exist; points into what was selected from
    bool isSelected = false; // meets the selection itself
    bool isSubscribed = false;
    bool hasChildren = false;
    bool hasSelectedBelow = false; // CHILDINFO
};

// The names that answer the query, ascending. `all` ascending by name; LSUB does not look at it.
// Patterns and names may be many and long: others run meanwhile. Pool thread; Cancelled.
Result<QList<ListedName>> selectMailboxes(ReadTxn &txn,
                                          const QList<ListedMailbox> &all,
                                          const QList<MailboxName> &subscriptions,
                                          const ListQuery &query);
// One LIST or LSUB response line; with OLDNAME (RFC 9051 6.3.9.7) where a name is given.
QByteArray listResponse(const ListedName &listed,
                        const ListQuery &query,
                        const std::optional<MailboxName> &oldName = {});

// The LIST response of one mailbox with all there is to tell of it (RFC 9051 6.3.2). Pool thread;
// NotFound.
Result<QByteArray> listOne(ReadTxn &txn,
                           const MailboxName &name,
                           NameCoding coding,
                           const std::optional<MailboxName> &oldName = {});

} // namespace Postnook
