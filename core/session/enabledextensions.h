#pragma once

#include <QFlags>

namespace Postnook
{

// What a client has to turn on (RFC 5161, RFC 7162 3.1). Lasts as long as the connection, or until
// UNAUTHENTICATE.
enum class Extension : quint8 {
    CondStore = 0x01, // MODSEQ in every FETCH response that it did not ask for word by word
    QResync = 0x02, // VANISHED instead of EXPUNGE; never without CondStore
};
Q_DECLARE_FLAGS(EnabledExtensions, Extension)
Q_DECLARE_OPERATORS_FOR_FLAGS(EnabledExtensions)

} // namespace Postnook
