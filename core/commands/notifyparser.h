#pragma once

#include "core/session/notifyrequest.h"
#include "core/wire/tokencursor.h"

#include <QByteArray>

namespace Postnook
{

// The arguments of NOTIFY behind the space (RFC 5465 8). Names that no mailbox can have are passed
// over, as those of no mailbox are (3.1). Fails the cursor also where the events of a group may not
// stand together (5) or not with that mailbox specifier (6.1).
NotifyRequest parseNotify(TokenCursor &cursor);

// "BADEVENT (MessageNew …)": all events there are here (RFC 5465 3.1).
QByteArray badEventCode();

} // namespace Postnook
