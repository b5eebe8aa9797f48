#include "core/session/mailboxfilter.h"

#include <algorithm>

namespace Postnook
{

namespace
{

bool isInSubtree(const MailboxName &name, const MailboxName &root)
{
    return name == root || name.utf8.startsWith(root.utf8 + HierarchySeparator);
}

bool isChildOrSelf(const MailboxName &name, const MailboxName &root)
{
    return isInSubtree(name, root) && name.utf8.lastIndexOf(HierarchySeparator) <= root.utf8.size();
}

} // namespace

bool MailboxFilter::covers(const MailboxName &name, bool isSubscribed) const
{
    switch (kind) {
    case Kind::Selected:
    case Kind::SelectedDelayed:
        return false;
    case Kind::Personal:
    case Kind::Inboxes:
        return true;
    case Kind::Subscribed:
        return isSubscribed;
    case Kind::Subtree:
        return std::any_of(names.begin(), names.end(), [&name](const MailboxName &root) {
            return isInSubtree(name, root);
        });
    case Kind::SubtreeOne:
        return std::any_of(names.begin(), names.end(), [&name](const MailboxName &root) {
            return isChildOrSelf(name, root);
        });
    case Kind::Mailboxes:
        return names.contains(name);
    }
    return false;
}

} // namespace Postnook
