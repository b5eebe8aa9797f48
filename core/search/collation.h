#pragma once

#include <QByteArray>
#include <QString>

namespace Postnook
{

// The octets by which i;unicode-casemap (RFC 5051 2) compares texts: titlecase, then full
// compatibility decomposition, in UTF-8. Pure.
QByteArray collationKey(const QString &text);

} // namespace Postnook
