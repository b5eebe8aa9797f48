#pragma once

#include "app/mirror/messagematch.h"
#include "app/mirror/mirrorplan.h"
#include "app/mirror/remotemailboxes.h"
#include "app/mirror/remoteserver.h"

#include <optional>

namespace Postnook
{

// What a mirror asks a remote server for; nothing is ever changed there. Blocks; for a command's
// thread. Errors: those of ImapConnection, and NotFound for what the server refuses about one
// mailbox, in its words.
class RemoteAccount
{
public:
    // Outlives this.
    explicit RemoteAccount(RemoteServer &server)
        : m_server(server)
    {
    }

    Result<QList<RemoteMailbox>> mailboxes();
    // Opens the mailbox, read-only, for all that follows, and says what is in it. Where the server
    // can, it tells only what has changed since what is remembered.
    Result<RemoteContents> open(const RemoteMailbox &mailbox, const MirrorState &remembered);

    struct Description {
        Uid uid;
        MessageFlags flags;
        std::optional<InternalDate> date;
        quint64 sizeBytes = 0; // as the server says; some are not exact
    };
    // In the order of the UIDs; without those that are gone.
    Result<QList<Description>> describe(const QList<Uid> &uids);
    Result<QList<MessageTraits>> traits(const QList<Uid> &uids);

    // The octets of messages, told one by one as they are complete. False, and the server's words,
    // when it refuses some of them.
    using OnMessage = std::function<Result<void>(Uid uid, const QByteArray &bytes)>;
    struct Fetched {
        bool isWhole = true;
        QString words;
    };
    Result<Fetched> fetch(const QList<Uid> &uids, const OnMessage &onMessage);
    // One message, as it comes in. The octets are good once this says that it was this one.
    Result<Fetched> fetchInto(Uid uid, BodySink *sink, bool *hasCome);

private:
    Result<QList<ListData>> list(const QByteArray &text);
    Result<NamespaceData> namespaces();
    Result<void> select(const QByteArray &wireName, const MirrorState &remembered);
    Result<void> takeSelect(const ImapResponse &response);
    Result<void> takeFlags(const ImapResponse &response);
    Result<void> readChanges(const MirrorState &remembered);
    Result<void> readAllFlags(const QByteArray &modifier);
    Result<void> readUids();
    bool knowsAllUids(const MirrorState &remembered);
    Result<ImapResponse> command(const QByteArray &text, const ImapConnection::OnData &onData = {});

    RemoteServer &m_server;
    // While a mailbox is opened.
    RemoteContents m_contents;
    quint32 m_exists = 0;
    QList<SequenceSet::Span> m_vanished;
};

} // namespace Postnook
