#include "core/session/notifyrequest.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using Filter = NotifyGroup::Filter;

bool isInSubtree(const MailboxName &name, const MailboxName &root)
{
    return name == root || name.utf8.startsWith(root.utf8 + HierarchySeparator);
}

// The larger, the fewer mailboxes are meant.
int narrowness(Filter filter)
{
    return filter == Filter::Mailboxes ? 2 : filter == Filter::Subtree ? 1 : 0;
}

} // namespace

bool NotifyGroup::covers(const MailboxName &name, bool isSubscribed) const
{
    switch (filter) {
    case Filter::Selected:
    case Filter::SelectedDelayed:
        return false;
    case Filter::Personal:
    case Filter::Inboxes:
        return true;
    case Filter::Subscribed:
        return isSubscribed;
    case Filter::Subtree:
        return std::any_of(names.begin(), names.end(), [&name](const MailboxName &root) {
            return isInSubtree(name, root);
        });
    case Filter::Mailboxes:
        return names.contains(name);
    }
    return false;
}

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
        if (!group.events && group.covers(name, isSubscribed)) {
            narrowestNone = std::max(narrowestNone, narrowness(group.filter));
        }
    }
    NotifyEvents events;
    for (const NotifyGroup &group : groups) {
        if (narrowness(group.filter) >= narrowestNone && group.covers(name, isSubscribed)) {
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
        return group.filter == Filter::Subscribed;
    });
}

} // namespace Postnook
