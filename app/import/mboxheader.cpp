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

void addKeywords(QByteArrayView text, MessageFlags *flags)
{
    for (const QByteArray &word : Mime::unfolded(text).simplified().split(' ')) {
        TokenCursor cursor(word);
        const QByteArray keyword = cursor.flag();
        cursor.expectEnd();
        const bool isKeyword = !cursor.hasFailed() && !keyword.startsWith('\\');
        const bool isNew = std::none_of(
            flags->keywords.begin(), flags->keywords.end(), [&keyword](const QByteArray &other) {
                return other.compare(keyword, Qt::CaseInsensitive) == 0;
            });
        if (isKeyword && isNew) {
            flags->keywords.append(keyword);
        }
    }
}

// Bits of Mozilla's message database, in hexadecimal.
void addMozillaStatus(QByteArrayView text, MboxNotes *notes)
{
    constexpr uint Read = 0x1;
    constexpr uint Replied = 0x2;
    constexpr uint Marked = 0x4;
    constexpr uint Expunged = 0x8;
    const uint bits = Mime::trimmed(text).toByteArray().toUInt(nullptr, 16);
    auto &flags = notes->flags.system;
    flags.setFlag(SystemFlag::Seen, flags.testFlag(SystemFlag::Seen) || (bits & Read) != 0);
    flags.setFlag(SystemFlag::Answered,
                  flags.testFlag(SystemFlag::Answered) || (bits & Replied) != 0);
    flags.setFlag(SystemFlag::Flagged, flags.testFlag(SystemFlag::Flagged) || (bits & Marked) != 0);
    notes->isDeleted = notes->isDeleted || (bits & Expunged) != 0;
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
        } else if (Mime::isSameName(field.name, "X-Keywords")) {
            addKeywords(field.value, &notes.flags);
        } else if (Mime::isSameName(field.name, "X-Mozilla-Status")) {
            addMozillaStatus(field.value, &notes);
        } else if (Mime::isSameName(field.name, "Subject")) {
            // What UW-IMAP and Pine begin their files with.
            notes.isInternal = Mime::trimmed(field.value)
                                   .startsWith("DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA");
        }
    }
    return notes;
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
