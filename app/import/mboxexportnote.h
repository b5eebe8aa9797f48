#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

// What `postnook export` writes into an mbox between a "From " line and the message: fields that
// other programs know (Status, X-Status, X-Keywords, X-Mozilla-Status, X-Mozilla-Keys), and behind
// them
//     X-Postnook-Message: date="01-Jan-2026 10:00:00 +0100"; lines=lf; size=000000004711
// `size` octets of the file follow that are the message and nothing but the message, mboxrd's '>'
// aside. So it comes back byte for byte, whatever fields of these names it has itself.
struct MboxExportNote {
    enum class Lines {
        Lf, // each LF of the file stands for CRLF
        Exact, // the message has other line ends too, and they are all as they were
    };

    MessageFlags flags;
    InternalDate date;
    Lines lines = Lines::Lf;
    quint64 sizeBytes = 0; // in the file, with mboxrd's '>'

    friend bool operator==(const MboxExportNote &, const MboxExportNote &) = default;
};

// The fields, as they stand in the file. The size is what the last of them ends with, so that a
// writer can put it in later: always MboxExportSizeDigits long, and a line end behind it.
constexpr auto MboxExportSizeDigits = 12;
QByteArray formatMboxExportNote(const MboxExportNote &note);

struct FoundMboxExportNote {
    MboxExportNote note;
    qsizetype bytes = 0; // of the fields
};
// The note at the beginning of the text. Nothing where none stands, or not the whole of it.
std::optional<FoundMboxExportNote> parseMboxExportNote(QByteArrayView text);

} // namespace Postnook
