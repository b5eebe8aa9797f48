#include "core/mailbox/mailboxsnapshots.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// Without a value: too long ago, what was expunged since is no longer known.
std::optional<MailboxSnapshot> broughtUpTo(const ChangeSet &changes, MailboxSnapshot known)
{
    if (!changes.complete) {
        return std::nullopt;
    }
    const Uid last = known.uids.isEmpty() ? Uid() : known.uids.last();
    for (const ChangedMessage &message : changes.changed) {
        if (message.uid > last) {
            known.uids.append(message.uid);
        }
    }
    removeExpunged(known.uids, changes.expunged);
    known.mailbox = changes.mailbox;
    known.keywords = changes.keywords;
    return known;
}

} // namespace

void removeExpunged(QList<Uid> &uids, const QList<ExpungedMessage> &expunged)
{
    if (expunged.isEmpty()) {
        return;
    }
    auto gone = expunged.cbegin();
    uids.removeIf([&](Uid uid) {
        while (gone != expunged.cend() && gone->uid < uid) {
            ++gone;
        }
        return gone != expunged.cend() && gone->uid == uid;
    });
}

Result<MailboxSnapshot>
readSnapshot(ReadTxn &txn, MailboxId mailbox, const std::optional<MailboxSnapshot> &known)
{
    if (known) {
        const auto changes = txn.changesSince(mailbox, known->mailbox.highestModSeq);
        if (!changes) {
            return changes.error();
        }
        if (const auto now = broughtUpTo(*changes, *known)) {
            return *now;
        }
    }
    const auto info = txn.mailbox(mailbox);
    if (!info) {
        return info.error();
    }
    auto uids = txn.uids(mailbox);
    if (!uids) {
        return uids.error();
    }
    auto keywords = txn.keywords(mailbox);
    if (!keywords) {
        return keywords.error();
    }
    return MailboxSnapshot{*info, std::move(*uids), std::move(*keywords)};
}

MailboxSnapshots::MailboxSnapshots(qsizetype maxMessages)
    : m_maxMessages(maxMessages)
{
}

std::optional<MailboxSnapshot> MailboxSnapshots::known(AccountId account, MailboxId mailbox)
{
    const auto found = m_entries.find({account, mailbox});
    if (found == m_entries.end()) {
        return std::nullopt;
    }
    found->second.lastUse = ++m_uses;
    return found->second.snapshot;
}

// What was used least recently makes room.
void MailboxSnapshots::keep(AccountId account, const MailboxSnapshot &snapshot)
{
    const std::pair place{account, snapshot.mailbox.id};
    if (const auto old = m_entries.find(place); old != m_entries.end()) {
        m_messages -= old->second.cost();
        m_entries.erase(old);
    }
    const Entry entry{snapshot, ++m_uses};
    if (entry.cost() > m_maxMessages) {
        return;
    }
    m_messages += entry.cost();
    m_entries.emplace(place, entry);
    while (m_messages > m_maxMessages) {
        const auto oldest =
            std::min_element(m_entries.begin(), m_entries.end(), [](const auto &a, const auto &b) {
                return a.second.lastUse < b.second.lastUse;
            });
        m_messages -= oldest->second.cost();
        m_entries.erase(oldest);
    }
}

} // namespace Postnook
