#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace Postnook::Mime
{

// RFC 9051 `envelope` of a message header, for every header. Of fields that may stand once the
// first counts; To, Cc and Bcc are joined over all their fields (RFC 5322 4.5.3).
QByteArray writeEnvelope(QByteArrayView header);

} // namespace Postnook::Mime
