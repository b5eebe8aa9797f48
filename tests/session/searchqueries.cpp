#include "searchqueries.h"

#include "searchwords.h"

#include <QDate>
#include <QLocale>

#include <algorithm>

namespace Postnook::Test
{

namespace
{

constexpr int MaxNesting = 4;
const QByteArrayList Charsets{"UTF-8",
                              "utf-8",
                              "US-ASCII",
                              "ISO-8859-1",
                              "windows-1252",
                              "koi8-r",
                              "ISO-8859-7",
                              "gb18030",
                              "ISO-2022-JP",
                              "euc-kr",
                              "windows-1256"};

} // namespace

SearchQueries::SearchQueries(quint32 seed,
                             const QList<PlainMessage> &messages,
                             const PlainView &view)
    : m_random(seed)
    , m_messages(messages)
    , m_view(view)
{
}

PlainQuery SearchQueries::next()
{
    m_charset = oneIn(3) ? pick(Charsets) : QByteArray();
    auto query = list(oneIn(3) ? 0 : MaxNesting);
    if (!m_charset.isEmpty()) {
        query.charset = spelled("CHARSET") + ' ' + astring(m_charset) + ' ';
    }
    return query;
}

// Several keys, one after the other: all of them have to hold.
PlainQuery SearchQueries::list(int nesting)
{
    PlainQuery all{.key = "("};
    QByteArrayList written;
    for (int i = oneIn(2) ? 1 : 1 + below(3); i > 0; --i) {
        all.operands.append(any(nesting));
        written.append(all.operands.last().written);
    }
    all.written = written.join(' ');
    return all;
}

PlainQuery SearchQueries::any(int nesting)
{
    switch (nesting > 0 ? below(8) : 0) {
    case 5: {
        auto inner = list(nesting - 1);
        inner.written = '(' + inner.written + ')';
        return inner;
    }
    case 6: {
        const auto inner = any(nesting - 1);
        return {.key = "NOT", .operands = {inner}, .written = spelled("NOT") + ' ' + inner.written};
    }
    case 7: {
        const auto first = any(nesting - 1);
        const auto second = any(nesting - 1);
        return {.key = "OR",
                .operands = {first, second},
                .written = spelled("OR") + ' ' + first.written + ' ' + second.written};
    }
    default:
        return key();
    }
}

PlainQuery SearchQueries::key()
{
    const int kind = below(20);
    if (kind < 10) {
        return textKey();
    }
    if (kind < 13) {
        return flagKey();
    }
    if (kind < 15) {
        return setKey();
    }
    return kind < 17 ? dateKey() : kind < 19 ? numberKey() : idKey();
}

// -- texts

PlainQuery SearchQueries::textKey()
{
    const QByteArrayList keys{
        "BODY", "TEXT", "TEXT", "SUBJECT", "FROM", "TO", "CC", "BCC", "HEADER"};
    const QByteArrayList names{"Subject",
                               "x-tag",
                               "X-Empty",
                               "DATE",
                               "From",
                               "Message-ID",
                               "X-Odd",
                               "X-Nowhere",
                               "content-type",
                               "X-Raw",
                               "References"};
    PlainQuery query{.key = pick(keys)};
    query.written = spelled(query.key) + ' ';
    const auto &message = anyMessage();
    QStringList texts = query.key == "BODY" ? message.bodyTexts
        : query.key == "TEXT" ? message.headerTexts + message.partHeaderTexts + message.bodyTexts
                              : QStringList();
    if (query.key == "HEADER") {
        query.name = pick(names);
        query.written += astring(query.name) + ' ';
    }
    const auto field = query.key == "HEADER" ? query.name : query.key;
    for (const auto &one : message.fields) {
        if (one.name.compare(field, Qt::CaseInsensitive) == 0) {
            texts.append(one.text);
        }
    }
    setText(query, oneIn(25) ? QString() : needle(texts));
    return query;
}

// Something that one of the texts has, mostly.
QString SearchQueries::needle(const QStringList &texts)
{
    if (texts.isEmpty() || oneIn(12)) {
        QString nowhere = QStringLiteral("qz");
        for (int i = below(4); i > 0; --i) {
            nowhere += QChar(static_cast<char16_t>(u'a' + below(26)));
        }
        return oneIn(2) ? nowhere : cutOut(pick(anyMessage().headerTexts + QStringList(nowhere)));
    }
    const auto cut = cutOut(pick(texts));
    return oneIn(12) ? cut + QChar(u'q') : cut;
}

// From anywhere to anywhere, but no character is cut in two.
QString SearchQueries::cutOut(const QString &text)
{
    const auto characters = text.toUcs4();
    if (characters.isEmpty()) {
        return {};
    }
    const int longest = oneIn(4) ? 40 : 8;
    const auto at = below(static_cast<int>(characters.size()));
    auto cut = QString();
    for (const auto c : characters.mid(at, 1 + below(longest))) {
        if (c != 0 && !(c >= 0xd800 && c < 0xe000)) { // no command can have a NUL
            const auto character = static_cast<char32_t>(c);
            cut += QString::fromUcs4(&character, 1);
        }
    }
    return withOtherGaps(inAnyCase(cut));
}

QString SearchQueries::inAnyCase(const QString &text)
{
    switch (below(4)) {
    case 0:
        return text.toUpper();
    case 1:
        return text.toLower();
    case 2: {
        QString mixed;
        for (const auto c : text) {
            mixed += c.isSurrogate() ? QString(c) : oneIn(2) ? QString(c).toUpper() : QString(c);
        }
        return oneIn(2) ? mixed.normalized(QString::NormalizationForm_D) : mixed;
    }
    default:
        return text;
    }
}

// Lines may be broken elsewhere in the mail than a person thinks.
QString SearchQueries::withOtherGaps(const QString &text)
{
    static const QStringList gaps{QStringLiteral(" "),
                                  QStringLiteral("  "),
                                  QStringLiteral("\t"),
                                  QStringLiteral("\r\n"),
                                  QStringLiteral(" \r\n\t ")};
    if (!oneIn(3)) {
        return text;
    }
    QString other;
    for (const auto c : text) {
        other += c == u' ' ? pick(gaps) : QString(c);
    }
    return other;
}

// In the charset of the query; what that does not have is asked in words of ASCII.
void SearchQueries::setText(PlainQuery &query, const QString &text)
{
    QString meant = text;
    QByteArray octets = text.toUtf8();
    if (!m_charset.isEmpty()) {
        octets = encodedCharset(text, m_charset);
        if (octets.isNull() || octets.contains('\0')) {
            meant = QStringLiteral("invoice").mid(below(4), 1 + below(5));
            octets = meant.toLatin1();
        }
    }
    query.text = plainFold(meant);
    query.written += astring(octets);
}

// Atom, quoted or literal, whichever may be.
QByteArray SearchQueries::astring(const QByteArray &octets)
{
    const bool isAtom = !octets.isEmpty() && std::all_of(octets.begin(), octets.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || c == '-';
    });
    if (isAtom && oneIn(2)) {
        return octets;
    }
    if (octets.contains('\r') || octets.contains('\n') || oneIn(6)) {
        return '{' + QByteArray::number(octets.size()) + (oneIn(2) ? "+" : "") + "}\r\n" + octets;
    }
    auto escaped = octets;
    return '"' + escaped.replace('\\', "\\\\").replace('"', "\\\"") + '"';
}

