#pragma once

#include "app/mirror/localaccount.h"

namespace Postnook
{

// The remote account as copies remember it. The port does not count: 143 and 993 are one server.
struct RemoteIdentity {
    QString host;
    QString user;

    // What names a mailbox of this account for good, in keys and entries.
    QByteArray idOf(const QByteArray &mailbox) const;
    QByteArray account() const; // the part of import keys
};

// A mailbox here that is a copy.
struct MirrorCopy {
    MailboxName local;
    QByteArray id; // what idOf() gives
    QByteArray mailbox; // there, as on the wire
    QString mailboxName; // the same for people
};

// What is remembered between two runs: metadata of the copies (RFC 5464), below
// /private/vendor/postnook/mirror. So a copy that is renamed stays the copy, and a backup holds
// both.
class MirrorStore
{
public:
    // Outlives this.
    MirrorStore(LocalAccount &account, const RemoteIdentity &remote)
        : m_account(account)
        , m_remote(remote)
    {
    }

    // The copies of mailboxes of this remote account.
    Result<QList<MirrorCopy>> copies(const QList<LocalAccount::Mailbox> &mailboxes);
    // Nothing is remembered where there is nothing, or nothing that can be read.
    Result<MirrorState> load(const MirrorCopy &copy);
    Result<void> save(const MirrorCopy &copy, const MirrorState &state);
    Result<void> forget(const MirrorCopy &copy);

private:
    QByteArray entry(const MirrorCopy &copy, const QByteArray &name) const;
    Result<QList<QByteArray>> parts(const MirrorCopy &copy);

    LocalAccount &m_account;
    RemoteIdentity m_remote;
    QHash<QByteArray, qsizetype> m_partCounts; // of the entries there are, by id
};

} // namespace Postnook
