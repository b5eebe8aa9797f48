#include "storage/sqlite/changedmailboxes.h"

namespace Postnook::Sqlite
{

namespace
{

void addOnce(QByteArrayList &entries, const QByteArray &entry)
{
    if (!entries.contains(entry)) { // in the stored spelling, so no two differ in case alone
        entries.append(entry);
    }
}

} // namespace

ModSeq ChangedMailbox::newModSeq()
{
    if (!m_hasNewModSeq) {
        ++info.highestModSeq.value;
        m_hasNewModSeq = true;
        m_announced = true;
    }
    return info.highestModSeq;
}

void ChangedMailbox::noteMetadata(const QByteArray &entry, bool isAsked)
{
    newModSeq();
    addOnce(m_changedMetadata, entry);
    m_isMetadataAsked = m_isMetadataAsked && isAsked;
}

void ChangedMailboxes::noteServerMetadata(const QByteArray &entry)
{
    addOnce(m_serverMetadata, entry);
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
    const auto made = m_entries.try_emplace(id, m_reader.database(), *info);
    return &made.first->second.mailbox;
}

Result<void> ChangedMailboxes::flush()
{
    for (auto &[id, entry] : m_entries) {
        if (auto flushed = entry.mailbox.blocks.flush(); !flushed) {
            return flushed;
        }
        const auto &info = entry.mailbox.info;
        if (info == entry.written) {
            continue;
        }
        const auto updated = m_reader.database().run(
            "UPDATE mailbox SET uid_next = ?2, highest_modseq = ?3, history_floor = ?4,"
            " recent_floor = ?5, messages = ?6, unseen = ?7, deleted = ?8, size = ?9,"
            " special_use = ?10 WHERE id = ?1",
            id,
            info.uidNext,
            info.highestModSeq,
            info.historyFloor,
            info.recentFloor,
            info.messages,
            info.unseen,
            info.deleted,
            info.sizeBytes,
            static_cast<int>(info.specialUse));
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
        const auto &mailbox = entry.mailbox;
        // A rename is no change of a message: the MODSEQ is that of an earlier job.
        CommitNotice notice;
        notice.mailbox = id;
        notice.modSeq = mailbox.info.highestModSeq;
        notice.origin = mailbox.hasNewModSeq() ? origin : 0;
        notice.writer = origin;
        notice.changes = mailbox.changes;
        notice.names = mailbox.names;
        if (!mailbox.isDeleted && !mailbox.changedMetadata().isEmpty()) {
            notice.metadata = {mailbox.info.name,
                               mailbox.changedMetadata(),
                               mailbox.isMetadataAsked() ? origin : 0};
        }
        if (mailbox.isAnnounced()) {
            notices.append(notice);
        }
    }
    if (!m_serverMetadata.isEmpty()) {
        CommitNotice notice;
        notice.mailbox = ServerMetadata;
        notice.metadata = {{}, m_serverMetadata, origin};
        notices.append(notice);
    }
    if (!m_subscriptions.isEmpty()) {
        notices.append({MailboxId(), ModSeq(), 0, origin, {}, m_subscriptions});
    }
    return notices;
}

} // namespace Postnook::Sqlite
