#include "core/mailbox/mailboxinfocache.h"

#include <algorithm>

namespace Postnook
{

const MailboxInfo *MailboxInfoCache::find(const MailboxName &name) const
{
    const auto found = m_infos.constFind(name);
    return found != m_infos.constEnd() ? &*found : nullptr;
}

std::optional<MailboxId> MailboxInfoCache::idOf(const MailboxName &name) const
{
    const auto found = m_ids.constFind(name);
    return found != m_ids.constEnd() ? std::make_optional(*found) : std::nullopt;
}

void MailboxInfoCache::keep(const MailboxInfo &mailbox, Moment readAt)
{
    if (readAt.commits == m_now.commits && m_infos.size() < MaxKept) {
        m_infos.insert(mailbox.name, mailbox);
    }
    if (readAt.renamings == m_now.renamings && m_ids.size() < MaxKept) {
        m_ids.insert(mailbox.name, mailbox.id);
    }
}

void MailboxInfoCache::noteCommit(const QList<CommitNotice> &notices)
{
    m_infos.clear();
    ++m_now.commits;
    const bool changesNames =
        std::any_of(notices.begin(), notices.end(), [](const CommitNotice &notice) {
            return notice.changes.testFlag(MailboxChange::Named) || !notice.names.isEmpty();
        });
    if (changesNames) {
        m_ids.clear();
        ++m_now.renamings;
    }
}

} // namespace Postnook
