#include "core/commands/statusitems.h"

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
};

quint64 valueOf(StatusItem item, const MailboxInfo &mailbox, quint32 recent)
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

QByteArray formatStatus(const MailboxInfo &mailbox, const QList<StatusItem> &items, quint32 recent)
{
    QByteArray out = "* STATUS ";
    ResponseWriter writer(out);
    writer.mailbox(mailbox.name).raw(" (");
    for (const StatusItem item : items) {
        if (item != items.first()) {
            writer.space();
        }
        writer.raw(nameOf(item)).space().number(valueOf(item, mailbox, recent));
    }
    writer.raw(")").crlf();
    return out;
}

} // namespace Postnook
