#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QIODevice>

namespace Postnook
{

// What a program hands over to be delivered, to its end, as the message that is stored: without the
// "From " line of an mbox in front, and with CRLF where lines end in LF (toNetworkForm()).
// Everything else stays, Return-Path too. Invalid when there is none, TooBig above the limit (read
// to its end even so, as many programs take a closed pipe for a crash), Unavailable when it cannot
// be read. Blocks.
Result<QByteArray> readIncoming(QIODevice &device, quint64 maxBytes);

} // namespace Postnook
