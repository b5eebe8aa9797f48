#include "core/mime/messagetext.h"
#include "core/wire/datetime.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QDate>

#include <cstdlib>

namespace Postnook::Fuzz
{

namespace
{

constexpr qint64 FirstSecond = -62135596800; // 0001-01-01T00:00:00Z
constexpr qint64 LastSecond = 253402300799; // 9999-12-31T23:59:59Z
constexpr int MaxZone = 1439; // minutes
constexpr qint64 SecondsPerDay = 86400;

// In its own zone, a date lies in the years 1 to 9999.
void checkRange(qint64 secondsUtc, int zoneMinutes)
{
    const qint64 local = secondsUtc + zoneMinutes * 60;
    PROPERTY(std::abs(zoneMinutes) <= MaxZone);
    PROPERTY(local >= FirstSecond && local <= LastSecond);
}

// The same date in the form of RFC 5322, and in that of IMAP, which some programs send.
void checkHeaderDate(QByteArrayView data)
{
    const auto date = Mime::parseHeaderDate(data);
    if (!date) {
        return;
    }
    checkRange(date->secondsUtc, date->zoneMinutes);
    const auto imap = formatDateTime({date->secondsUtc, date->zoneMinutes});
    constexpr qsizetype DateSize = 11; // " 1-Jan-2026"
    const auto mail = "Mon, " + imap.first(DateSize).replace('-', ' ') + imap.sliced(DateSize);
    for (const auto &form : {imap, mail}) {
        const auto again = Mime::parseHeaderDate(form);
        PROPERTY2(again, form);
        PROPERTY2(again->secondsUtc == date->secondsUtc, form);
        PROPERTY2(again->zoneMinutes == date->zoneMinutes, form);
    }
}

void checkDateTime(QByteArrayView data)
{
    if (const auto date = parseDateTime(data)) {
        checkRange(date->secondsUtc, date->zoneMinutes);
        const auto written = formatDateTime(*date);
        PROPERTY2(parseDateTime(written) == date, written);
        const auto local = date->secondsUtc + date->zoneMinutes * 60;
        const auto day = localDay(*date);
        PROPERTY(day * SecondsPerDay <= local && local < (day + 1) * SecondsPerDay);
    }
    if (const auto day = parseDate(data)) {
        PROPERTY(*day * SecondsPerDay >= FirstSecond && *day * SecondsPerDay <= LastSecond);
    }
}

} // namespace

void checkDates(QByteArrayView data)
{
    checkHeaderDate(data);
    checkDateTime(data);
}

} // namespace Postnook::Fuzz
