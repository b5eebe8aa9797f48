#pragma once

#include <QFlags>

namespace Postnook
{

// What a client has to turn on (RFC 5161, RFC 7162 3.1). Lasts as long as the connection, or until
// UNAUTHENTICATE.
enum class Extension : quint8 {
    CondStore = 0x01, // MODSEQ in every FETCH response that it did not ask for word by word
    QResync = 0x02, // VANISHED instead of EXPUNGE; never without CondStore
    Metadata = 0x40, // METADATA when another session has changed some (RFC 5464 4.4)
};
Q_DECLARE_FLAGS(EnabledExtensions, Extension)
Q_DECLARE_OPERATORS_FOR_FLAGS(EnabledExtensions)

} // namespace Postnook
