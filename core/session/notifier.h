#pragma once

#include "core/commands/statusitems.h"
#include "core/mailbox/accountfeed.h"
#include "core/session/notifyrequest.h"
#include "core/session/selectedview.h"

#include <QMap>

namespace Postnook
{

class Session;

// What one client has asked for by NOTIFY (RFC 5465), and what it has still to be told of mailboxes
// that are not selected: each mailbox and each name once, so many at the most, beyond which the
// client hears that it missed something. Owned by its Session, which says when to tell. Main
// thread.
class Notifier : public FeedWatcher
{
public:
    explicit Notifier(Session &session);
    ~Notifier() override;
    Q_DISABLE_COPY_MOVE(Notifier)

    const NotifyRequest &request() const { return m_request; }
    void begin(const NotifyRequest &request); // replaces the one before

    // Of the selected mailbox: while a command ends or IDLE waits, and at any time.
    ViewUpdates wanted() const;
    ViewUpdates wantedAtOnce() const;

    // Untagged responses for all that waits.
    void write(QByteArray &out);

    // What is to be sent of new messages (MessageNew).
    const QList<FetchItem> &newItems() const;

    void feedReported(const FeedReport &report) override;
    bool needsSubscriptions() const override { return m_request.usesSubscriptions(); }

private:
    struct Status {
        FeedReport::Mailbox mailbox;
        MailboxChanges changes;
    };

    struct Metadata {
        MailboxName mailbox;
        QByteArrayList entries; // each once
    };

    void noteMailbox(const FeedReport::Mailbox &mailbox);
    void noteName(const FeedReport::Name &name);
    void noteMetadata(const FeedReport::Metadata &metadata);
    bool isOverfull() const;
    NotifyEvents eventsOf(const FeedReport::Name &name) const;
    QList<StatusItem> itemsOf(const Status &status) const;
    void writeStatus(QByteArray &out, const Status &status) const;
    void writeName(QByteArray &out, const FeedReport::Name &name) const;
    void setWatching(bool on);
    void overflow();

    Session &m_session;
    NotifyRequest m_request;
    QMap<MailboxId, Status> m_statuses;
    QList<FeedReport::Name> m_names;
    QMap<MailboxId, Metadata> m_metadata; // by its owner
    bool m_isWatching = false; // attached to the account's feed
    bool m_hasOverflown = false; // and the client does not know yet
};

} // namespace Postnook
