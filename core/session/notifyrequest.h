#pragma once

#include "core/commands/fetchitems.h"
#include "core/session/mailboxfilter.h"
#include "storage/types.h"

#include <QFlags>
#include <QList>

#include <optional>

namespace Postnook
{

// RFC 5465 8, event.
enum class NotifyEvent : quint8 {
    MessageNew = 0x01,
    MessageExpunge = 0x02,
    FlagChange = 0x04,
    MailboxName = 0x08,
    SubscriptionChange = 0x10,
    MailboxMetadataChange = 0x20,
    ServerMetadataChange = 0x40,
};
Q_DECLARE_FLAGS(NotifyEvents, NotifyEvent)
Q_DECLARE_OPERATORS_FOR_FLAGS(NotifyEvents)
constexpr NotifyEvents MessageEvents =
    NotifyEvents(NotifyEvent::MessageNew) | NotifyEvent::MessageExpunge | NotifyEvent::FlagChange;

// RFC 5465 8, event-group.
struct NotifyGroup {
    MailboxFilter mailboxes = {};
    NotifyEvents events = {}; // none: NONE
    QList<FetchItem> newItems = {}; // of MessageNew, for the selected mailbox only

    bool isForSelected() const { return mailboxes.isForSelected(); }

    friend bool operator==(const NotifyGroup &, const NotifyGroup &) = default;
};

// What a client wants to hear of (RFC 5465 3.1). Without groups: of nothing.
struct NotifyRequest {
    QList<NotifyGroup> groups = {}; // at most one for the selected mailbox
    bool wantsStatus = false;
    bool hasUnsupported = false; // an event that this server does not know

    bool isNone() const { return groups.isEmpty(); }
    const NotifyGroup *selected() const; // or null
    // Of a mailbox that is not selected. All groups count that cover it, but a group with NONE
    // takes away what groups of a broader kind give: there would be no other use for it.
    NotifyEvents eventsOf(const MailboxName &name, bool isSubscribed) const;
    bool watchesServer() const; // its metadata; that no mailbox is meant by it is no matter
    bool watchesOthers() const; // anything but the selected mailbox
    bool usesSubscriptions() const;

    friend bool operator==(const NotifyRequest &, const NotifyRequest &) = default;
};

} // namespace Postnook
