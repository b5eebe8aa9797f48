#pragma once

#include "storage/types.h"

#include <QList>

namespace Postnook
{

// Which mailboxes are meant (RFC 5465 6, RFC 7377 2.2).
struct MailboxFilter {
    enum class Kind {
        Selected,
        SelectedDelayed,
        Personal,
        Inboxes, // any mailbox may be delivered to, so it is Personal (RFC 5465 6.3)
        Subscribed,
        Subtree,
        SubtreeOne, // no deeper than their children
        Mailboxes,
    };

    Kind kind = Kind::Personal;
    QList<MailboxName> names = {}; // of the last three

    bool isForSelected() const { return kind == Kind::Selected || kind == Kind::SelectedDelayed; }
    // Whatever is selected.
    bool covers(const MailboxName &name, bool isSubscribed) const;

    friend bool operator==(const MailboxFilter &, const MailboxFilter &) = default;
};

} // namespace Postnook
