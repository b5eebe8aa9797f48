#include "app/mirror/responsedata.h"

#include "core/wire/datetime.h"
#include "core/wire/grammar.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// More than the largest mailbox has; what names more wants to fill our memory.
constexpr quint64 MaxUidsOfACode = 10'000;

Error faultOf(const TokenCursor &cursor)
{
    return {ErrorCode::Invalid, QString::fromLatin1(cursor.fault())};
}

// What may stand between spaces and parentheses, flags and odd atoms of servers among it.
QByteArray looseWord(TokenCursor &cursor)
{
    QByteArray word;
    for (auto c = cursor.peek(); c && *c != ' ' && *c != ')' && *c != '('; c = cursor.peek()) {
        word += *c;
        cursor.tryChar(*c);
    }
    if (word.isEmpty()) {
        cursor.fail("A word is missing");
    }
    return word;
}

QByteArrayList looseList(TokenCursor &cursor)
{
    QByteArrayList words;
    cursor.enterList();
    while (!cursor.hasFailed() && cursor.peek() != std::optional(')')) {
        words.append(looseWord(cursor));
        cursor.trySpace();
    }
    cursor.leaveList();
    return words;
}

void skipValue(TokenCursor &cursor)
{
    if (cursor.atString() || cursor.peek() == std::optional('~')) {
        cursor.atString() ? cursor.string() : cursor.literalOrLiteral8();
    } else if (cursor.tryEnterList()) {
        while (!cursor.hasFailed() && cursor.peek() != std::optional(')')) {
            skipValue(cursor);
            cursor.trySpace();
        }
        cursor.leaveList();
    } else {
        looseWord(cursor);
    }
}

// Of what the server says those that a message can have; unknown system flags are the server's own.
MessageFlags storableFlags(const QByteArrayList &words)
{
    QByteArrayList taken;
    for (const QByteArray &word : words) {
        const QByteArray flag = '(' + word + ')';
        TokenCursor cursor(flag);
        cursor.flagList();
        if (!cursor.hasFailed() && cursor.atEnd()) {
            taken.append(word);
        }
    }
    const QByteArray list = '(' + taken.join(' ') + ')';
    return TokenCursor(list).flagList();
}

// "BODY[HEADER.FIELDS (DATE)]<0>" in capitals, without the origin.
QByteArray itemName(TokenCursor &cursor)
{
    QByteArray name;
    auto c = cursor.peek();
    for (; c && *c != ' ' && *c != '[' && *c != ')' && *c != '('; c = cursor.peek()) {
        name += *c;
        cursor.tryChar(*c);
    }
    if (c == std::optional('[')) {
        for (; c && *c != ']'; c = cursor.peek()) {
            name += *c;
            cursor.tryChar(*c);
        }
        cursor.expectChar(']');
        name += ']';
        if (cursor.tryChar('<')) {
            cursor.number64();
            cursor.expectChar('>');
        }
    }
    if (name.isEmpty()) {
        cursor.fail("The name of an item is missing");
    }
    return name.toUpper();
}

// A literal stands there without its octets.
void readBody(TokenCursor &cursor, FetchData *data)
{
    data->hasBody = !cursor.tryWord("NIL");
    if (!data->hasBody) {
        return;
    }
    if (cursor.peek() == std::optional('"')) {
        data->quotedBody = cursor.string();
        return;
    }
    cursor.tryChar('~');
    for (const char c : {'{', '\0', '}', '\r', '\n'}) {
        c == '\0' ? static_cast<void>(cursor.number64()) : cursor.expectChar(c);
    }
}

void readItem(TokenCursor &cursor, FetchData *data)
{
    const QByteArray name = itemName(cursor);
    cursor.expectSpace();
    if (name == "UID") {
        data->uid = Uid(cursor.nzNumber());
    } else if (name == "FLAGS") {
        data->flags = storableFlags(looseList(cursor));
    } else if (name == "INTERNALDATE") {
        data->date = parseDateTime(cursor.nstring().value_or(QByteArray()));
    } else if (name == "RFC822.SIZE") {
        data->size = cursor.number64();
    } else if (name == "BODY[]") {
        readBody(cursor, data);
    } else if (name.startsWith("BODY[HEADER.FIELDS")) {
        data->fields = cursor.nstring().value_or(QByteArray());
    } else {
        skipValue(cursor);
    }
}

Result<QList<SequenceSet::Span>> spansOf(TokenCursor &cursor)
{
    const SequenceSet set = cursor.sequenceSet();
    if (!cursor.hasFailed() && (set.usesStar() || set.isSavedResult())) {
        cursor.fail("A set of numbers with '*' in it");
    }
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    return set.resolve(0);
}

