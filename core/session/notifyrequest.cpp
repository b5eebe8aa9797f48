#include "core/session/notifyrequest.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = MailboxFilter::Kind;

// The larger, the fewer mailboxes are meant.
int narrowness(const MailboxFilter &mailboxes)
{
    return mailboxes.kind == Kind::Mailboxes ? 2 : mailboxes.kind == Kind::Subtree ? 1 : 0;
}

} // namespace

const NotifyGroup *NotifyRequest::selected() const
{
    const auto it = std::find_if(groups.begin(), groups.end(), [](const NotifyGroup &group) {
        return group.isForSelected();
    });
    return it == groups.end() ? nullptr : &*it;
}

NotifyEvents NotifyRequest::eventsOf(const MailboxName &name, bool isSubscribed) const
{
    int narrowestNone = -1;
    for (const NotifyGroup &group : groups) {
        if (!group.events && group.mailboxes.covers(name, isSubscribed)) {
            narrowestNone = std::max(narrowestNone, narrowness(group.mailboxes));
        }
    }
    NotifyEvents events;
    for (const NotifyGroup &group : groups) {
        if (narrowness(group.mailboxes) >= narrowestNone
            && group.mailboxes.covers(name, isSubscribed)) {
            events |= group.events;
        }
    }
    return events;
}

bool NotifyRequest::watchesServer() const
{
    return std::any_of(groups.begin(), groups.end(), [](const NotifyGroup &group) {
        return group.events.testFlag(NotifyEvent::ServerMetadataChange);
    });
}

bool NotifyRequest::watchesOthers() const
{
    return std::any_of(groups.begin(), groups.end(), [](const NotifyGroup &group) {
        return !group.isForSelected() && group.events;
    });
}

bool NotifyRequest::usesSubscriptions() const
{
    return std::any_of(groups.begin(), groups.end(), [](const NotifyGroup &group) {
        return group.mailboxes.kind == Kind::Subscribed;
    });
}

} // namespace Postnook
