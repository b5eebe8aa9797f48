#pragma once

#include "app/mirror/imapconnection.h"
#include "app/mirror/messagematch.h"
#include "app/mirror/mirrorplan.h"
#include "app/mirror/responsedata.h"

#include <QHash>
#include <QLocalSocket>

#include <optional>

namespace Postnook
{

// A message on its way from the remote server into its copy.
struct FetchedMessage {
    Uid uid; // there
    QByteArray bytes;
    MessageFlags flags;
    std::optional<InternalDate> date;
    QByteArray key; // import key, 32 octets
};

enum class MetadataSize { Any, Small }; // small: at most a kilobyte each

// The account that gets the copies: an IMAP session over the control socket of the process that
// owns the data folder. Blocks; for a command's thread. Errors are those of the owner: Unavailable
// when it is gone, whatever it refuses in its own words.
class LocalAccount
{
public:
    LocalAccount();

    struct Mailbox {
        MailboxName name;
        SpecialUse use = SpecialUse::None;
    };
    struct Selected {
        UidValidity validity;
        quint32 messages = 0;
    };

    // NotFound when there is no such account.
    Result<void> open(const QString &controlSocket, const QString &account);
    quint64 maxMessageBytes() const { return m_maxMessageBytes; }
    // Connected, and not in the middle of an APPEND.
    bool isUsable() const;
    void close();

    Result<QList<Mailbox>> mailboxes();
    // With the use, where it can have it.
    Result<void> create(const MailboxName &name, SpecialUse use);
    // Only the mailbox, which holds nothing.
    Result<void> deleteMailbox(const MailboxName &name);
    Result<void> setSubscribed(const MailboxName &name, bool isSubscribed);
    // What follows is about the mailbox selected last.
    Result<Selected> select(const MailboxName &name);

    // All below an entry.
    Result<QList<std::pair<QByteArray, QByteArray>>>
    metadata(const MailboxName &name, const QByteArray &entry, MetadataSize size);
    // All or nothing; a null value removes the entry.
    Result<void> setMetadata(const MailboxName &name,
                             const QList<std::pair<QByteArray, QByteArray>> &values);

    // Which of the import keys came before.
    Result<QByteArrayList> knownKeys(const QByteArrayList &keys);
    // The UIDs of those stored: fewer than the messages where some were known. All or nothing.
    Result<QList<Uid>> append(const MailboxName &name, const QList<FetchedMessage> &messages);
    // One large message in pieces: the bytes of `message` are not looked at. Between the two calls
    // write() takes the octets; without endAppend() nothing is stored, and the session is over.
    Result<void>
    beginAppend(const MailboxName &name, const FetchedMessage &message, quint64 sizeBytes);
    Result<void> write(const QByteArray &bytes) { return m_imap->write(bytes); }
    Result<QList<Uid>> endAppend();

    Result<QList<Uid>> uids();
    // Size and digest; ascending. Those that have gone meanwhile are left out.
    Result<QList<MessageTraits>> traits(const QList<Uid> &uids);
    Result<QHash<Uid, MessageFlags>> flags(const QList<Uid> &uids);
    Result<void> changeFlags(const FlagDifference &change);
    // For good, as far as a person's own EXPUNGE is.
    Result<void> remove(const QList<Uid> &uids);

private:
    Result<void> readGreeting();
    Result<ImapResponse> command(const QByteArray &text, const ImapConnection::OnData &onData = {});
    Result<void> plainCommand(const QByteArray &text);
    Error refused(const ImapResponse &reply) const;
    Result<QList<Uid>> storedUids(const Result<ImapResponse> &reply) const;

    QLocalSocket m_socket;
    std::unique_ptr<ImapConnection> m_imap;
    quint64 m_maxMessageBytes = 0;
    QByteArray m_appendTag;
    // The local side is not interrupted: what was begun there takes moments, and is seen to its
    // end.
    std::atomic<bool> m_neverStops = false;
};

// UIDs in sets that fit a line each.
QByteArrayList uidSets(const QList<Uid> &ascending);
// The same message of the same mailbox, whenever it is asked for.
QByteArray
mirrorKey(const QByteArray &account, const QByteArray &mailbox, UidValidity validity, Uid uid);

} // namespace Postnook
