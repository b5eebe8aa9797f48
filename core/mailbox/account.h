#pragma once

#include "core/mailbox/accountfeed.h"
#include "core/mailbox/accountmemory.h"
#include "core/mailbox/mailboxinfocache.h"
#include "core/mailbox/pace.h"
#include "storage/store.h"

#include <QObject>

#include <memory>

namespace Postnook
{

class MailboxHub;
class MessageKeys;

// One account while somebody uses it: its store, the feed of all that changes in it, and a hub for
// each mailbox that a session has open. Shared by the sessions of the account; lives in the main
// thread.
class Account : public QObject
{
    Q_OBJECT

public:
    using RecentClaims = AccountMemory::RecentClaims;

    Account(AccountRecord record,
            std::shared_ptr<MailStore> store,
            std::shared_ptr<AccountMemory> memory,
            Pacing pacing = {});
    ~Account() override;
    Q_DISABLE_COPY_MOVE(Account)

    AccountId id() const { return m_record.id; }
    const QString &name() const { return m_record.name; }
    MailStore &store() { return *m_store; }
    AccountFeed &feed() { return m_feed; }
    MailboxInfoCache &mailboxInfos() { return m_mailboxInfos; }
    const Pacing &pacing() const { return m_pacing; }
    const std::shared_ptr<AccountMemory> &memory() const { return m_memory; }
    // For read jobs, any thread.
    const std::shared_ptr<MessageKeys> &messageKeys() const { return m_messageKeys; }

    // The mailbox's hub, made when first asked for and kept while somebody holds it.
    std::shared_ptr<MailboxHub> hub(MailboxId mailbox);

    // \Recent is claimed in memory and written with the next change, or when the last session
    // goes, so that SELECT never waits for the disk.
    void claimRecent(MailboxId mailbox, Uid floor);
    Uid recentFloor(const MailboxInfo &mailbox) const;
    RecentClaims claims() const { return m_memory->claims.value(id()); }

    // MailStore::write that also writes the claims made so far.
    template <typename F>
    auto write(F fn, WriteOptions options)
    {
        using R = std::invoke_result_t<F &, WriteTxn &>;
        const auto claims = takeClaims();
        auto written = m_store->write(
            [fn = std::move(fn), claims](WriteTxn &txn) mutable {
                for (auto it = claims.cbegin(); it != claims.cend(); ++it) {
                    // A mailbox deleted meanwhile has no floor to raise; nothing is lost by that.
                    (void)txn.setRecentFloor(it.key(), it.value()).has_value();
                }
                return fn(txn);
            },
            options);
        if (!claims.isEmpty()) {
            written = written.then([self = QPointer(this), claims](R result) {
                if (!result && self) {
                    self->keepClaims(claims);
                }
                return result;
            });
        }
        return written;
    }

Q_SIGNALS:
    // On disk, and told once per job and mailbox, in the order of the commits.
    void committed(const Postnook::CommitNotice &notice);

private:
    RecentClaims takeClaims();
    void keepClaims(const RecentClaims &claims); // the write that had them has failed
    void onCommitted(const QList<CommitNotice> &notices);

    AccountRecord m_record;
    std::shared_ptr<MailStore> m_store;
    Pacing m_pacing;
    AccountFeed m_feed;
    MailboxInfoCache m_mailboxInfos;
    const std::shared_ptr<AccountMemory> m_memory;
    const std::shared_ptr<MessageKeys> m_messageKeys;
    QHash<MailboxId, std::weak_ptr<MailboxHub>> m_hubs;
    RecentClaims m_unsavedClaims; // those not yet handed to a write
};

} // namespace Postnook
