#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <utility>

namespace Postnook
{

// By what a message is known again whose UID says nothing: after a new UIDVALIDITY, and after a run
// that ended before it could write down which copy is whose.
struct MessageTraits {
    Uid uid;
    quint64 sizeBytes = 0;
    QByteArray fields; // digest of the header fields that MatchedFields names

    friend bool operator==(const MessageTraits &, const MessageTraits &) = default;
};

// Two messages that agree in these and in their size, to the octet, are taken for the same.
constexpr auto MatchedFields = "MESSAGE-ID DATE FROM SUBJECT";

// The digest of what BODY[HEADER.FIELDS (...)] gives. Servers differ in how they fold and end it.
QByteArray traitsDigest(QByteArrayView fields);

// (remote, local): the same messages. Each is in one pair at most; of equal ones the older goes
// with the older. Both ascending, the result by the remote UID. Pure.
QList<std::pair<Uid, Uid>> matchMessages(const QList<MessageTraits> &remote,
                                         const QList<MessageTraits> &local);

} // namespace Postnook
