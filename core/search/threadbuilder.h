#pragma once

#include "core/search/threadnames.h"
#include "storage/turns.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>

#include <functional>

namespace Postnook
{

// What threads are made of (RFC 5256 3): one message, and its UID.
struct ThreadMessage {
    Uid uid;
    ThreadName messageId = 0; // of its normal form; 0: none
    QList<ThreadName> references; // the parent last
    ThreadName subject = 0; // of the collation key of the base subject
    bool isReply = false; // or a forward
    qint64 sentUtc = 0;
};

// The number that tells the message to the client.
using ThreadNumber = std::function<quint32(const ThreadMessage &)>;
quint32 uidAsNumber(const ThreadMessage &message);

// The messages in mailbox order as the lists of a THREAD response: "(2)(3 6 (4 23)(44 7 96))", ""
// for none. Both work without recursion, in O(n log n) of the messages and references, whatever
// the graph. Pure; any thread.
QByteArray threadsByReferences(const QList<ThreadMessage> &messages,
                               const ThreadNumber &numberOf = uidAsNumber,
                               Turns turns = {});
QByteArray threadsByOrderedSubject(const QList<ThreadMessage> &messages,
                                   const ThreadNumber &numberOf = uidAsNumber,
                                   Turns turns = {});

} // namespace Postnook
