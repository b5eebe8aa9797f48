#pragma once

#include "core/mime/parttree.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QStringView>

#include <functional>
#include <optional>

namespace Postnook::Mime
{

// Text of messages as people read it, for SEARCH. Never fails: what cannot be decoded is taken as
// windows-1252.

// Bytes in a named charset to text. ICU behind our alias table; the same on every system. Of a
// text that was cut, a character that the cut went through is left out.
enum class TextEnd { Whole, Cut };
QString decodeCharset(QByteArrayView bytes, QByteArrayView charset, TextEnd end = TextEnd::Whole);
// The same piece by piece, with no more of the text in memory than that. No piece ends inside a
// surrogate pair; one may be empty.
using TakeText = std::function<void(QStringView piece)>;
void decodeCharset(QByteArrayView bytes,
                   QByteArrayView charset,
                   const TakeText &take,
                   TextEnd end = TextEnd::Whole);
bool isKnownCharset(QByteArrayView charset);
// An unfolded header value: RFC 2047 words, raw UTF-8 or 8-bit, RFC 2231 aside.
QString decodeHeaderText(QByteArrayView value);

// For substring comparison (RFC 9051 6.4.4, RFC 5255 4.2): what i;unicode-casemap (RFC 5051) finds
// in a text is found, and what differs in full case folding alone ("ss" in "ß"). Compatibility
// decomposition, then Unicode default case folding, runs of CR, LF, TAB and space as one space, NUL
// as U+FFFD. No folded text holds a line feed; folding it again changes nothing. Of more than 30
// combining marks in a row each 30 stand alone (MarkLimiter).
QString foldForSearch(const QString &text);

// All values (unfolded, raw) of a header field in a header, in order.
QByteArrayList headerValues(QByteArrayView header, QByteArrayView name);

// The time of the Date: header as InternalDate-like seconds and zone; nullopt when unreadable.
struct HeaderDate {
    qint64 secondsUtc = 0;
    int zoneMinutes = 0;
};
std::optional<HeaderDate> parseHeaderDate(QByteArrayView value); // RFC 5322 with obsolete forms

// Reads bytes [offset, offset+size) of the message; shorter at its end.
using ReadBytes = std::function<QByteArray(quint64 offset, quint64 size)>;

// What follows is UTF-8 and made piece by piece: beside it the octets of one part are in memory, of
// HTML its text too.

// Folded text of all header fields of the message, decoded.
QByteArray searchableHeader(QByteArrayView header);
// Folded text of the MIME headers of parts, those of nested messages aside.
QByteArray searchablePartHeaders(const PartTree &tree, const ReadBytes &read);
// Folded text of the body: every text part decoded, HTML as text, reports (message/delivery-status
// and its like), nested messages' headers and attachment names included. Attachments that are not
// text are not read. Messages in base64 or quoted-printable are decoded before.
QByteArray searchableBody(const PartTree &tree, const ReadBytes &read);

} // namespace Postnook::Mime
