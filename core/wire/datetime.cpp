#include "core/wire/datetime.h"

#include "core/wire/grammar.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <cstdio>

namespace Postnook
{

namespace
{

namespace Chrono = std::chrono;

constexpr auto MonthNames =
    std::array{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr qint64 SecondsPerMinute = 60;
constexpr qint64 SecondsPerDay = 86400;

std::optional<int> parseDigits(QByteArrayView text)
{
    if (text.isEmpty() || !std::all_of(text.begin(), text.end(), isDigit)) {
        return std::nullopt;
    }
    int number = 0;
    for (const char c : text) {
        number = number * 10 + (c - '0');
    }
    return number;
}

// 1 to 12.
std::optional<unsigned> parseMonth(QByteArrayView text)
{
    const auto found = std::find_if(MonthNames.begin(), MonthNames.end(), [text](const char *name) {
        return text.compare(name, Qt::CaseInsensitive) == 0;
    });
    if (found == MonthNames.end()) {
        return std::nullopt;
    }
    return static_cast<unsigned>(found - MonthNames.begin()) + 1;
}

// "10:00:00": seconds since midnight. A leap second is the one before it: no clock here has it.
std::optional<int> parseTime(QByteArrayView text)
{
    if (text.size() != 8 || text[2] != ':' || text[5] != ':') {
        return std::nullopt;
    }
    const auto hours = parseDigits(text.first(2));
    const auto minutes = parseDigits(text.sliced(3, 2));
    const auto seconds = parseDigits(text.last(2));
    if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60) {
        return std::nullopt;
    }
    return (*hours * 60 + *minutes) * 60 + std::min(*seconds, 59);
}

// "+0100": minutes east of UTC.
std::optional<int> parseZone(QByteArrayView text)
{
    if (text.size() != 5 || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    const auto hours = parseDigits(text.sliced(1, 2));
    const auto minutes = parseDigits(text.last(2));
    if (!hours || !minutes || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    const auto offset = *hours * 60 + *minutes;
    return text.front() == '-' ? -offset : offset;
}

qint64 localSeconds(const InternalDate &date)
{
    return date.secondsUtc + date.zoneMinutes * SecondsPerMinute;
}

} // namespace

std::optional<qint64> parseDate(QByteArrayView text)
{
    const auto dash = text.indexOf('-');
    if (dash < 1 || dash > 2 || text.size() != dash + 9 || text[dash + 4] != '-') {
        return std::nullopt;
    }
    const auto day = parseDigits(text.first(dash));
    const auto month = parseMonth(text.sliced(dash + 1, 3));
    const auto year = parseDigits(text.last(4));
    if (!day || !month || !year || *year == 0) {
        return std::nullopt;
    }
    const auto date = Chrono::year_month_day(
        Chrono::year(*year), Chrono::month(*month), Chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) {
        return std::nullopt;
    }
    return Chrono::sys_days(date).time_since_epoch().count();
}

std::optional<InternalDate> parseDateTime(QByteArrayView text)
{
    constexpr auto TimeBytes = 8;
    constexpr auto ZoneBytes = 5;
    constexpr auto TailBytes = 1 + TimeBytes + 1 + ZoneBytes; // " 10:00:00 +0100"
    if (text.startsWith(' ')) {
        text = text.sliced(1); // date-day-fixed pads a day below 10; unpadded is understood as well
    }
    if (text.size() < TailBytes) {
        return std::nullopt;
    }
    const auto tail = text.last(TailBytes);
    const auto day = parseDate(text.chopped(TailBytes));
    const auto time = parseTime(tail.sliced(1, TimeBytes));
    const auto zone = parseZone(tail.last(ZoneBytes));
    if (tail.front() != ' ' || tail[TimeBytes + 1] != ' ' || !day || !time || !zone) {
        return std::nullopt;
    }
    return InternalDate{*day * SecondsPerDay + *time - *zone * SecondsPerMinute, *zone};
}

QByteArray formatDateTime(const InternalDate &date)
{
    // Four digits are what the grammar has for a year.
    constexpr auto Earliest = Chrono::sys_days(Chrono::year(1) / 1 / 1).time_since_epoch();
    constexpr auto End = Chrono::sys_days(Chrono::year(10000) / 1 / 1).time_since_epoch();
    const auto seconds = std::clamp<qint64>(
        localSeconds(date), Earliest.count() * SecondsPerDay, End.count() * SecondsPerDay - 1);
    const auto time = Chrono::sys_seconds(Chrono::seconds(seconds));
    const auto midnight = Chrono::floor<Chrono::days>(time);
    const auto day = Chrono::year_month_day(midnight);
    const auto clock = Chrono::hh_mm_ss(time - midnight);
    const auto zone = std::abs(date.zoneMinutes);

    std::array<char, 64> text{};
    const auto length = std::snprintf(text.data(),
                                      text.size(),
                                      "%2u-%s-%04d %02d:%02d:%02d %c%02d%02d",
                                      unsigned(day.day()),
                                      MonthNames[unsigned(day.month()) - 1],
                                      int(day.year()),
                                      int(clock.hours().count()),
                                      int(clock.minutes().count()),
                                      int(clock.seconds().count()),
                                      date.zoneMinutes < 0 ? '-' : '+',
                                      zone / 60,
                                      zone % 60);
    return {text.data(), length};
}

qint64 localDay(const InternalDate &date)
{
    const auto time = Chrono::sys_seconds(Chrono::seconds(localSeconds(date)));
    return Chrono::floor<Chrono::days>(time).time_since_epoch().count();
}

} // namespace Postnook
