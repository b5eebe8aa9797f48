#include "core/mime/messagetext.h"

#include "core/mime/fieldcursor.h"
#include "core/mime/headerfields.h"

#include <QDate>

#include <algorithm>
#include <array>

namespace Postnook::Mime
{

namespace
{

constexpr std::array<QByteArrayView, 12> Months{
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
};

struct Zone {
    QByteArrayView name;
    int minutes;
};
// RFC 5322 4.3, and names that are used for one zone only. The letters of the military zones were
// used with either sign: they say nothing.
constexpr std::array Zones{
    Zone{"ut", 0},     Zone{"gmt", 0},    Zone{"utc", 0},     Zone{"z", 0},       Zone{"est", -300},
    Zone{"edt", -240}, Zone{"cst", -360}, Zone{"cdt", -300},  Zone{"mst", -420},  Zone{"mdt", -360},
    Zone{"pst", -480}, Zone{"pdt", -420}, Zone{"akst", -540}, Zone{"akdt", -480}, Zone{"hst", -600},
    Zone{"wet", 0},    Zone{"west", 60},  Zone{"bst", 60},    Zone{"cet", 60},    Zone{"cest", 120},
    Zone{"met", 60},   Zone{"mest", 120}, Zone{"mez", 60},    Zone{"mesz", 120},  Zone{"eet", 120},
    Zone{"eest", 180}, Zone{"msk", 180},  Zone{"jst", 540},   Zone{"kst", 540},   Zone{"aest", 600},
    Zone{"aedt", 660}, Zone{"nzst", 720}, Zone{"nzdt", 780},
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isLetter(char c)
{
    const auto lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z';
}

QByteArray lowerWord(FieldCursor &cursor)
{
    QByteArray word;
    for (; isLetter(cursor.peek()); cursor.advance()) {
        word.append(static_cast<char>(cursor.peek() | 0x20));
    }
    return word;
}

const Zone *findZone(const QByteArray &name)
{
    const auto *zone =
        std::find_if(Zones.begin(), Zones.end(), [&name](const Zone &z) { return z.name == name; });
    return zone == Zones.end() ? nullptr : zone;
}

// Takes the words of a date in about any order: "Mon, 5 Jan 2026 10:00:00 +0100", and what
// asctime(), ISO 8601 and others make of it. "1/5/2026", which is two days, is none.
class DateParser
{
public:
    explicit DateParser(QByteArrayView value)
        : m_cursor(value)
    {
    }

    std::optional<HeaderDate> parse();

private:
    struct Number {
        int value = 0;
        int digits = 0;
    };

    Number readNumber();
    void takeNumber(Number number);
    bool takeNumericDate(Number first);
    void takeTime(int hour);
    void takeHalfOfDay(bool afternoon);
    void takeZone(bool east);
    void takeWord();
    void setYear(Number number);

    FieldCursor m_cursor;
    bool m_afterBlank = false; // before the current word
    int m_day = 0;
    int m_month = 0;
    int m_year = -1;
    int m_secondOfDay = 0;
    bool m_hasTime = false;
    bool m_hasZone = false;
    int m_zoneMinutes = 0;
};

std::optional<HeaderDate> DateParser::parse()
{
    QByteArray comment; // may name the zone: "10:00:00 (CET)"
    m_afterBlank = m_cursor.skipCfws(&comment);
    while (!m_cursor.atEnd()) {
        const char c = m_cursor.peek();
        if (isDigit(c)) {
            takeNumber(readNumber());
        } else if (isLetter(c)) {
            takeWord();
        } else {
            m_cursor.advance();
            // "10:00:00 5-Jan-2026" has a year there
            if (m_hasTime && (c == '+' || c == '-') && isDigit(m_cursor.peek())
                && (m_afterBlank || m_year >= 0)) {
                takeZone(c == '+');
            }
        }
        m_afterBlank = m_cursor.skipCfws(&comment);
    }
    if (const auto *zone = findZone(comment.toLower()); zone && m_hasTime && !m_hasZone) {
        m_zoneMinutes = zone->minutes;
    }
    const QDate date(m_year, m_month, m_day);
    constexpr int LastYear = 9999;
    if (m_year < 1 || m_year > LastYear || !date.isValid()) {
        return std::nullopt;
    }
    constexpr qint64 EpochJulianDay = 2440588;
    constexpr qint64 SecondsPerDay = 86400;
    const qint64 local = (date.toJulianDay() - EpochJulianDay) * SecondsPerDay + m_secondOfDay;
    return HeaderDate{local - qint64(m_zoneMinutes) * 60, m_zoneMinutes};
}

DateParser::Number DateParser::readNumber()
{
    constexpr int MaxValue = 99'999'999;
    Number number;
    for (; isDigit(m_cursor.peek()); m_cursor.advance()) {
        number.value = std::min(number.value * 10 + (m_cursor.peek() - '0'), MaxValue);
        number.digits = std::min(number.digits + 1, 9);
    }
    return number;
}

void DateParser::takeNumber(Number number)
{
    auto behind = m_cursor;
    behind.skipCfws();
    if (!m_hasTime && behind.accept(':')) {
        m_cursor = behind;
        takeTime(number.value);
    } else if (takeNumericDate(number)) {
        return;
    } else if (m_day == 0 && number.digits <= 2) {
        m_day = number.value;
    } else if (m_year < 0 && number.digits >= 2) {
        setYear(number);
    } else if (m_hasTime && !m_hasZone && m_afterBlank && number.digits == 4) {
        const int minutes = number.value / 100 * 60 + number.value % 100;
        m_hasZone = true; // its "+" is missing
        m_zoneMinutes = minutes <= 14 * 60 && number.value % 100 < 60 ? minutes : 0;
    }
}

// "2026-01-05", "2026/1/5", "05.01.2026" and "13/1/2026", from behind the first number.
bool DateParser::takeNumericDate(Number first)
{
    auto cursor = m_cursor;
    const char separator = cursor.peek();
    if (m_day != 0 || m_month != 0 || (separator != '-' && separator != '/' && separator != '.')) {
        return false;
    }
    std::swap(cursor, m_cursor);
    m_cursor.advance();
    const auto second = readNumber();
    const bool complete = m_cursor.accept(separator) && second.digits > 0;
    const auto third = complete ? readNumber() : Number{};
    const bool yearFirst = first.digits == 4 && m_year < 0;
    const bool dayFirst = first.digits <= 2 && third.digits >= 2 && m_year < 0
        && (separator == '.' || first.value > 12 || second.value > 12);
    if (third.digits == 0 || second.digits > 2 || (!yearFirst && !dayFirst)) {
        std::swap(cursor, m_cursor);
        return false;
    }
    const bool monthFirst = dayFirst && separator != '.' && second.value > 12;
    setYear(yearFirst ? first : third);
    m_month = yearFirst || !monthFirst ? second.value : first.value;
    m_day = yearFirst ? third.value : monthFirst ? second.value : first.value;
    return true;
}

// RFC 5322 4.3: two and three digits
void DateParser::setYear(Number number)
{
    constexpr int Pivot = 50;
    m_year = number.value;
    if (number.digits == 2) {
        m_year += number.value < Pivot ? 2000 : 1900;
    } else if (number.digits == 3) {
        m_year += 1900;
    }
}

// Behind the first colon. A time that cannot be leaves the date at midnight (RFC 5256 2.2).
void DateParser::takeTime(int hour)
{
    m_cursor.skipCfws();
    const int minute = readNumber().value;
    int second = 0;
    m_cursor.skipCfws();
    if (m_cursor.accept(':')) {
        m_cursor.skipCfws();
        second = readNumber().value;
        if (m_cursor.accept('.') || m_cursor.accept(',')) {
            readNumber(); // parts of a second
        }
    }
    m_hasTime = true;
    if (hour < 24 && minute < 60 && second <= 60) {
        m_secondOfDay = hour * 3600 + minute * 60 + std::min(second, 59); // a leap second
    }
}

// "am" or "pm" behind the time
void DateParser::takeHalfOfDay(bool afternoon)
{
    constexpr int Noon = 12 * 3600;
    constexpr int Hour = 3600;
    if (m_secondOfDay >= Noon + Hour) {
        return; // "13:00 pm"
    }
    m_secondOfDay = m_secondOfDay % Noon + (afternoon ? Noon : 0);
}

// "+0100", "+01:00", "+1". A zone that cannot be is UTC (RFC 5256 2.2).
void DateParser::takeZone(bool east)
{
    auto number = readNumber();
    if (number.digits <= 2) {
        number.value *= 100;
        number.digits = 4;
        if (m_cursor.accept(':')) {
            number.value += std::min(readNumber().value, 99);
        }
    }
    const int minutes = number.value / 100 * 60 + number.value % 100;
    constexpr int MaxMinutes = 1439;
    m_hasZone = true;
    if (number.digits == 4 && number.value % 100 < 60 && minutes <= MaxMinutes) {
        m_zoneMinutes = east ? minutes : -minutes;
    }
}

void DateParser::takeWord()
{
    const auto word = lowerWord(m_cursor);
    if (m_hasTime) {
        if (word == "am" || word == "pm") {
            takeHalfOfDay(word == "pm");
        } else if (const auto *zone = findZone(word); zone && !m_hasZone) {
            m_zoneMinutes = zone->minutes;
            // In "GMT+0100" the number counts.
            m_hasZone = !m_cursor.at('+') && !m_cursor.at('-');
        }
    }
    constexpr qsizetype MinMonth = 3;
    const auto *month = std::find_if(Months.begin(), Months.end(), [&word](QByteArrayView name) {
        return word.size() >= MinMonth && name.startsWith(word);
    });
    if (month != Months.end() && m_month == 0) {
        m_month = static_cast<int>(month - Months.begin()) + 1;
    }
}

} // namespace

std::optional<HeaderDate> parseHeaderDate(QByteArrayView value)
{
    const auto text = unfolded(value);
    return DateParser(text).parse();
}

} // namespace Postnook::Mime
