#pragma once

#include "core/mailbox/pace.h"
#include "storage/store.h"

#include <QHash>
#include <QMap>
#include <QObject>

#include <optional>
#include <vector>

namespace Postnook
{

// What happened in an account since the last report, as of one moment.
struct FeedReport {
    struct Mailbox {
        MailboxInfo info;
        bool isSubscribed = false; // known where a watcher asked for subscriptions
        QHash<quint64, MailboxChanges> changesBy; // WriteOptions::origin -> what it did

        MailboxChanges changesByOthersThan(quint64 origin) const;
    };
    // A name that was touched by an event, and how it stands now.
    struct Name {
        MailboxName name;
        std::optional<MailboxName> oldName; // it was renamed
        bool isMailboxEvent = false; // created, deleted, renamed, or a child of it was made or went
        bool isSubscriptionEvent = false;
        quint64 writer = 0; // WriteOptions::origin of the last to touch it

        bool exists = false;
        SpecialUse specialUse = SpecialUse::None;
        bool isSubscribed = false;
        bool hasChildren = false;
    };

    struct Metadata {
        MailboxId id;
        MailboxName mailbox; // empty: the server
        bool isSubscribed = false; // as of Mailbox
        QHash<quint64, QByteArrayList> entriesBy; // WriteOptions::origin -> what it set

        QByteArrayList entriesByOthersThan(quint64 origin) const;
    };

    QList<Mailbox> mailboxes; // those that still exist
    QList<Name> names; // in the order of events
    QList<Metadata> metadata; // of mailboxes that still exist, and the server
    QList<MailboxId> gone; // mailboxes that were deleted
};

// Who wants to hear of a whole account. Implemented by the session's Notifier.
class FeedWatcher
{
public:
    virtual ~FeedWatcher() = default;
    virtual void feedReported(const FeedReport &report) = 0;
    // Whether it matters to it which of the changed mailboxes are subscribed.
    virtual bool needsSubscriptions() const = 0;
};

// Everything that changes in an account, for the sessions that watch more than the mailbox they
// have open (RFC 5465). However many they are, a change is read once; changes close to each other
// are read together; nothing is read or kept while nobody watches. Main thread, owned by the
// Account.
class AccountFeed : public QObject
{
    Q_OBJECT

public:
    AccountFeed(MailStore &store, const Pacing &pacing);

    void note(const QList<CommitNotice> &notices);
    void attach(FeedWatcher *watcher);
    void detach(FeedWatcher *watcher); // also from inside feedReported()
    quint64 readCount() const { return m_readCount; } // reads since the account was opened

private:
    // What has changed and is not read yet.
    struct Pending {
        QMap<MailboxId, FeedReport::Mailbox> mailboxes;
        QList<FeedReport::Name> names;
        QMap<MailboxId, FeedReport::Metadata> metadata;

        bool isEmpty() const
        {
            return mailboxes.isEmpty() && names.isEmpty() && metadata.isEmpty();
        }
    };

    void noteName(const NameEvent &event, quint64 writer);
    void addName(const FeedReport::Name &name);
    void read();
    void noteMetadata(MailboxId owner, const QByteArrayList &entries, quint64 origin);
    static Result<FeedReport> fill(ReadTxn &txn, const Pending &pending, bool needsSubscriptions);
    void onRead(const Result<FeedReport> &report);
    void keep(const Pending &unread);
    void tell(const FeedReport &report);

    MailStore &m_store;
    Pace m_pace;
    std::vector<FeedWatcher *> m_watchers; // null: went away while it was told
    Pending m_pending;
    quint64 m_readCount = 0;
    bool m_isReading = false;
    bool m_isTelling = false;
};

} // namespace Postnook
