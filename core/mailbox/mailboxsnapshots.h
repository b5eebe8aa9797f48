#pragma once

#include "storage/store.h"

#include <QCache>
#include <QList>

#include <optional>
#include <utility>

namespace Postnook
{

// A mailbox as it stood at `mailbox.highestModSeq`. Shared as a value.
struct MailboxSnapshot {
    MailboxInfo mailbox;
    QList<Uid> uids; // ascending
    QByteArrayList keywords;
};

// As it stands now, by what has changed since, where something is known. Pool thread.
Result<MailboxSnapshot> readSnapshot(ReadTxn &txn,
                                     MailboxId mailbox,
                                     const std::optional<MailboxSnapshot> &known = std::nullopt);

// Both ascending.
void removeExpunged(QList<Uid> &uids, const QList<ExpungedMessage> &expunged);

// The mailboxes that were open last, so that to open one again is to read what has changed since.
// Bounded by their messages; a mailbox that has more than all may is not kept. Main thread.
class MailboxSnapshots
{
public:
    static constexpr qsizetype MaxMessages = 4'000'000; // 16 MB of UIDs

    explicit MailboxSnapshots(qsizetype maxMessages = MaxMessages);
    std::optional<MailboxSnapshot> known(AccountId account, MailboxId mailbox);
    void keep(AccountId account, const MailboxSnapshot &snapshot);

private:
    // What was used least recently makes room.
    QCache<std::pair<AccountId, MailboxId>, MailboxSnapshot> m_snapshots;
};

} // namespace Postnook
