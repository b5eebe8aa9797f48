#include "storage/sqlite/changedmailboxes.h"

namespace Postnook::Sqlite
{

ModSeq ChangedMailbox::newModSeq()
{
    if (!m_hasNewModSeq) {
        ++info.highestModSeq.value;
        m_hasNewModSeq = true;
        m_announced = true;
    }
    return info.highestModSeq;
}

Result<ChangedMailbox *> ChangedMailboxes::open(MailboxId id)
{
    if (const auto found = m_entries.find(id); found != m_entries.end()) {
        if (found->second.mailbox.isDeleted) {
            return Error{ErrorCode::NotFound, QStringLiteral("the mailbox was deleted")};
        }
        return &found->second.mailbox;
    }
    const auto info = m_reader.mailbox(id);
    if (!info) {
        return info.error();
    }
    return &m_entries.emplace(id, Entry{ChangedMailbox(*info), *info}).first->second.mailbox;
}

Result<void> ChangedMailboxes::flush()
{
    for (auto &[id, entry] : m_entries) {
        const auto &info = entry.mailbox.info;
        if (info == entry.written) {
            continue;
        }
        const auto updated = m_reader.database().run(
            "UPDATE mailbox SET uid_next = ?2, highest_modseq = ?3, history_floor = ?4,"
            " recent_floor = ?5, messages = ?6, unseen = ?7, deleted = ?8, size = ?9"
            " WHERE id = ?1",
            id,
            info.uidNext,
            info.highestModSeq,
            info.historyFloor,
            info.recentFloor,
            info.messages,
            info.unseen,
            info.deleted,
            info.sizeBytes);
        if (!updated) {
            return updated;
        }
        entry.written = info;
    }
    return {};
}

void ChangedMailboxes::noteSubscription(const MailboxName &name, bool subscribed)
{
    using Kind = NameEvent::Kind;
    m_subscriptions.append({subscribed ? Kind::Subscribed : Kind::Unsubscribed, name});
}

QList<CommitNotice> ChangedMailboxes::notices(quint64 origin) const
{
    QList<CommitNotice> notices;
    for (const auto &[id, entry] : m_entries) {
        if (entry.mailbox.isAnnounced()) {
            // A rename is no change of a message: the MODSEQ is that of an earlier job.
            const auto maker = entry.mailbox.hasNewModSeq() ? origin : 0;
            notices.append({id,
                            entry.mailbox.info.highestModSeq,
                            maker,
                            origin,
                            entry.mailbox.changes,
                            entry.mailbox.names});
        }
    }
    if (!m_subscriptions.isEmpty()) {
        notices.append({MailboxId(), ModSeq(), 0, origin, {}, m_subscriptions});
    }
    return notices;
}

} // namespace Postnook::Sqlite
