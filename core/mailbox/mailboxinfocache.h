#pragma once

#include "storage/store.h"

#include <QHash>

#include <optional>

namespace Postnook
{

// What was last read of an account's mailboxes, for as long as no commit can have changed it: mail
// programs ask for the STATUS of every mailbox again and again, and bring one message after the
// other to the same. As a commit is told before anybody gets its OK, nobody is told less than he
// knows of. Main thread.
class MailboxInfoCache
{
public:
    // To be taken before a mailbox is read, and given to keep() with it: what was read before a
    // commit and comes after it is not kept.
    struct Moment {
        quint64 commits = 0;
        quint64 renamings = 0;
    };

    // Null: to be read. No commit tells of recentFloor and historyFloor, which may be older.
    const MailboxInfo *find(const MailboxName &name) const;
    // Good until a mailbox comes, goes or gets another name.
    std::optional<MailboxId> idOf(const MailboxName &name) const;
    Moment now() const { return m_now; }
    void keep(const MailboxInfo &mailbox, Moment readAt);
    void noteCommit(const QList<CommitNotice> &notices);

private:
    static constexpr qsizetype MaxKept = 1000; // a few hundred octets each

    QHash<MailboxName, MailboxInfo> m_infos;
    QHash<MailboxName, MailboxId> m_ids;
    Moment m_now;
};

} // namespace Postnook
