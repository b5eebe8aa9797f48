#include "tests/grammar/fetchgrammar.h"

#include "core/wire/datetime.h"
#include "tests/grammar/structuregrammar.h"

#include <algorithm>
#include <array>

namespace Postnook::Grammar
{

namespace
{

using Value = decltype(FetchItem::value);

QByteArrayList readFlags(ResponseLexer &in)
{
    QByteArrayList flags;
    in.expect("(");
    while (in.ok() && !in.at(")")) {
        if (!flags.isEmpty()) {
            in.expect(" ");
        }
        const QByteArray mark = in.accept("\\") ? "\\" : "";
        flags.append(mark + in.atom());
    }
    in.expect(")");
    return flags;
}

NString readDate(ResponseLexer &in)
{
    if (!in.at("\"")) {
        in.fail("a date expected");
    }
    const auto text = in.string();
    if (!parseDateTime(text)) {
        in.fail("a date that is none");
    }
    return text;
}

// RFC 9051 `section`; `binary`: only numbers.
void readSection(ResponseLexer &in, bool binary)
{
    in.expect("[");
    bool afterPart = false;
    bool needsText = true; // behind a dot, or at the start
    while (in.ok() && needsText && !in.at("]")) {
        if (in.at("HEADER") || in.at("TEXT") || in.at("MIME")) {
            break;
        }
        in.nzNumber();
        afterPart = true;
        needsText = in.accept(".");
    }
    if (needsText && !in.at("]")) {
        if (binary) {
            in.fail("a section that has no binary form");
        } else if (in.accept("HEADER.FIELDS")) {
            in.accept(".NOT");
            const char *separator = " (";
            do {
                in.expect(separator);
                in.astring();
                separator = " ";
            } while (in.at(" "));
            in.expect(")");
        } else if (!in.accept("HEADER") && !in.accept("TEXT")
                   && !(afterPart && in.accept("MIME"))) {
            in.fail("a section expected");
        }
    } else if (afterPart && needsText) {
        in.fail("a section that ends in a dot");
    }
    in.expect("]");
}

void readOrigin(ResponseLexer &in)
{
    if (in.accept("<")) {
        in.number64();
        in.expect(">");
    }
}

NString readBinary(ResponseLexer &in)
{
    return in.at("~") ? NString(in.literal8()) : in.nstring();
}

// RFC 8474 section 7, and what 8.1 calls wise: a letter first, and nothing to be taken for NIL.
NString readObjectId(ResponseLexer &in)
{
    constexpr qsizetype MaxBytes = 255;
    const auto id = in.atom();
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto isAllowed = [&](char c) {
        return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (id.isEmpty() || id.size() > MaxBytes || !std::all_of(id.begin(), id.end(), isAllowed)) {
        in.fail("no object id");
    } else if (!isLetter(id.front()) || id.toUpper() == "NIL") {
        in.fail("an object id that may be taken for something else");
    }
    return id;
}

// The names that stand for themselves; longer ones before those they begin with.
struct PlainItem {
    QByteArrayView name;
    Value (*read)(ResponseLexer &);
};
constexpr std::array<PlainItem, 16> PlainItems{{
    {"FLAGS ", [](ResponseLexer &in) -> Value { return readFlags(in); }},
    {"UID ", [](ResponseLexer &in) -> Value { return quint64(in.nzNumber()); }},
    {"INTERNALDATE ", [](ResponseLexer &in) -> Value { return readDate(in); }},
    {"SAVEDATE NIL", [](ResponseLexer &) -> Value { return NString(); }},
    {"SAVEDATE ", [](ResponseLexer &in) -> Value { return readDate(in); }},
    {"RFC822.SIZE ", [](ResponseLexer &in) -> Value { return in.number64(); }},
    {"RFC822.HEADER ", [](ResponseLexer &in) -> Value { return in.nstring(); }},
    {"RFC822.TEXT ", [](ResponseLexer &in) -> Value { return in.nstring(); }},
    {"RFC822 ", [](ResponseLexer &in) -> Value { return in.nstring(); }},
    {"ENVELOPE ", [](ResponseLexer &in) -> Value { return readEnvelope(in); }},
    {"BODYSTRUCTURE ",
     [](ResponseLexer &in) -> Value { return readBody(in, BodyForm::Extensible); }},
    {"BODY ", [](ResponseLexer &in) -> Value { return readBody(in, BodyForm::Short); }},
    {"PREVIEW ", [](ResponseLexer &in) -> Value { return in.nstring(); }},
    {"MODSEQ ",
     [](ResponseLexer &in) -> Value {
         in.expect("(");
         const auto modSeq = in.number64();
         in.expect(")");
         return modSeq;
     }},
    {"EMAILID ",
     [](ResponseLexer &in) -> Value {
         in.expect("(");
         const NString id = readObjectId(in);
         in.expect(")");
         return id;
     }},
    {"THREADID ",
     [](ResponseLexer &in) -> Value {
         if (in.accept("NIL")) {
             return NString();
         }
         in.expect("(");
         const NString id = readObjectId(in);
         in.expect(")");
         return id;
     }},
}};

// The names with a section.
Value readSectionItem(ResponseLexer &in)
{
    if (in.accept("BODY")) {
        readSection(in, false);
        readOrigin(in);
        in.expect(" ");
        return in.nstring();
    }
    if (in.accept("BINARY.SIZE")) {
        readSection(in, true);
        in.expect(" ");
        return in.number64();
    }
    in.expect("BINARY");
    readSection(in, true);
    readOrigin(in);
    in.expect(" ");
    return readBinary(in);
}

FetchItem readItem(ResponseLexer &in)
{
    const auto start = in.position();
    for (const auto &item : PlainItems) {
        if (in.accept(item.name)) {
            const auto name = in.readFrom(start).toByteArray().split(' ').first();
            return {name, item.read(in)};
        }
    }
    // The name ends where its value begins; only header names in a section hold spaces before.
    auto ahead = in;
    ahead.accept("BODY") || ahead.accept("BINARY.SIZE") || ahead.accept("BINARY");
    readSection(ahead, false);
    readOrigin(ahead);
    const auto name = ahead.readFrom(start).toByteArray();
    return {name, readSectionItem(in)};
}

} // namespace

Result<FetchResponse> parseFetch(QByteArrayView line, Revision revision)
{
    FetchResponse response;
    ResponseLexer in(line, revision);
    in.expect("* ");
    response.number = in.nzNumber();
    in.expect(" FETCH (");
    do {
        response.items.append(readItem(in));
    } while (in.accept(" "));
    in.expect(")\r\n");
    if (in.ok() && !in.atEnd()) {
        in.fail("something follows");
    }
    if (!in.ok()) {
        return Error{ErrorCode::Corrupt, in.error()};
    }
    return response;
}

} // namespace Postnook::Grammar
