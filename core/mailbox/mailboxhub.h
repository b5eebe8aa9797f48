#pragma once

#include "core/mailbox/mailboxsnapshots.h"
#include "core/mailbox/pace.h"
#include "storage/store.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace Postnook
{

class Account;
struct AccountMemory;

// What a hub tells those who watch its mailbox. Implemented by the selected view.
class MailboxWatcher
{
public:
    virtual ~MailboxWatcher() = default;
    // `originOf` gives who caused the changes of a MODSEQ, 0 when that is not known.
    virtual void applyChanges(const ChangeSet &changes,
                              const std::function<quint64(ModSeq)> &originOf) = 0;
    // Whether new messages may become \Recent here; the first watcher that says yes gets them.
    virtual bool claimsRecent() const = 0;
    virtual void addRecent(const UidRange &uids) = 0;
    // The last applyChanges() and addRecent() calls are done, and there is time to tell of them.
    virtual void changesApplied() = 0;
};

// One open mailbox. Reads the change feed once per change for all its watchers, and keeps the
// ascending list of UIDs they share. What a command waits for is read at once; else changes close
// to each other are read, and told to those who idle, together. Lives in the main thread, owned by
// the views that hold it (and, weakly, by the Account): whoever is told something may be the last
// of them and let go, of the Account too. It never touches the store but by read jobs.
class MailboxHub : public QObject, public std::enable_shared_from_this<MailboxHub>
{
    Q_OBJECT

public:
    MailboxHub(Account &account, MailboxId mailbox);
    ~MailboxHub() override;
    Q_DISABLE_COPY_MOVE(MailboxHub)

    // Calls `then` once the state below is loaded (at once if it is), or with the error.
    void whenLoaded(QObject *context, std::function<void(const Result<void> &)> then);
    // Calls `then` once every commit heard of so far has been applied (at once if so). A feed that
    // cannot be read is logged and does not hold anybody up.
    void whenCaughtUp(QObject *context, std::function<void()> then);
    void noteCommit(ModSeq modSeq, quint64 origin);
    void noteRenamed(); // mailbox() is read again
    // A client is being shown this change: perhaps ahead of the notice of its commit, and then what
    // else happened up to it has to be told with it (RFC 7162 3.2).
    void noteShown(ModSeq modSeq);
    // All keywords of the mailbox, as somebody has just read them: perhaps ahead of the feed.
    void noteKeywords(const QByteArrayList &keywords);

    void attach(MailboxWatcher *watcher);
    void detach(MailboxWatcher *watcher);

    const MailboxInfo &mailbox() const { return m_now.mailbox; }
    const QList<Uid> &uids() const { return m_now.uids; } // ascending
    const QByteArrayList &keywords() const { return m_now.keywords; }
    bool isGone() const { return m_isGone; } // the mailbox was deleted
    quint64 readCount() const { return m_readCount; } // reads of the change feed

private:
    struct Waiter {
        QPointer<QObject> context;
        std::function<void()> then;
        ModSeq upTo; // later commits are no reason to wait longer
    };

    void load();
    void onLoaded(const Result<MailboxSnapshot> &snapshot);
    void catchUp();
    void catchUpSoon();
    void doRound();
    void tell();
    void onChanges(const Result<ChangeSet> &changes);
    void apply(const ChangeSet &changes);
    void onMailboxDeleted();
    UidRange appendNewUids(const QList<ChangedMessage> &changed);
    void giveRecent(const UidRange &uids);
    bool isBehind() const
    {
        return (m_isRenamed || mailbox().highestModSeq < m_heardOf) && !m_isGone;
    }
    void runWaiters();

    Account &m_account;
    const std::shared_ptr<AccountMemory> m_memory; // also when the account is gone
    const AccountId m_accountId;
    MailboxId m_id;
    Pace m_pace;
    MailboxSnapshot m_now; // as far as the feed was read
    ModSeq m_heardOf;
    std::map<ModSeq, quint64> m_origins; // of commits heard of and not yet applied
    std::vector<MailboxWatcher *> m_watchers;
    std::vector<Waiter> m_caughtUpWaiters;
    std::vector<std::pair<QPointer<QObject>, std::function<void(const Result<void> &)>>>
        m_loadWaiters;
    quint64 m_readCount = 0;
    bool m_isLoaded = false;
    bool m_isReading = false;
    bool m_tellsWhenRead = false; // a round of m_pace has begun with a read
    bool m_isRenamed = false; // and the name not read yet
    bool m_isGone = false;
};

} // namespace Postnook
