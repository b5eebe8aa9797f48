#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// Apple Mail takes attachments out of a message and keeps them as files, decoded: the part stays
// with an empty body and a field X-Apple-Content-Length, which says how long the body was.
bool hasDetachedParts(const QByteArray &message);

// The message with the bodies back in their places, encoded as their parts say, in the message's
// line ends. `emlxPath` says where Mail keeps the files of it. NotFound when one was never
// downloaded, Corrupt when one is not what it was, in words for people.
Result<QByteArray> withDetachedParts(const QByteArray &message, const QString &emlxPath);

} // namespace Postnook
