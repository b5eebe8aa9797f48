#include "plainsearch.h"

#include "core/mime/addressparser.h"
#include "core/mime/htmltext.h"
#include "core/mime/messagetext.h"
#include "core/mime/partheader.h"
#include "core/mime/transferdecoder.h"

#include <algorithm>

namespace Postnook::Test
{

namespace
{

using Field = PlainMessage::Field;

QByteArray withoutLineEnd(QByteArray line)
{
    if (line.endsWith('\n')) {
        line.chop(line.endsWith("\r\n") ? 2 : 1);
    }
    return line;
}

QByteArrayList linesOf(const QByteArray &bytes)
{
    QByteArrayList lines;
    for (qsizetype at = 0; at < bytes.size();) {
        const auto end = bytes.indexOf('\n', at);
        const auto next = end < 0 ? bytes.size() : end + 1;
        lines.append(bytes.mid(at, next - at));
        at = next;
    }
    return lines;
}

// A header or an entity: up to the empty line, which belongs to neither; and what is behind it.
struct Halves {
    QByteArray header;
    QByteArray body;
};

Halves split(const QByteArray &entity)
{
    Halves halves;
    bool isInBody = false;
    for (const auto &line : linesOf(entity)) {
        if (!isInBody && withoutLineEnd(line).isEmpty()) {
            isInBody = true;
        } else {
            (isInBody ? halves.body : halves.header) += line;
        }
    }
    return halves;
}

QList<Field> fieldsOf(const QByteArray &header)
{
    QByteArrayList unfolded;
    for (const auto &line : linesOf(header)) {
        const bool goesOn = !unfolded.isEmpty() && (line.startsWith(' ') || line.startsWith('\t'));
        if (goesOn) {
            unfolded.last() += withoutLineEnd(line);
        } else {
            unfolded.append(withoutLineEnd(line));
        }
    }
    QList<Field> fields;
    for (const auto &text : std::as_const(unfolded)) {
        const auto colon = text.indexOf(':');
        const auto name = colon < 0 ? QByteArray() : text.first(colon).trimmed();
        const bool isField = !name.isEmpty() && !name.contains(' ');
        const auto value = (isField ? text.mid(colon + 1) : text).trimmed();
        const auto decoded = Mime::decodeHeaderText(value);
        fields.append({isField ? name : QByteArray(), value, decoded, plainFold(decoded)});
    }
    return fields;
}

QStringList textsOf(const QList<Field> &fields)
{
    QStringList texts;
    for (const auto &field : fields) {
        const auto name = field.name.isEmpty() ? QByteArray() : field.name + ": ";
        texts.append(QString::fromLatin1(name) + field.text);
    }
    return texts;
}

// The parts between the delimiters of a multipart (RFC 2046 5.1.1); the line end before a delimiter
// belongs to it.
QByteArrayList partsOf(const QByteArray &body, const QByteArray &boundary)
{
    QByteArrayList parts;
    bool isInPart = false;
    for (const auto &line : linesOf(body)) {
        // "An exact match of the entire candidate line is not required."
        if (line.startsWith("--" + boundary)) {
            if (isInPart) {
                parts.last() = withoutLineEnd(parts.last());
            }
            isInPart = !line.mid(2 + boundary.size()).startsWith("--");
            if (!isInPart) {
                break;
            }
            parts.append(QByteArray());
        } else if (isInPart) {
            parts.last() += line;
        }
    }
    return parts;
}

// RFC 9051 6.4.4, BODY: everything of an entity that is text to its reader.
void addTexts(const Halves &entity, bool isInDigest, QStringList &texts, QStringList &headers)
{
    const auto header = Mime::parsePartHeader(entity.header, isInDigest);
    texts.append(Mime::decodeHeaderText(header.attachmentName()));
    const auto type = header.mediaType();
    if (type.startsWith("multipart/")) {
        const auto parts = partsOf(entity.body, header.boundary());
        if (parts.isEmpty()) { // RFC 2046 5.1.1 has one at least: what is there is taken for text
            texts.append(Mime::decodeCharset(entity.body, "us-ascii"));
        }
        for (const auto &part : parts) {
            headers.append(textsOf(fieldsOf(split(part).header)));
            addTexts(split(part), type == "multipart/digest", texts, headers);
        }
    } else if (type == "message/rfc822") {
        const auto message = split(entity.body);
        texts.append(textsOf(fieldsOf(message.header)));
        addTexts(message, false, texts, headers);
    } else if (type.startsWith("text/") || type == "message/delivery-status") {
        const auto octets = Mime::decodeTransferEncoding(entity.body, header.encoding);
        const auto text = Mime::decodeCharset(octets, header.charset());
        texts.append(Mime::isMarkup(type) ? Mime::htmlToText(text) : text);
    }
}

// Letters whose case folding is more than one letter (Unicode CaseFolding.txt, status F), as far as
// they come in the mail of the tests.
QString foldedLetter(char32_t c)
{
    switch (c) {
    case U'ß':
    case U'ẞ':
        return QStringLiteral("ss");
    case U'İ':
        return QStringLiteral("i\u0307");
    case U'ŉ':
        return QStringLiteral("\u02bcn");
    case U'ΐ':
        return QStringLiteral("\u03b9\u0308\u0301");
    case U'ﬁ':
        return QStringLiteral("fi");
    case U'ﬃ':
        return QStringLiteral("ffi");
    default: {
        const auto simple = static_cast<char32_t>(QChar::toCaseFolded(c));
        return QString::fromUcs4(&simple, 1);
    }
    }
}

QStringList foldedAll(const QStringList &texts)
{
    QStringList folded;
    for (const auto &text : texts) {
        folded.append(plainFold(text));
    }
    return folded;
}

bool isSameName(const QByteArray &a, const QByteArray &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isInOne(const QStringList &foldedTexts, const QString &text)
{
    return std::any_of(foldedTexts.begin(), foldedTexts.end(), [&text](const QString &one) {
        return one.contains(text);
    });
}

// "Messages that have a header field with the specified field name and that contain the specified
// string in the text of the header field [...]. If the string to search is zero-length, this
// matches all messages that have a header field with the specified field name".
bool hasInField(const PlainMessage &message, const QByteArray &name, const QString &text)
{
    return std::any_of(message.fields.begin(), message.fields.end(), [&](const Field &field) {
        return isSameName(field.name, name) && plainFold(u' ' + field.text).contains(text);
    });
}

// RFC 3501 6.4.4: "in the envelope structure's FROM field". Whoever looks for the field's text as
// it stands there finds it, too.
bool hasAddress(const PlainMessage &message, const QByteArray &name, const QString &text)
{
    QList<Mime::Address> addresses;
    for (const auto &field : message.fields) {
        if (isSameName(field.name, name)) {
            Mime::parseAddresses(field.value, addresses);
        }
    }
    QStringList shown;
    for (const auto &address : std::as_const(addresses)) {
        if (address.kind == Mime::Address::Kind::GroupStart) {
            shown.append(Mime::decodeHeaderText(address.mailbox));
        } else if (address.kind == Mime::Address::Kind::Mailbox) {
            shown.append(Mime::decodeHeaderText(address.name));
            shown.append(Mime::decodeHeaderText(address.mailbox + '@' + address.host));
        }
    }
    return hasInField(message, name, text) || isInOne(foldedAll(shown), text);
}

bool hasFlag(const PlainMessage &message, SystemFlag flag)
{
    return message.flags.system.testFlag(flag);
}

bool hasKeyword(const PlainMessage &message, const QByteArray &name)
{
    const auto &keywords = message.flags.keywords;
    return std::any_of(keywords.begin(), keywords.end(), [&name](const QByteArray &keyword) {
        return isSameName(keyword, name);
    });
}

qint64 dayOf(qint64 seconds)
{
    constexpr qint64 SecondsPerDay = 86'400;
    qint64 day = seconds / SecondsPerDay;
    while (day * SecondsPerDay > seconds) {
        --day;
    }
    return day;
}

// Of sequence-set: "*" is the largest number in use, "5:2" is "2:5"; an empty mailbox has none.
bool isInSet(const PlainQuery &query, quint32 number, quint32 largest)
{
    return std::any_of(
        query.ranges.begin(), query.ranges.end(), [&](const PlainQuery::Range &range) {
            const auto first = range.first == 0 ? largest : range.first;
            const auto last = range.last == 0 ? largest : range.last;
            return std::min(first, last) <= number && number <= std::max(first, last);
        });
}

bool matchesSet(const PlainQuery &query, const PlainMessage &message, const PlainView &view)
{
    if (query.isSavedResult) {
        return view.saved.contains(message.uid);
    }
    return query.key == "UID" ? isInSet(query, message.uid.value, view.uids.last().value)
                              : isInSet(query,
                                        static_cast<quint32>(view.uids.indexOf(message.uid)) + 1,
                                        static_cast<quint32>(view.uids.size()));
}

// BEFORE, ON, SINCE and their kin: "earlier than", "within", "within or later than" the day.
bool matchesDay(QByteArrayView relation, std::optional<qint64> day, qint64 wanted)
{
    if (!day) {
        return false;
    }
    return relation == "BEFORE" ? *day < wanted
        : relation == "ON"      ? *day == wanted
                                : *day >= wanted;
}

bool matchesDate(const PlainQuery &query, const PlainMessage &message)
{
    if (query.key.startsWith("SENT")) {
        return matchesDay(query.key.sliced(4), message.sentDay(), query.number);
    }
    if (query.key.startsWith("SAVED")) {
        return matchesDay(query.key.sliced(5), dayOf(message.savedUtc), query.number);
    }
    // "disregarding time and timezone"
    const auto local = message.date.secondsUtc + qint64(message.date.zoneMinutes) * 60;
    return matchesDay(query.key, dayOf(local), query.number);
}

bool matchesText(const PlainQuery &query, const PlainMessage &message)
{
    if (query.key == "BODY") {
        return query.text.isEmpty() || isInOne(message.foldedBody, query.text);
    }
    if (query.key == "TEXT") {
        return query.text.isEmpty() || isInOne(message.foldedHeader, query.text)
            || isInOne(message.foldedPartHeaders, query.text)
            || isInOne(message.foldedBody, query.text);
    }
    if (query.key == "HEADER") {
        return hasInField(message, query.name, query.text);
    }
    if (query.key == "SUBJECT") {
        return hasInField(message, "Subject", query.text);
    }
    return hasAddress(message, query.key, query.text); // FROM, TO, CC, BCC
}

constexpr struct {
    const char *name;
    SystemFlag flag;
} FlagKeys[] = {
    {"ANSWERED", SystemFlag::Answered},
    {"DELETED", SystemFlag::Deleted},
    {"DRAFT", SystemFlag::Draft},
    {"FLAGGED", SystemFlag::Flagged},
    {"SEEN", SystemFlag::Seen},
};

std::optional<bool>
matchesFlag(const QByteArray &key, const PlainMessage &message, const PlainView &view)
{
    const bool isRecent = view.recent.contains(message.uid);
    if (key == "RECENT" || key == "OLD") {
        return isRecent == (key == "RECENT");
    }
    if (key == "NEW") { // "functionally equivalent to (RECENT UNSEEN)"
        return isRecent && !hasFlag(message, SystemFlag::Seen);
    }
    for (const auto &known : FlagKeys) {
        if (key == known.name) {
            return hasFlag(message, known.flag);
        }
        if (key == QByteArray("UN") + known.name) {
            return !hasFlag(message, known.flag);
        }
    }
    return std::nullopt;
}

} // namespace

void PlainMessage::readText(const QByteArray &bytes)
{
    const auto halves = split(bytes);
    size = bytes.size();
    fields = fieldsOf(halves.header);
    headerTexts = textsOf(fields);
    addTexts(halves, false, bodyTexts, partHeaderTexts);
    foldedHeader = foldedAll(headerTexts);
    foldedPartHeaders = foldedAll(partHeaderTexts);
    foldedBody = foldedAll(bodyTexts);
}

std::optional<qint64> PlainMessage::sentDay() const
{
    for (const auto &field : fields) {
        if (isSameName(field.name, "Date")) {
            const auto sent = Mime::parseHeaderDate(field.value);
            return sent ? std::make_optional(dayOf(sent->secondsUtc + sent->zoneMinutes * 60LL))
                        : std::nullopt;
        }
    }
    return std::nullopt;
}

QString plainFold(const QString &text)
{
    QString letters;
    const auto characters = text.normalized(QString::NormalizationForm_KD).toUcs4();
    for (const auto c : characters) {
        letters += c == 0x131 ? QStringLiteral("i") : foldedLetter(static_cast<char32_t>(c));
    }
    QString folded;
    for (const auto c : std::as_const(letters)) {
        const bool isBlank = c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
        if (!isBlank || folded.isEmpty() || folded.back() != u' ') {
            folded += isBlank ? QChar(u' ') : c.isNull() ? QChar(QChar::ReplacementCharacter) : c;
        }
    }
    return folded;
}

bool matches(const PlainQuery &query, const PlainMessage &message, const PlainView &view)
{
    const auto holds = [&](const PlainQuery &operand) { return matches(operand, message, view); };
    const auto &operands = query.operands;
    const QByteArray &key = query.key;
    if (key == "(") {
        return std::all_of(operands.begin(), operands.end(), holds);
    }
    if (key == "OR") {
        return std::any_of(operands.begin(), operands.end(), holds);
    }
    if (key == "NOT") {
        return !holds(operands.first());
    }
    if (key == "ALL" || key == "SAVEDATESUPPORTED") {
        return true;
    }
    if (key == "#" || key == "UID") {
        return matchesSet(query, message, view);
    }
    if (key == "KEYWORD" || key == "UNKEYWORD") {
        return hasKeyword(message, query.name) == (key == "KEYWORD");
    }
    if (key == "LARGER") {
        return message.size > query.number;
    }
    if (key == "SMALLER") {
        return message.size < query.number;
    }
    if (key == "MODSEQ") { // RFC 7162 3.1.5: "equal to or greater than"
        return message.modSeq.value >= static_cast<quint64>(query.number);
    }
    if (key == "OLDER") { // RFC 5032 2: "less recent than or equal to the target time"
        return message.date.secondsUtc <= view.nowUtc - query.number;
    }
    if (key == "YOUNGER") {
        return message.date.secondsUtc >= view.nowUtc - query.number;
    }
    if (key == "EMAILID") {
        return message.emailId == query.name;
    }
    if (key == "THREADID") {
        return message.threadId == query.name;
    }
    if (key.endsWith("BEFORE") || key.endsWith("ON") || key.endsWith("SINCE")) {
        return matchesDate(query, message);
    }
    const auto flag = matchesFlag(key, message, view);
    return flag ? *flag : matchesText(query, message);
}

} // namespace Postnook::Test
