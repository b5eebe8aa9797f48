#include "app/import/mboxheader.h"

#include "app/import/importkey.h"
#include "app/import/messagefile.h"
#include "core/mime/headerfields.h"
#include "core/wire/tokencursor.h"

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

// Written by mail programs into the file, each time anew.
constexpr std::array VolatileFields{"Content-Length",
                                    "Lines",
                                    "Status",
                                    "X-Gmail-Labels",
                                    "X-IMAP",
                                    "X-IMAPbase",
                                    "X-Keywords",
                                    "X-Mozilla-Keys",
                                    "X-Mozilla-Status",
                                    "X-Mozilla-Status2",
                                    "X-Status",
                                    "X-UID"};

bool isVolatile(QByteArrayView name)
{
    return std::any_of(VolatileFields.begin(), VolatileFields.end(), [name](const char *field) {
        return Mime::isSameName(name, field);
    });
}

// "RO", "A": letters of Status and X-Status.
void addLetters(QByteArrayView letters, MessageFlags *flags)
{
    for (const char letter : letters) {
        switch (letter) {
        case 'R':
            flags->system |= SystemFlag::Seen;
            break;
        case 'A':
            flags->system |= SystemFlag::Answered;
            break;
        case 'F':
            flags->system |= SystemFlag::Flagged;
            break;
        case 'D':
            flags->system |= SystemFlag::Deleted;
            break;
        case 'T':
            flags->system |= SystemFlag::Draft;
            break;
        default: // 'O' and 'U', old and unread, are what the others leave
            break;
        }
    }
}

void addKeyword(const QByteArray &keyword, MessageFlags *flags)
{
    const bool isNew = std::none_of(
        flags->keywords.begin(), flags->keywords.end(), [&keyword](const QByteArray &other) {
            return other.compare(keyword, Qt::CaseInsensitive) == 0;
        });
    if (isNew) {
        flags->keywords.append(keyword);
    }
}

void addKeywords(QByteArrayView text, MessageFlags *flags)
{
    for (const QByteArray &word : Mime::unfolded(text).simplified().split(' ')) {
        TokenCursor cursor(word);
        const QByteArray keyword = cursor.flag();
        cursor.expectEnd();
        if (!cursor.hasFailed() && !keyword.startsWith('\\')) {
            addKeyword(keyword, flags);
        }
    }
}

uint hexNumber(QByteArrayView text)
{
    return Mime::trimmed(text).toByteArray().toUInt(nullptr, 16);
}

// Bits of Mozilla's message database, in hexadecimal.
void addMozillaStatus(QByteArrayView text, MboxNotes *notes)
{
    constexpr uint Read = 0x1;
    constexpr uint Replied = 0x2;
    constexpr uint Marked = 0x4;
    constexpr uint Expunged = 0x8;
    constexpr uint Partial = 0x400;
    constexpr uint Forwarded = 0x1000;
    const uint bits = hexNumber(text);
    auto &flags = notes->flags.system;
    flags.setFlag(SystemFlag::Seen, flags.testFlag(SystemFlag::Seen) || (bits & Read) != 0);
    flags.setFlag(SystemFlag::Answered,
                  flags.testFlag(SystemFlag::Answered) || (bits & Replied) != 0);
    flags.setFlag(SystemFlag::Flagged, flags.testFlag(SystemFlag::Flagged) || (bits & Marked) != 0);
    notes->isDeleted = notes->isDeleted || (bits & Expunged) != 0;
    notes->isPartial = notes->isPartial || (bits & Partial) != 0;
    if ((bits & Forwarded) != 0) {
        addKeyword("$Forwarded", &notes->flags);
    }
}

// The upper half of the same bits.
void addMozillaStatus2(QByteArrayView text, MessageFlags *flags)
{
    constexpr uint ImapDeleted = 0x200000;
    constexpr uint ReceiptSent = 0x800000;
    constexpr uint LabelShift = 25; // of the one label that was, before there were tags
    constexpr uint MaxLabel = 5;
    const uint bits = hexNumber(text);
    if ((bits & ImapDeleted) != 0) {
        flags->system |= SystemFlag::Deleted;
    }
    if ((bits & ReceiptSent) != 0) {
        addKeyword("$MDNSent", flags);
    }
    const uint label = bits >> LabelShift & 0x7;
    if (label > 0 && label <= MaxLabel) {
        addKeyword("$label" + QByteArray::number(label), flags);
    }
}

} // namespace

MboxNotes readMboxNotes(QByteArrayView message)
{
    MboxNotes notes;
    Mime::HeaderReader fields(headerOf(message));
    Mime::HeaderField field;
    while (fields.next(field)) {
        if (Mime::isSameName(field.name, "Status") || Mime::isSameName(field.name, "X-Status")) {
            addLetters(Mime::trimmed(field.value), &notes.flags);
        } else if (Mime::isSameName(field.name, "X-Keywords")
                   || Mime::isSameName(field.name, "X-Mozilla-Keys")) {
            addKeywords(field.value, &notes.flags);
        } else if (Mime::isSameName(field.name, "X-Mozilla-Status")) {
            addMozillaStatus(field.value, &notes);
        } else if (Mime::isSameName(field.name, "X-Mozilla-Status2")) {
            addMozillaStatus2(field.value, &notes.flags);
        } else if (Mime::isSameName(field.name, "Subject")) {
            // What UW-IMAP and Pine begin their files with.
            notes.isInternal = Mime::trimmed(field.value)
                                   .startsWith("DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA");
        }
    }
    return notes;
}

QString deletedReason()
{
    return QStringLiteral("it was deleted, and the file not compacted since");
}

QString partialReason()
{
    return QStringLiteral("only its beginning was fetched from the server");
}

QByteArray mboxContentIdentity(QByteArrayView message)
{
    const auto header = headerOf(message);
    QByteArray lasting;
    lasting.reserve(message.size());
    Mime::HeaderReader fields(header);
    Mime::HeaderField field;
    while (fields.next(field)) {
        if (!isVolatile(field.name)) {
            lasting += field.whole;
        }
    }
    lasting += message.sliced(header.size());
    return contentIdentity(lasting);
}

} // namespace Postnook
