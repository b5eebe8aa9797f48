#pragma once

#include <QtGlobal>

namespace Postnook
{

// More than any client uses; each keyword of a mailbox is sent with every SELECT.
constexpr qsizetype MaxKeywordsPerMailbox = 500;

} // namespace Postnook
