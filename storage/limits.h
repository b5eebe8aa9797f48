#pragma once

#include <QtGlobal>

namespace Postnook
{

// More than any client uses; each keyword of a mailbox is sent with every SELECT.
constexpr qsizetype MaxKeywordsPerMailbox = 500;

// 2020: a clock that shows less has lost the time.
constexpr qint64 EarliestClock = 1'600'000'000;

} // namespace Postnook
