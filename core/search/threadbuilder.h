#pragma once

#include "core/search/threadnames.h"

#include <QByteArray>
#include <QList>

namespace Postnook
{

// What threads are made of (RFC 5256 3): one message, and the number that tells it to the client.
struct ThreadMessage {
    quint32 number = 0;
    ThreadName messageId = 0; // of its normal form; 0: none
    QList<ThreadName> references; // the parent last
    ThreadName subject = 0; // of the collation key of the base subject
    bool isReply = false; // or a forward
    qint64 sentUtc = 0;
};

// The messages in mailbox order as the lists of a THREAD response: "(2)(3 6 (4 23)(44 7 96))", ""
// for none. Both work without recursion, in O(n log n) of the messages and references, whatever
// the graph. Pure; any thread.
QByteArray threadsByReferences(const QList<ThreadMessage> &messages);
QByteArray threadsByOrderedSubject(const QList<ThreadMessage> &messages);

} // namespace Postnook
