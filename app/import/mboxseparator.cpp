#include "app/import/mboxseparator.h"

#include "core/mime/headerfields.h"
#include "core/mime/messagetext.h"

#include <QByteArrayList>
#include <QDate>
#include <QDateTime>
#include <QTime>

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

using Form = MboxSeparator::Form;

constexpr qsizetype MaxSeparatorBytes = 500; // an address is at most 254 long (RFC 5321 4.5.3.1)
constexpr qsizetype MaxFieldNameBytes = 200;

constexpr std::array Weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::array Months{
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

template <typename Names>
int indexOf(const Names &names, const QByteArray &word)
{
    const QByteArray lower = word.toLower();
    const auto it = std::find_if(
        names.begin(), names.end(), [&lower](const char *name) { return lower == name; });
    return it == names.end() ? -1 : static_cast<int>(it - names.begin());
}

QTime timeFrom(const QByteArray &word)
{
    const auto parts = word.split(':');
    if (parts.size() != 2 && parts.size() != 3) {
        return {};
    }
    // Second 60 is a leap second.
    const int seconds = parts.size() == 3 ? std::min(parts.at(2).toInt(), 59) : 0;
    bool areNumbers = true;
    for (const QByteArray &part : parts) {
        bool isNumber = false;
        static_cast<void>(part.toInt(&isNumber));
        areNumbers = areNumbers && isNumber;
    }
    return areNumbers ? QTime(parts.at(0).toInt(), parts.at(1).toInt(), seconds) : QTime();
}

// "+0130" in minutes.
std::optional<int> zoneFrom(const QByteArray &word)
{
    bool isNumber = false;
    const int number = word.mid(1).toInt(&isNumber);
    const bool isZone = word.size() == 5 && (word.at(0) == '+' || word.at(0) == '-') && isNumber
        && number % 100 < 60 && number < 2400;
    if (!isZone) {
        return {};
    }
    const int minutes = number / 100 * 60 + number % 100;
    return word.at(0) == '-' ? -minutes : minutes;
}

// asctime(): "Mon Jun  3 12:50:27 1996". A zone, in numbers or letters, may stand on either side of
// the year.
std::optional<InternalDate> dateAt(const QByteArrayList &words, qsizetype at)
{
    constexpr qsizetype YearAt = 4;
    if (words.size() <= at + YearAt || indexOf(Weekdays, words.at(at)) < 0) {
        return {};
    }
    const int month = indexOf(Months, words.at(at + 1)) + 1;
    const int day = words.at(at + 2).toInt();
    const QTime time = timeFrom(words.at(at + 3));
    int year = 0;
    int zone = 0;
    for (qsizetype i = at + YearAt; i < std::min(words.size(), at + YearAt + 3); ++i) {
        const QByteArray &word = words.at(i);
        const bool isYear = word.size() == 4 && word.toInt() > 0;
        if (year == 0 && isYear && word.at(0) != '+' && word.at(0) != '-') {
            year = word.toInt();
        } else if (const auto minutes = zoneFrom(word)) {
            zone = *minutes;
        }
    }
    const QDate date(year, month, day);
    if (year == 0 || month == 0 || !date.isValid() || !time.isValid()) {
        return {};
    }
    return InternalDate{QDateTime(date, time, Qt::UTC).toSecsSinceEpoch() - zone * 60LL, zone};
}

// "ann@example.org Tue, 3 Mar 2020 10:00:00 +0100", "ann@example.org 2020-03-03T10:00:00Z", or the
// address alone.
std::optional<MboxSeparator> unusualSeparator(const QByteArrayList &words)
{
    const QByteArray &sender = words.first();
    if (!sender.contains('@') && sender != "MAILER-DAEMON") {
        return {};
    }
    if (words.size() == 1) {
        return MboxSeparator{Form::SenderAlone, {}};
    }
    const QByteArray rest = words.mid(1).join(' ');
    const auto date = rest.contains(':') ? Mime::parseHeaderDate(rest) : std::nullopt;
    if (!date) {
        return {};
    }
    return MboxSeparator{Form::OtherDate, InternalDate{date->secondsUtc, date->zoneMinutes}};
}

} // namespace

std::optional<MboxSeparator> parseMboxSeparator(QByteArrayView line)
{
    if (!line.startsWith("From ") || line.size() > MaxSeparatorBytes) {
        return {};
    }
    const auto words = line.sliced(5).toByteArray().simplified().split(' ');
    std::optional<InternalDate> date;
    for (qsizetype i = 0; i < words.size() && !date; ++i) {
        date = dateAt(words, i);
    }
    const bool isBare = words.first() == "-" || words.first().isEmpty();
    if (isBare && words.size() > 1 && !date) {
        return {};
    }
    if (isBare || date) {
        return MboxSeparator{isBare ? Form::Bare : Form::Dated, date};
    }
    return unusualSeparator(words);
}

bool separatesMessages(QByteArrayView line,
                       bool isBehindEmptyLine,
                       QByteArrayView ahead,
                       Form formOfFirst)
{
    const auto separator = parseMboxSeparator(line);
    if (!separator || (!separator->isUsual() && separator->form != formOfFirst)) {
        return false;
    }
    if (beginsWithField(ahead)) {
        return isBehindEmptyLine || separator->form != Form::SenderAlone;
    }
    return separator->form == Form::Dated && isBehindEmptyLine
        && (beginsWithEmptyLine(ahead) || ahead.isEmpty() || ahead.startsWith(">From "));
}

bool beginsWithField(QByteArrayView text)
{
    Mime::HeaderField field;
    if (!Mime::HeaderReader(text).next(field)) {
        return false;
    }
    const auto isNameByte = [](char c) { return c > ' ' && c < 0x7f; };
    return !field.name.isEmpty() && field.name.size() <= MaxFieldNameBytes
        && std::all_of(field.name.begin(), field.name.end(), isNameByte);
}

bool beginsWithEmptyLine(QByteArrayView text)
{
    return text.startsWith('\n') || text.startsWith("\r\n");
}

} // namespace Postnook
