#pragma once

#include "storage/types.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace Postnook
{

// The line that begins each message of an mbox: "From ", a sender, a date (RFC 4155).
struct MboxSeparator {
    enum class Form {
        Unknown,
        Dated, // as asctime() writes it
        // "From -", with or without a date, or "From " alone: so it stands in the mailboxes of
        // Mozilla's programs.
        Bare,
        OtherDate, // a sender, and a date with a time as in a header, or of ISO 8601
        SenderAlone,
    };
    Form form = Form::Unknown;
    std::optional<InternalDate> date; // UTC where the line names no zone (RFC 4155 appendix A)

    // A text hardly has such a line.
    bool isUsual() const { return form == Form::Dated || form == Form::Bare; }
};

// A "From " line that may be a separator. Views may hold the line end.
std::optional<MboxSeparator> parseMboxSeparator(QByteArrayView line);

// Whether `line` begins a message, or is text of a body that nobody quoted. It does where a header
// follows, as some writers leave the empty line in front out; behind an empty line a dated one does
// before nothing, too. Forms that are not the usual ones count where the file begins with the same,
// a sender alone also only behind an empty line. `ahead` is what comes behind the line, some
// hundred bytes of it.
bool separatesMessages(QByteArrayView line,
                       bool isBehindEmptyLine,
                       QByteArrayView ahead,
                       MboxSeparator::Form formOfFirst = MboxSeparator::Form::Unknown);

// The text begins with a header field.
bool beginsWithField(QByteArrayView text);
bool beginsWithEmptyLine(QByteArrayView text);

} // namespace Postnook