QByteArrayList prefixes(TokenCursor &cursor)
{
    QByteArrayList found;
    if (cursor.tryWord("NIL")) {
        return found;
    }
    cursor.enterList();
    while (!cursor.hasFailed() && cursor.tryEnterList()) {
        found.append(cursor.string());
        while (!cursor.hasFailed() && cursor.trySpace()) {
            skipValue(cursor); // the separator, extensions
        }
        cursor.leaveList();
        cursor.trySpace();
    }
    cursor.leaveList();
    return found;
}

} // namespace

Result<ListData> parseListData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments);
    ListData data;
    for (const QByteArray &attribute : looseList(cursor)) {
        data.attributes.append(attribute.toLower());
    }
    cursor.expectSpace();
    const auto separator = cursor.nstring();
    if (separator && separator->size() != 1) {
        cursor.fail("A separator is one character");
    }
    cursor.expectSpace();
    data.name = cursor.astring();
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    data.separator = separator ? separator->front() : '\0';
    return data;
}

Result<FetchData> parseFetchData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments);
    FetchData data;
    cursor.enterList();
    while (!cursor.hasFailed() && cursor.peek() != std::optional(')')) {
        readItem(cursor, &data);
        cursor.trySpace();
    }
    cursor.leaveList();
    cursor.expectEnd();
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    return data;
}

Result<QList<Uid>> parseSearchData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments.trimmed());
    QList<Uid> uids;
    while (!cursor.atEnd() && cursor.peek() != std::optional('(')) { // "(MODSEQ 5)" ends it
        uids.append(Uid(cursor.nzNumber()));
        cursor.trySpace();
    }
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    return uids;
}

Result<QList<SequenceSet::Span>> parseEsearchData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments.trimmed());
    if (cursor.peek() == std::optional('(')) {
        skipValue(cursor); // the correlator
        cursor.trySpace();
    }
    while (!cursor.atEnd()) {
        if (cursor.tryWord("UID")) {
            cursor.trySpace();
            continue;
        }
        const bool isAll = cursor.tryWord("ALL");
        if (!isAll) {
            looseWord(cursor);
        }
        cursor.expectSpace();
        if (isAll) {
            return spansOf(cursor);
        }
        skipValue(cursor);
        cursor.trySpace();
    }
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    return QList<SequenceSet::Span>(); // nothing was found
}

Result<VanishedData> parseVanishedData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments.trimmed());
    VanishedData data;
    if (cursor.tryEnterList()) {
        data.isEarlier = cursor.tryWord("EARLIER");
        cursor.leaveList();
        cursor.expectSpace();
    }
    return spansOf(cursor).transform([&data](const QList<SequenceSet::Span> &spans) {
        data.uids = spans;
        return data;
    });
}

Result<NamespaceData> parseNamespaceData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments);
    NamespaceData data;
    data.personal = prefixes(cursor);
    cursor.expectSpace();
    data.others = prefixes(cursor);
    cursor.expectSpace();
    data.others += prefixes(cursor);
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    return data;
}

Result<QList<std::pair<QByteArray, QByteArray>>> parseMetadataData(QByteArrayView arguments)
{
    TokenCursor cursor(arguments);
    QList<std::pair<QByteArray, QByteArray>> values;
    cursor.astring(); // the mailbox
    cursor.expectSpace();
    cursor.enterList();
    while (!cursor.hasFailed() && cursor.peek() != std::optional(')')) {
        const QByteArray entry = cursor.astring();
        cursor.expectSpace();
        const auto value = cursor.peek() == std::optional('~')
            ? std::optional(cursor.literalOrLiteral8())
            : cursor.nstring();
        if (value) {
            values.append({entry, *value});
        }
        cursor.trySpace();
    }
    cursor.leaveList();
    if (cursor.hasFailed()) {
        return faultOf(cursor);
    }
    return values;
}

QList<Uid> parseAppendUid(const QByteArray &codeArguments)
{
    TokenCursor cursor(codeArguments);
    cursor.nzNumber(); // UIDVALIDITY
    cursor.expectSpace();
    QList<Uid> uids;
    const SequenceSet set = cursor.sequenceSet();
    for (const SequenceSet::Range &range : set.ranges()) {
        const quint64 first = std::min(range.first, range.last);
        const quint64 last = std::max(range.first, range.last);
        if (first == 0 || last - first >= MaxUidsOfACode) {
            return {};
        }
        for (quint64 uid = first; uid <= last; ++uid) {
            uids.append(Uid(static_cast<quint32>(uid)));
        }
    }
    return cursor.hasFailed() ? QList<Uid>() : uids;
}

quint64 numberIn(QByteArrayView text)
{
    TokenCursor cursor(text);
    const quint64 number = cursor.number64();
    return cursor.hasFailed() ? 0 : number;
}

} // namespace Postnook
