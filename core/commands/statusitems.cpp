#include "core/commands/statusitems.h"

#include "core/mailbox/messagecount.h"
#include "core/wire/objectids.h"
#include "core/wire/responsewriter.h"

namespace Postnook
{

namespace
{

struct ItemName {
    const char *name;
    StatusItem item;
};

constexpr ItemName ItemNames[] = {
    {"MESSAGES", StatusItem::Messages},
    {"RECENT", StatusItem::Recent},
    {"UIDNEXT", StatusItem::UidNext},
    {"UIDVALIDITY", StatusItem::Validity},
    {"UNSEEN", StatusItem::Unseen},
    {"SIZE", StatusItem::Size},
    {"APPENDLIMIT", StatusItem::AppendLimit},
    {"HIGHESTMODSEQ", StatusItem::HighestModSeq},
    {"DELETED", StatusItem::Deleted},
    {"MAILBOXID", StatusItem::ObjectId},
};

QByteArray lineOf(const MailboxInfo &mailbox, const StatusQuery &query, quint32 recent);

quint64 valueOf(StatusItem item, const MailboxInfo &mailbox, quint32 recent, quint64 appendLimit)
{
    switch (item) {
    case StatusItem::Messages:
        return mailbox.messages;
    case StatusItem::Recent:
        return recent;
    case StatusItem::UidNext:
        return mailbox.uidNext.value;
    case StatusItem::Validity:
        return mailbox.uidValidity.value;
    case StatusItem::Unseen:
        return mailbox.unseen;
    case StatusItem::Size:
        return mailbox.sizeBytes;
    case StatusItem::AppendLimit:
        return appendLimit;
    case StatusItem::HighestModSeq:
        return mailbox.highestModSeq.value;
    case StatusItem::Deleted:
        return mailbox.deleted;
    case StatusItem::ObjectId: // no number
        break;
    }
    return 0;
}

const ItemName *itemNamed(const QByteArray &name)
{
    for (const ItemName &entry : ItemNames) {
        if (name == entry.name) {
            return &entry;
        }
    }
    return nullptr;
}

const char *nameOf(StatusItem item)
{
    for (const ItemName &entry : ItemNames) {
        if (entry.item == item) {
            return entry.name;
        }
    }
    return "";
}

} // namespace

QList<StatusItem> parseStatusItems(TokenCursor &cursor)
{
    QList<StatusItem> items;
    cursor.enterList();
    do {
        const ItemName *entry = itemNamed(cursor.atom().toUpper());
        if (entry == nullptr) {
            cursor.fail("Unknown STATUS item");
            return {};
        }
        if (!items.contains(entry->item)) {
            items.append(entry->item);
        }
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    return items;
}

Result<QByteArray>
statusResponse(ReadTxn &txn, const MailboxInfo &mailbox, const StatusQuery &query)
{
    quint32 recent = 0;
    if (query.items.contains(StatusItem::Recent)) {
        const Uid floor = qMax(mailbox.recentFloor, query.claims.value(mailbox.id));
        // Those that no session has claimed yet.
        const auto counted = countMessages(txn, mailbox.id, {{floor, MaxUid}});
        if (!counted) {
            return counted.error();
        }
        recent = *counted;
    }
    return lineOf(mailbox, query, recent);
}

QByteArray statusLine(const MailboxInfo &mailbox, const StatusQuery &query)
{
    return lineOf(mailbox, query, 0);
}

namespace
{

QByteArray lineOf(const MailboxInfo &mailbox, const StatusQuery &query, quint32 recent)
{
    QByteArray out = "* STATUS ";
    ResponseWriter writer(out);
    writer.mailbox(mailbox.name, query.coding).raw(" (");
    for (const StatusItem item : query.items) {
        if (item != query.items.first()) {
            writer.space();
        }
        writer.raw(nameOf(item)).space();
        if (item == StatusItem::ObjectId) {
            writer.raw("(").raw(mailboxObjectId(mailbox.uidValidity)).raw(")");
            continue;
        }
        writer.number(valueOf(item, mailbox, recent, query.appendLimit));
    }
    writer.raw(")").crlf();
    return out;
}

} // namespace

} // namespace Postnook
