#pragma once

#include "core/wire/tokencursor.h"
#include "storage/types.h"

#include <QByteArray>
#include <QList>

namespace Postnook
{

// What STATUS can tell of a mailbox (RFC 9051 6.3.11, RFC 3501 6.3.10).
enum class StatusItem { Messages, Recent, UidNext, Validity, Unseen };

// "(MESSAGES UNSEEN)"; fails the cursor on an unknown or missing item.
QList<StatusItem> parseStatusItems(TokenCursor &cursor);
// `recent`: how many messages no session has claimed as \Recent yet.
QByteArray formatStatus(const MailboxInfo &mailbox, const QList<StatusItem> &items, quint32 recent);

} // namespace Postnook
