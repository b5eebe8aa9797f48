#pragma once

#include "core/session/mailboxfilter.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

// Who asks: NOTIFY (RFC 5465 8, filter-mailboxes), or ESEARCH, which has "subtree-one" and no
// "selected-delayed" (RFC 7377 4).
enum class FilterUse { Notify, Search };

constexpr qsizetype MaxFilterNames = 1000; // people watch or search a handful by name

// Fails the cursor. Each name is there once; names that no mailbox can have are passed over, as
// those of no mailbox are (RFC 5465 3.1). Of more names than MaxFilterNames one more than that is
// kept.
MailboxFilter parseMailboxFilter(TokenCursor &cursor, FilterUse use);

} // namespace Postnook
