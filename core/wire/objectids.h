#pragma once

#include "storage/types.h"

#include <optional>

namespace Postnook
{

// Object identifiers (RFC 8474): a letter for the kind, then hexadecimal digits in lower case. They
// say what they stand for, so that they mean the same, or nothing, when an account's mail was
// restored from an older copy or brought in anew: a client may keep what it knows by them for ever.

// By UIDVALIDITY, which no other mailbox of the account ever has.
QByteArray mailboxObjectId(UidValidity uidValidity);

// What never changes of a message (RFC 8474 5.1, RFC 3501 2.3.1.1): its text and its internal date,
// which a copy has too.
struct EmailKey {
    QByteArray sha256Start; // 20 bytes
    InternalDate internalDate;

    friend bool operator==(const EmailKey &, const EmailKey &) = default;
};
QByteArray emailObjectId(QByteArrayView sha256, const InternalDate &date);
QByteArray threadObjectId(ThreadId thread);

// Of what a client sends; none of ours: nothing.
std::optional<EmailKey> parseEmailObjectId(QByteArrayView id);
std::optional<ThreadId> parseThreadObjectId(QByteArrayView id);

} // namespace Postnook
