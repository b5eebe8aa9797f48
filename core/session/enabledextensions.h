#pragma once

#include "core/wire/mailboxnames.h"

#include <QFlags>

namespace Postnook
{

// What a client has to turn on (RFC 5161, RFC 7162 3.1, RFC 9051 6.3.1). Lasts as long as the
// connection, or until UNAUTHENTICATE.
enum class Extension : quint8 {
    CondStore = 0x01, // MODSEQ in every FETCH response that it did not ask for word by word
    QResync = 0x02, // VANISHED instead of EXPUNGE; never without CondStore
    Imap4rev2 = 0x04, // RFC 9051
    Utf8Accept = 0x08, // UTF8=ACCEPT: RFC 9755 (RFC 6855)
    UidOnly = 0x10, // no message numbers, either way: RFC 9586
    Metadata = 0x20, // METADATA when another session has changed some (RFC 5464 4.4)
};
Q_DECLARE_FLAGS(EnabledExtensions, Extension)
Q_DECLARE_OPERATORS_FOR_FLAGS(EnabledExtensions)

// Of mailbox names, both ways.
inline NameCoding nameCodingOf(EnabledExtensions enabled)
{
    return enabled.testAnyFlags(Extension::Imap4rev2 | Extension::Utf8Accept)
        ? NameCoding::Utf8
        : NameCoding::ModifiedUtf7;
}

} // namespace Postnook
