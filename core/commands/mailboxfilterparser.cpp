#include "core/commands/mailboxfilterparser.h"

namespace Postnook
{

namespace
{

using Kind = MailboxFilter::Kind;

struct FilterName {
    const char *name;
    Kind kind;
    bool hasNames = false;
};
constexpr FilterName FilterNames[] = {
    {"SELECTED", Kind::Selected},
    {"SELECTED-DELAYED", Kind::SelectedDelayed},
    {"PERSONAL", Kind::Personal},
    {"INBOXES", Kind::Inboxes},
    {"SUBSCRIBED", Kind::Subscribed},
    {"SUBTREE", Kind::Subtree, true},
    {"SUBTREE-ONE", Kind::SubtreeOne, true},
    {"MAILBOXES", Kind::Mailboxes, true},
};

void readName(TokenCursor &cursor, QList<MailboxName> &names)
{
    auto ahead = cursor;
    const MailboxName name = ahead.mailbox();
    if (ahead.refusal()) {
        (void)cursor.astring();
        return;
    }
    cursor = ahead;
    if (names.size() <= MaxFilterNames && !names.contains(name)) {
        names.append(name);
    }
}

QList<MailboxName> readNames(TokenCursor &cursor)
{
    QList<MailboxName> names;
    if (!cursor.tryEnterList()) {
        readName(cursor, names);
        return names;
    }
    do {
        readName(cursor, names);
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    return names;
}

} // namespace

MailboxFilter parseMailboxFilter(TokenCursor &cursor, FilterUse use)
{
    const Kind other = use == FilterUse::Notify ? Kind::SubtreeOne : Kind::SelectedDelayed;
    for (const FilterName &entry : FilterNames) {
        if (entry.kind == other || !cursor.tryWord(entry.name)) {
            continue;
        }
        MailboxFilter filter{.kind = entry.kind};
        if (entry.hasNames) {
            cursor.expectSpace();
            filter.names = readNames(cursor);
        }
        return filter;
    }
    cursor.fail("Unknown mailbox specifier");
    return {};
}

} // namespace Postnook
