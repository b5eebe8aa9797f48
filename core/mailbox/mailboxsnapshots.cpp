#include "core/mailbox/mailboxsnapshots.h"

#include <memory>

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
    : m_snapshots(maxMessages)
{
}

std::optional<MailboxSnapshot> MailboxSnapshots::known(AccountId account, MailboxId mailbox)
{
    const MailboxSnapshot *snapshot = m_snapshots.object({account, mailbox});
    return snapshot != nullptr ? std::optional(*snapshot) : std::nullopt;
}

void MailboxSnapshots::keep(AccountId account, const MailboxSnapshot &snapshot)
{
    constexpr qsizetype MailboxItself = 100; // of an empty one, in messages
    auto kept = std::make_unique<MailboxSnapshot>(snapshot);
    const qsizetype cost = snapshot.uids.size() + MailboxItself;
    const std::pair place{account, snapshot.mailbox.id};
    m_snapshots.remove(place); // or others would have to make room for both
    m_snapshots.insert(place, kept.release(), cost);
}

} // namespace Postnook
