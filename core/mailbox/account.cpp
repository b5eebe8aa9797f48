#include "core/mailbox/account.h"

#include "core/mailbox/mailboxhub.h"
#include "core/search/messagekeys.h"

namespace Postnook
{

Account::Account(AccountRecord record,
                 std::shared_ptr<MailStore> store,
                 std::shared_ptr<AccountMemory> memory,
                 Pacing pacing)
    : m_record(std::move(record))
    , m_store(std::move(store))
    , m_pacing(std::move(pacing))
    , m_feed(*m_store, m_pacing)
    , m_memory(std::move(memory))
    , m_messageKeys(std::make_shared<MessageKeys>(m_record.id, m_memory->keys))
{
    connect(m_store.get(), &MailStore::committed, this, &Account::onCommitted);
}

Account::~Account()
{
    if (!m_unsavedClaims.isEmpty()) {
        write([](WriteTxn &) { return Result<void>(); }, {});
    }
}

std::shared_ptr<MailboxHub> Account::hub(MailboxId mailbox)
{
    if (auto hub = m_hubs.value(mailbox).lock()) {
        return hub;
    }
    auto hub = std::make_shared<MailboxHub>(*this, mailbox);
    m_hubs.insert(mailbox, hub);
    return hub;
}

void Account::claimRecent(MailboxId mailbox, Uid floor)
{
    Uid &claimed = m_memory->claims[id()][mailbox];
    if (claimed < floor) {
        claimed = floor;
        m_unsavedClaims.insert(mailbox, floor);
    }
}

Uid Account::recentFloor(const MailboxInfo &mailbox) const
{
    return qMax(mailbox.recentFloor, claims().value(mailbox.id));
}

Account::RecentClaims Account::takeClaims()
{
    return std::exchange(m_unsavedClaims, {});
}

void Account::keepClaims(const RecentClaims &claims)
{
    for (auto it = claims.cbegin(); it != claims.cend(); ++it) {
        m_unsavedClaims.insert(it.key(), qMax(it.value(), m_unsavedClaims.value(it.key())));
    }
}

void Account::onCommitted(const QList<CommitNotice> &notices)
{
    m_mailboxInfos.noteCommit(notices);
    for (const CommitNotice &notice : notices) {
        if (auto hub = m_hubs.value(notice.mailbox).lock()) {
            hub->noteCommit(notice.modSeq, notice.origin);
            if (notice.changes.testFlag(MailboxChange::Named)) {
                hub->noteRenamed();
            }
        }
        Q_EMIT committed(notice);
    }
    m_feed.note(notices);
    m_hubs.removeIf([](const auto &entry) { return entry.value().expired(); });
}

} // namespace Postnook
