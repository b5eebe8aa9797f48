#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

// The line that begins each message of an mbox: "From ", a sender, a date (RFC 4155).
struct MboxSeparator {
    std::optional<InternalDate> date; // UTC where the line names no zone (RFC 4155 appendix A)
    // "From -", with or without a date, or "From " alone: so it stands in the mailboxes of
    // Mozilla's programs.
    bool isBare = false;
};

// A "From " line that is plausible: bare, or with a date where one belongs. Views may hold the line
// end.
std::optional<MboxSeparator> parseMboxSeparator(QByteArrayView line);

// Whether `line` begins a message, or is text of a body that nobody quoted. One with a date does
// behind an empty line (or at the start of the file) and before a header or nothing; a bare one, as
// their writers leave that empty line out, wherever a header follows. `ahead` is what comes behind
// the line, some hundred bytes of it.
bool separatesMessages(QByteArrayView line, bool isBehindEmptyLine, QByteArrayView ahead);

// The text begins with a header field.
bool beginsWithField(QByteArrayView text);
bool beginsWithEmptyLine(QByteArrayView text);

} // namespace Postnook