QByteArray SearchQueries::spelled(const QByteArray &key)
{
    return oneIn(4) ? key.toLower() : key;
}

// -- all other keys

PlainQuery SearchQueries::flagKey()
{
    const QByteArrayList keys{"ALL",
                              "ANSWERED",
                              "DELETED",
                              "DRAFT",
                              "FLAGGED",
                              "SEEN",
                              "UNANSWERED",
                              "UNDELETED",
                              "UNDRAFT",
                              "UNFLAGGED",
                              "UNSEEN",
                              "NEW",
                              "OLD",
                              "RECENT",
                              "KEYWORD",
                              "KEYWORD",
                              "UNKEYWORD",
                              "UNKEYWORD",
                              "SAVEDATESUPPORTED"};
    PlainQuery query{.key = pick(keys)};
    query.written = spelled(query.key);
    if (query.key.endsWith("KEYWORD")) {
        query.name = pick(QByteArrayList{"$Forwarded", "$JUNK", "work", "Work2", "nobodys"});
        query.written += ' ' + query.name;
    }
    return query;
}

quint32 SearchQueries::nearNumber(bool isUid)
{
    const auto uid = m_view.uids.isEmpty() ? Uid(1) : pick(m_view.uids);
    const auto number = isUid ? uid.value : static_cast<quint32>(m_view.uids.indexOf(uid)) + 1;
    return oneIn(6) ? 0 : oneIn(8) ? number + 1'000 : number;
}

