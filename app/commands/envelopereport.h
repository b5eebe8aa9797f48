#pragma once

#include "storage/types.h"

#include <QByteArrayView>
#include <QString>

namespace Postnook
{

// What ENVELOPE has of a message header, decoded, a line each and one for each address; and what
// SORT and THREAD make of it.
QString envelopeLines(QByteArrayView header, const MessageMeta &meta);

// Subject and author of a message header, on one line.
QString shortEnvelope(QByteArrayView header);

} // namespace Postnook
