#include "core/commands/fetchitems.h"

#include "core/wire/responsewriter.h"

namespace Postnook
{

namespace
{

using Kind = FetchItem::Kind;

// No stored message nests deeper (core/mime: MaxDepth, two numbers a level at the most).
constexpr qsizetype MaxSectionNumbers = 200;

struct SimpleItem {
    const char *name;
    Kind kind;
};

constexpr SimpleItem SimpleItems[] = {
    {"UID", Kind::MessageUid},
    {"FLAGS", Kind::Flags},
    {"INTERNALDATE", Kind::InternalDate},
    {"SAVEDATE", Kind::SaveDate},
    {"RFC822.SIZE", Kind::Size},
    {"ENVELOPE", Kind::Envelope},
    {"BODY", Kind::Body},
    {"BODYSTRUCTURE", Kind::BodyStructure},
    {"PREVIEW", Kind::Preview},
    {"MODSEQ", Kind::MessageModSeq},
    {"EMAILID", Kind::EmailId},
    {"THREADID", Kind::ThreadObject},
};

const char *nameOf(Kind kind)
{
    for (const SimpleItem &item : SimpleItems) {
        if (item.kind == kind) {
            return item.name;
        }
    }
    return "";
}

FetchItem simple(Kind kind)
{
    FetchItem item;
    item.kind = kind;
    item.label = nameOf(kind);
    return item;
}

QList<FetchItem> macroItems(const QByteArray &name)
{
    QList<FetchItem> items;
    if (name == "ALL" || name == "FAST" || name == "FULL") {
        items << simple(Kind::Flags) << simple(Kind::InternalDate) << simple(Kind::Size);
    }
    if (name == "ALL" || name == "FULL") {
        items << simple(Kind::Envelope);
    }
    if (name == "FULL") {
        items << simple(Kind::Body);
    }
    return items;
}

// section-part: numbers and dots, then perhaps a word behind another dot.
bool readPartNumbers(TokenCursor &cursor, QList<quint32> &part)
{
    while (!cursor.hasFailed()) {
        const auto next = cursor.peek();
        if (!next || *next < '0' || *next > '9') {
            return true; // a word stands here
        }
        part.append(cursor.nzNumber());
        if (part.size() > MaxSectionNumbers) {
            cursor.fail("The section is too deep");
        }
        if (!cursor.tryChar('.')) {
            return false; // ends with a number
        }
    }
    return false;
}

QByteArrayList readFieldNames(TokenCursor &cursor)
{
    QByteArrayList names;
    cursor.expectSpace();
    cursor.enterList();
    do {
        names.append(cursor.astring());
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    return names;
}

void readSectionText(TokenCursor &cursor, Mime::Section &section)
{
    using SectionKind = Mime::Section::Kind;
    if (cursor.tryWord("HEADER.FIELDS.NOT")) {
        section.kind = SectionKind::HeaderFieldsNot;
        section.fields = readFieldNames(cursor);
    } else if (cursor.tryWord("HEADER.FIELDS")) {
        section.kind = SectionKind::HeaderFields;
        section.fields = readFieldNames(cursor);
    } else if (cursor.tryWord("HEADER")) {
        section.kind = SectionKind::Header;
    } else if (cursor.tryWord("TEXT")) {
        section.kind = SectionKind::Text;
    } else if (!section.part.isEmpty() && cursor.tryWord("MIME")) {
        section.kind = SectionKind::Mime;
    } else {
        cursor.fail("Unknown section");
    }
}

Mime::Section readSection(TokenCursor &cursor)
{
    Mime::Section section;
    cursor.expectChar('[');
    if (!cursor.tryChar(']')) {
        if (readPartNumbers(cursor, section.part)) {
            readSectionText(cursor, section);
        }
        cursor.expectChar(']');
    }
    return section;
}

std::optional<FetchItem::Partial> readPartial(TokenCursor &cursor)
{
    if (!cursor.tryChar('<')) {
        return std::nullopt;
    }
    FetchItem::Partial partial;
    partial.offset = cursor.number64();
    cursor.expectChar('.');
    partial.size = cursor.number64();
    if (partial.size == 0) {
        cursor.fail("A partial of no octets");
    }
    cursor.expectChar('>');
    return partial;
}

// RFC 3516 section-binary.
Mime::Section readBinarySection(TokenCursor &cursor)
{
    Mime::Section section;
    cursor.expectChar('[');
    if (!cursor.tryChar(']')) {
        if (readPartNumbers(cursor, section.part)) {
            cursor.fail("BINARY takes part numbers only");
        }
        cursor.expectChar(']');
    }
    return section;
}

QByteArray sectionLabel(const char *name,
                        const Mime::Section &section,
                        const std::optional<FetchItem::Partial> &partial)
{
    using SectionKind = Mime::Section::Kind;
    QByteArrayList steps;
    for (const quint32 number : section.part) {
        steps << QByteArray::number(number);
    }
    switch (section.kind) {
    case SectionKind::Whole:
        break;
    case SectionKind::Header:
        steps << "HEADER";
        break;
    case SectionKind::HeaderFields:
        steps << "HEADER.FIELDS";
        break;
    case SectionKind::HeaderFieldsNot:
        steps << "HEADER.FIELDS.NOT";
        break;
    case SectionKind::Text:
        steps << "TEXT";
        break;
    case SectionKind::Mime:
        steps << "MIME";
        break;
    }
    QByteArray label = QByteArray(name) + '[' + steps.join('.');
    if (!section.fields.isEmpty()) {
        ResponseWriter writer(label);
        writer.raw(" (");
        for (qsizetype i = 0; i < section.fields.size(); ++i) {
            writer.raw(i == 0 ? "" : " ").astring(section.fields.at(i));
        }
        writer.raw(")");
    }
    label += ']';
    if (partial) {
        label += '<' + QByteArray::number(partial->offset) + '>';
    }
    return label;
}

FetchItem readBody(TokenCursor &cursor, bool peek)
{
    FetchItem item;
    item.kind = Kind::Section;
    item.section = readSection(cursor);
    item.partial = readPartial(cursor);
    item.setsSeen = !peek;
    item.label = sectionLabel("BODY", item.section, item.partial);
    return item;
}

FetchItem readBinary(TokenCursor &cursor, bool peek)
{
    FetchItem item;
    item.kind = Kind::Binary;
    item.section = readBinarySection(cursor);
    item.partial = readPartial(cursor);
    item.setsSeen = !peek;
    item.label = sectionLabel("BINARY", item.section, item.partial);
    return item;
}

FetchItem readBinarySize(TokenCursor &cursor)
{
    FetchItem item;
    item.kind = Kind::BinarySize;
    item.section = readBinarySection(cursor);
    item.label = sectionLabel("BINARY.SIZE", item.section, {});
    return item;
}

// RFC 8970 6: preview-mod is LAZY or nothing. Another list behind it belongs to FETCH.
FetchItem readPreview(TokenCursor &cursor)
{
    auto item = simple(Kind::Preview);
    auto ahead = cursor;
    if (ahead.trySpace() && ahead.tryEnterList() && ahead.tryWord("LAZY")) {
        ahead.leaveList();
        cursor = ahead;
        item.kind = Kind::LazyPreview;
    }
    return item;
}

FetchItem rfc822Item(const char *label, Mime::Section::Kind kind, bool setsSeen)
{
    FetchItem item;
    item.kind = Kind::Section;
    item.label = label;
    item.section.kind = kind;
    item.setsSeen = setsSeen;
    return item;
}

bool standsAt(const TokenCursor &cursor, char c)
{
    return cursor.peek() == std::optional<char>(c);
}

FetchItem readItem(TokenCursor &cursor)
{
    using SectionKind = Mime::Section::Kind;
    if (cursor.tryWord("BODY.PEEK")) {
        return readBody(cursor, true);
    }
    if (cursor.tryWord("BODY")) {
        return standsAt(cursor, '[') ? readBody(cursor, false) : simple(Kind::Body);
    }
    if (cursor.tryWord("BINARY.SIZE")) {
        return readBinarySize(cursor);
    }
    if (cursor.tryWord("BINARY.PEEK")) {
        return readBinary(cursor, true);
    }
    if (cursor.tryWord("BINARY")) {
        return readBinary(cursor, false);
    }
    if (cursor.tryWord("PREVIEW")) {
        return readPreview(cursor);
    }
    for (const SimpleItem &item : SimpleItems) {
        if (cursor.tryWord(item.name)) {
            return simple(item.kind);
        }
    }
    if (cursor.tryWord("RFC822.HEADER")) {
        return rfc822Item("RFC822.HEADER", SectionKind::Header, false);
    }
    if (cursor.tryWord("RFC822.TEXT")) {
        return rfc822Item("RFC822.TEXT", SectionKind::Text, true);
    }
    if (cursor.tryWord("RFC822")) {
        return rfc822Item("RFC822", SectionKind::Whole, true);
    }
    cursor.fail("Unknown FETCH item");
    return {};
}

void addOnce(QList<FetchItem> &items, const FetchItem &item)
{
    if (!items.contains(item)) {
        items.append(item);
    }
}

} // namespace

QList<FetchItem> parseFetchItems(TokenCursor &cursor)
{
    for (const char *macro : {"ALL", "FAST", "FULL"}) {
        if (cursor.tryWord(macro)) {
            return macroItems(macro);
        }
    }
    QList<FetchItem> items;
    if (!cursor.tryEnterList()) {
        addOnce(items, readItem(cursor));
        return items;
    }
    do {
        addOnce(items, readItem(cursor));
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    return items;
}

FetchModifiers parseFetchModifiers(TokenCursor &cursor)
{
    FetchModifiers modifiers;
    if (!cursor.trySpace()) {
        return modifiers;
    }
    cursor.enterList();
    do {
        if (cursor.tryWord("CHANGEDSINCE")) {
            cursor.expectSpace();
            modifiers.changedSince = parseModSeq(cursor);
        } else if (cursor.tryWord("VANISHED")) {
            modifiers.vanished = true;
        } else if (cursor.tryWord("PARTIAL")) {
            cursor.expectSpace();
            modifiers.partial = parsePartialRange(cursor);
        } else {
            cursor.fail("Unknown FETCH modifier");
        }
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    if (modifiers.vanished && !modifiers.changedSince) {
        cursor.fail("VANISHED needs CHANGEDSINCE");
    }
    return modifiers;
}

ModSeq parseModSeq(TokenCursor &cursor)
{
    return ModSeq(cursor.number64());
}

FetchItem modSeqItem()
{
    return simple(Kind::MessageModSeq);
}

FetchItem flagsItem()
{
    return simple(Kind::Flags);
}

FetchItem uidItem()
{
    return simple(Kind::MessageUid);
}

MessageColumns columnsFor(const QList<FetchItem> &items)
{
    MessageColumns columns;
    for (const FetchItem &item : items) {
        switch (item.kind) {
        case Kind::MessageUid:
        case Kind::Flags:
        case Kind::MessageModSeq:
            break;
        case Kind::InternalDate:
        case Kind::SaveDate:
            columns |= MessageColumn::Dates;
            break;
        case Kind::Size:
            columns |= MessageColumn::Size;
            break;
        case Kind::Envelope:
            columns |= MessageColumn::Envelope;
            break;
        case Kind::Body:
        case Kind::BodyStructure:
            columns |= MessageColumn::Structure;
            break;
        case Kind::EmailId:
        case Kind::ThreadObject:
            columns |= MessageColumn::ObjectIds;
            break;
        case Kind::Preview:
        case Kind::LazyPreview:
            columns |= MessageColumn::Preview;
            break;
        case Kind::Section:
        case Kind::Binary:
        case Kind::BinarySize:
            columns |= MessageColumn::Size;
            if (!item.section.part.isEmpty()) {
                columns |= MessageColumn::Parts;
            }
            break;
        }
    }
    return columns;
}

} // namespace Postnook