PlainQuery SearchQueries::setKey()
{
    const bool isUid = oneIn(2);
    PlainQuery query{.key = isUid ? "UID" : "#"};
    const QByteArray prefix = isUid ? spelled("UID") + ' ' : QByteArray();
    if (oneIn(4)) {
        query.isSavedResult = true;
        query.written = prefix + '$';
        return query;
    }
    QByteArrayList written;
    for (int i = 1 + below(4); i > 0; --i) {
        const auto number = [](quint32 n) { return n == 0 ? "*" : QByteArray::number(n); };
        PlainQuery::Range range{nearNumber(isUid), 0};
        if (oneIn(2)) {
            range.last = range.first;
            written.append(number(range.first));
        } else {
            range.last = nearNumber(isUid);
            written.append(number(range.first) + ':' + number(range.last));
        }
        query.ranges.append(range);
    }
    query.written = prefix + written.join(',');
    return query;
}

QByteArray SearchQueries::dayText(qint64 day)
{
    const auto date = QDate(1970, 1, 1).addDays(day);
    return QLocale::c().toString(date, u"d-MMM-yyyy").toLatin1();
}

PlainQuery SearchQueries::dateKey()
{
    const auto &message = anyMessage();
    const QByteArray kind = pick(QByteArrayList{"", "SENT", "SAVED"});
    constexpr qint64 SecondsPerDay = 86'400;
    const qint64 near = kind == "SENT" ? message.sentDay().value_or(19'700)
        : kind == "SAVED"              ? message.savedUtc / SecondsPerDay
                                       : message.date.secondsUtc / SecondsPerDay;
    PlainQuery query{.key = kind + pick(QByteArrayList{"BEFORE", "ON", "SINCE"})};
    query.number = near + below(3) - 1;
    const QByteArray quote = oneIn(3) ? "\"" : "";
    query.written = spelled(query.key) + ' ' + quote + dayText(query.number) + quote;
    return query;
}

PlainQuery SearchQueries::numberKey()
{
    const auto &message = anyMessage();
    PlainQuery query{.key =
                         pick(QByteArrayList{"LARGER", "SMALLER", "MODSEQ", "OLDER", "YOUNGER"})};
    QByteArray entry;
    if (query.key == "MODSEQ") {
        query.number = qint64(message.modSeq.value) + below(3) - 1;
        entry = oneIn(3) ? "\"/flags/\\\\Seen\" all " : "";
    } else if (query.key == "LARGER" || query.key == "SMALLER") {
        query.number = message.size + below(3) - 1;
    } else {
        query.number = std::max<qint64>(1, m_view.nowUtc - message.date.secondsUtc + below(3) - 1);
    }
    query.written = spelled(query.key) + ' ' + entry + QByteArray::number(query.number);
    return query;
}

PlainQuery SearchQueries::idKey()
{
    const auto &message = anyMessage();
    PlainQuery query{.key = oneIn(2) ? "EMAILID" : "THREADID"};
    query.name = query.key == "EMAILID" ? message.emailId : message.threadId;
    if (query.name.isEmpty() || oneIn(6)) {
        query.name = oneIn(2) ? QByteArray("M-none_of_ours") : query.name.toUpper() + "0";
    }
    query.written = spelled(query.key) + ' ' + query.name;
    return query;
}

} // namespace Postnook::Test
