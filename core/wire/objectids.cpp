#include "core/wire/objectids.h"

#include <algorithm>

namespace Postnook
{

namespace
{

constexpr auto MailboxLetter = 'F';
constexpr auto EmailLetter = 'M';
constexpr auto ThreadLetter = 'T';

// 160 bits: nobody makes two messages with the same (RFC 8474 section 11), and an id stays short.
constexpr qsizetype DigestBytes = 20;
constexpr qsizetype DigestDigits = 2 * DigestBytes;
constexpr qsizetype DateDigits = 13;
constexpr qsizetype ThreadDigits = 16;
constexpr qsizetype UidValidityDigits = 8;

// A date as one number: seconds since the year 0 and the zone, 12 bits of it.
constexpr qint64 SecondsFromYear0 = 62'167'219'200;
constexpr int ZoneBits = 12;
constexpr int ZoneOffset = 1 << (ZoneBits - 1);

QByteArray digits(quint64 number, qsizetype count)
{
    return QByteArray::number(number, 16).rightJustified(count, '0');
}

bool isHexDigit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Of an id of this kind and length, the digits.
QByteArrayView digitsOf(QByteArrayView id, char letter, qsizetype count)
{
    const bool isOurs = id.size() == count + 1 && id.front() == letter
        && std::all_of(id.begin() + 1, id.end(), isHexDigit);
    return isOurs ? id.sliced(1) : QByteArrayView();
}

quint64 numberOf(QByteArrayView hexDigits)
{
    return hexDigits.toByteArray().toULongLong(nullptr, 16);
}

} // namespace

QByteArray mailboxObjectId(UidValidity uidValidity)
{
    return MailboxLetter + digits(uidValidity.value, UidValidityDigits);
}

QByteArray emailObjectId(QByteArrayView sha256, const InternalDate &date)
{
    const auto when = static_cast<quint64>(date.secondsUtc + SecondsFromYear0) << ZoneBits
        | static_cast<quint64>(date.zoneMinutes + ZoneOffset);
    return EmailLetter + sha256.first(DigestBytes).toByteArray().toHex() + digits(when, DateDigits);
}

QByteArray threadObjectId(ThreadId thread)
{
    return ThreadLetter + digits(thread.value, ThreadDigits);
}

std::optional<EmailKey> parseEmailObjectId(QByteArrayView id)
{
    const auto hex = digitsOf(id, EmailLetter, DigestDigits + DateDigits);
    if (hex.isEmpty()) {
        return std::nullopt;
    }
    const auto when = numberOf(hex.sliced(DigestDigits));
    const auto seconds = static_cast<qint64>(when >> ZoneBits) - SecondsFromYear0;
    const auto zone = static_cast<int>(when & ((1U << ZoneBits) - 1)) - ZoneOffset;
    return EmailKey{QByteArray::fromHex(hex.first(DigestDigits).toByteArray()), {seconds, zone}};
}

std::optional<ThreadId> parseThreadObjectId(QByteArrayView id)
{
    const auto hex = digitsOf(id, ThreadLetter, ThreadDigits);
    return hex.isEmpty() ? std::nullopt : std::make_optional(ThreadId(numberOf(hex)));
}

} // namespace Postnook
