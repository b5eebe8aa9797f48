#pragma once

#include <QByteArray>

namespace Postnook
{

// The octets by which i;unicode-casemap (RFC 5051 2) compares texts: titlecase, then full
// compatibility decomposition, in UTF-8. A text that could not be decoded whole is compared as it
// is and comes behind all others (RFC 5255 4.6). Pure.
QByteArray collationKey(const QByteArray &utf8);

} // namespace Postnook
