#pragma once

#include "app/control/localimap.h"
#include "storage/result.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>

#include <functional>

namespace Postnook
{

// A mailbox as an export sees it.
struct ExportedMailbox {
    MailboxName name;
    quint64 messages = 0;
    quint64 sizeBytes = 0;
};

// A message, its text aside.
struct ExportedMessage {
    Uid uid;
    MessageFlags flags;
    InternalDate date;
    quint64 sizeBytes = 0;

    friend bool operator==(const ExportedMessage &, const ExportedMessage &) = default;
};

// What an export asks the server. It changes nothing: no message becomes \Seen, none is taken for
// \Recent. Blocks; lives in the exporter's thread. From an error on nothing more can be done,
// NotFound aside.
class ExportSession
{
public:
    // NotFound when there is no such account.
    Result<void> open(const QString &controlSocket, const QString &account);
    void close() { m_imap.close(); }

    // Those that hold or may hold messages, by name.
    Result<QList<ExportedMailbox>> mailboxes();

    struct Opened {
        UidValidity uidValidity;
        Uid uidNext;
    };
    // NotFound when it is gone. What is asked from here on is about this mailbox.
    Result<Opened> openMailbox(const MailboxName &name);
    // Ascending; the first ones in the range, no more than MaxDescribed.
    static constexpr auto MaxDescribed = 500;
    Result<QList<ExportedMessage>> describe(const UidRange &range);
    // In the same order, one after the other; those that are gone are left out.
    using OnMessage = std::function<void(Uid uid, const QByteArray &bytes)>;
    Result<void> fetch(const QList<Uid> &uids, const OnMessage &onMessage);
    // Shorter at the end of the message; NotFound when that is gone.
    Result<QByteArray> fetchPiece(Uid uid, quint64 offset, quint64 size);

private:
    Result<LocalImap::Reply> command(const QByteArray &text,
                                     const LocalImap::OnResponse &onResponse = {});

    LocalImap m_imap;
};

// What a FETCH response tells of a message. Pure.
struct FetchedItems {
    std::optional<Uid> uid;
    std::optional<MessageFlags> flags;
    std::optional<InternalDate> date;
    std::optional<quint64> sizeBytes;
    std::optional<QByteArray> body; // or a piece of it
};
// "7 FETCH (UID 9 …)". All empty for other responses and for items that were not asked for.
FetchedItems parseFetched(const QByteArray &response);

} // namespace Postnook
