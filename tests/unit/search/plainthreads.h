#pragma once

#include "core/search/threadbuilder.h"

#include <QByteArray>

namespace Postnook
{

// RFC 5256 3 told as it stands there, by plain means and recursion: what threadbuilder.h has to
// equal on every graph that is small enough for it.
QByteArray plainThreadsByReferences(const QList<ThreadMessage> &messages);
QByteArray plainThreadsByOrderedSubject(QList<ThreadMessage> messages);

} // namespace Postnook
