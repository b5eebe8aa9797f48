#pragma once

#include "app/mirror/mailboxmirror.h"

#include <QSet>

namespace Postnook
{

struct MirrorRequest {
    QString account; // that gets the copies
    RemoteAccess remote;
    MailboxChoice choice;
    MailboxNaming naming;
    MirrorMode mode;
    int retries = 0; // in a row, without anything done between them
};

// What the passes of one run have done together.
class MirrorResults
{
public:
    const QList<MailboxReport> &reports() const { return m_reports; }
    MailboxReport &reportFor(const QByteArray &id); // good until the next call
    bool isDone(const QByteArray &id) const { return m_done.contains(id); }
    void setDone(const QByteArray &id) { m_done.insert(id); }
    // Larger when something was done.
    qint64 progressMade() const;

private:
    QList<MailboxReport> m_reports;
    QList<QByteArray> m_ids; // of the reports
    QSet<QByteArray> m_done;
};

// Goes through the mailboxes with one pair of connections, from the first that is not done yet.
class MirrorPass
{
public:
    struct Sides {
        RemoteServer &server;
        LocalAccount &local;
        MirrorProgress &progress;
    };

    // All outlive this.
    MirrorPass(const MirrorRequest &request,
               const RemoteIdentity &identity,
               const Sides &sides,
               MirrorResults *results);

    Result<void> run();

private:
    Result<void> look();
    void nameCopies();
    Result<void> mirror(const RemoteMailbox &mailbox);
    Result<void> onGone(const MirrorCopy &copy);
    Result<void> deleteCopies(const MirrorCopy &copy, MailboxReport *report);
    bool isHere(const MailboxName &name) const;

    const MirrorRequest &m_request;
    const RemoteIdentity &m_identity;
    RemoteAccount m_remote;
    LocalAccount &m_local;
    MirrorStore m_store;
    MirrorProgress &m_progress;
    MirrorResults &m_results;

    QList<RemoteMailbox> m_there;
    QList<LocalAccount::Mailbox> m_here;
    QList<MirrorCopy> m_copies; // that were there before
    QHash<QByteArray, MailboxName> m_names; // of all copies, by id
};

} // namespace Postnook
