#pragma once

#include "app/import/mailboxnaming.h"
#include "app/mirror/responsedata.h"

#include <QHash>
#include <QSet>
#include <QStringList>

namespace Postnook
{

// A mailbox of the remote account that can be opened.
struct RemoteMailbox {
    QByteArray wireName; // as the server writes it
    QStringList levels; // decoded, without the prefix that all the person's mailboxes have there
    SpecialUse use = SpecialUse::None;
    bool isSubscribed = false;

    QString name() const { return levels.join(u'/'); } // for people and patterns
};

// Which of them: names and patterns with '*' and, within a level, '%'.
struct MailboxChoice {
    QStringList wanted; // none: all
    QStringList unwanted; // stronger

    bool takes(const RemoteMailbox &mailbox) const;
};

// Sorted by name, INBOX first; without what cannot be opened and what is other people's. Those of
// `subscribed` (LSUB) are subscribed, and those whose attributes say so.
QList<RemoteMailbox> remoteMailboxes(const QList<ListData> &listed,
                                     const QList<ListData> &subscribed,
                                     const NamespaceData &namespaces);

// Gives names to the copies of mailboxes that have none yet.
class CopyNames
{
public:
    // Without a root a mailbox with a special use goes to the one that has this use here
    // (`holders`). `taken`: mailboxes that are copies of others.
    CopyNames(const MailboxNaming &naming,
              const QHash<SpecialUse, MailboxName> &holders,
              const QList<MailboxName> &taken);

    // No two get the same: the later one gets a number. Those with a special use should come first.
    // Invalid when it would be too long or too deep.
    Result<MailboxName> nameFor(const RemoteMailbox &mailbox);

private:
    MailboxNaming m_naming;
    QHash<SpecialUse, MailboxName> m_holders;
    QSet<MailboxName> m_taken;
};

} // namespace Postnook
