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
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
};

struct Zone {
    QByteArrayView name;
    int minutes;
};
// RFC 5322 4.3. The letters of the military zones were used with either sign: they say nothing.
constexpr std::array Zones{
    Zone{"ut", 0},
    Zone{"gmt", 0},
    Zone{"utc", 0},
    Zone{"est", -300},
    Zone{"edt", -240},
    Zone{"cst", -360},
    Zone{"cdt", -300},
    Zone{"mst", -420},
    Zone{"mdt", -360},
    Zone{"pst", -480},
    Zone{"pdt", -420},
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

// Takes the words of a date in about any order: "Mon, 5 Jan 2026 10:00:00 +0100", and what
// asctime() and others make of it.
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
    void takeTime(int hour);
    void takeZone(bool east);
    void takeWord();

    FieldCursor m_cursor;
    int m_day = 0;
    int m_month = 0;
    int m_year = -1;
    int m_secondOfDay = 0;
    bool m_hasTime = false;
    int m_zoneMinutes = 0;
};

std::optional<HeaderDate> DateParser::parse()
{
    for (m_cursor.skipCfws(); !m_cursor.atEnd(); m_cursor.skipCfws()) {
        const char c = m_cursor.peek();
        if (isDigit(c)) {
            takeNumber(readNumber());
        } else if (isLetter(c)) {
            takeWord();
        } else {
            m_cursor.advance();
            if (m_hasTime && (c == '+' || c == '-') && isDigit(m_cursor.peek())) {
                takeZone(c == '+');
            }
        }
    }
    const QDate date(m_year, m_month, m_day);
    constexpr int LastYear = 9999;
    if (m_year < 1 || m_year > LastYear || !date.isValid()) {
        return std::nullopt;
    }
    constexpr qint64 EpochJulianDay = 2440588;
    constexpr qint64 SecondsPerDay = 86400;
    const qint64 local = (date.toJulianDay() - EpochJulianDay) * SecondsPerDay + m_secondOfDay;
    return HeaderDate{local - m_zoneMinutes * 60, m_zoneMinutes};
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
    } else if (m_day == 0 && number.digits <= 2) {
        m_day = number.value;
    } else if (m_year < 0 && number.digits >= 2) {
        // RFC 5322 4.3: two and three digits
        constexpr int Pivot = 50;
        m_year = number.value;
        if (number.digits == 2) {
            m_year += number.value < Pivot ? 2000 : 1900;
        } else if (number.digits == 3) {
            m_year += 1900;
        }
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
    }
    m_hasTime = true;
    if (hour < 24 && minute < 60 && second <= 60) {
        m_secondOfDay = hour * 3600 + minute * 60 + std::min(second, 59); // a leap second
    }
}

// A zone that cannot be is UTC (RFC 5256 2.2).
void DateParser::takeZone(bool east)
{
    const auto number = readNumber();
    const int minutes = number.value / 100 * 60 + number.value % 100;
    constexpr int MaxMinutes = 1439;
    if (number.digits == 4 && number.value % 100 < 60 && minutes <= MaxMinutes) {
        m_zoneMinutes = east ? minutes : -minutes;
    }
}

void DateParser::takeWord()
{
    QByteArray word;
    for (; isLetter(m_cursor.peek()); m_cursor.advance()) {
        word.append(static_cast<char>(m_cursor.peek() | 0x20));
    }
    if (m_hasTime) {
        const auto zone = std::find_if(
            Zones.begin(), Zones.end(), [&word](const Zone &z) { return z.name == word; });
        if (zone != Zones.end() && m_zoneMinutes == 0) {
            m_zoneMinutes = zone->minutes;
        }
    }
    const auto month = std::find(Months.begin(),
                                 Months.end(),
                                 QByteArrayView(word).first(std::min<qsizetype>(word.size(), 3)));
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
