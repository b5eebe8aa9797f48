#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

// " 1-Jan-2026 10:00:00 +0100" without the quotes (RFC 9051 date-time); years 1 to 9999.
// Refuses impossible dates; second 60 is taken as 59.
std::optional<InternalDate> parseDateTime(QByteArrayView text);
QByteArray formatDateTime(const InternalDate &date);
// "1-Jan-2026": days since 1970-01-01, negative before.
std::optional<qint64> parseDate(QByteArrayView text);
// The calendar day of the date in its own zone: days since 1970-01-01 (SEARCH BEFORE, ON, SINCE
// disregard time and zone, RFC 9051 6.4.4).
qint64 localDay(const InternalDate &date);

} // namespace Postnook
