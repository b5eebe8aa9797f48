#include "app/import/mboxexportnote.h"

#include "app/import/mboxheader.h"
#include "core/mime/headerfields.h"
#include "core/wire/datetime.h"

#include <algorithm>
#include <array>

namespace Postnook
{

namespace
{

constexpr std::array FlagFields{
    "Status", "X-Status", "X-Keywords", "X-Mozilla-Status", "X-Mozilla-Keys"};
constexpr auto OwnField = "X-Postnook-Message";
constexpr qsizetype FoldedLineBytes = 72;

bool isFlagField(QByteArrayView name)
{
    return std::any_of(FlagFields.begin(), FlagFields.end(), [name](const char *field) {
        return Mime::isSameName(name, field);
    });
}

QByteArray lettersOf(SystemFlags flags)
{
    QByteArray letters;
    letters += flags.testFlag(SystemFlag::Answered) ? "A" : "";
    letters += flags.testFlag(SystemFlag::Flagged) ? "F" : "";
    letters += flags.testFlag(SystemFlag::Draft) ? "T" : "";
    letters += flags.testFlag(SystemFlag::Deleted) ? "D" : "";
    return letters;
}

// What Mozilla's programs keep of flags: read, replied, marked, forwarded.
QByteArray mozillaStatus(const MessageFlags &flags)
{
    uint bits = 0;
    bits |= flags.system.testFlag(SystemFlag::Seen) ? 0x1U : 0U;
    bits |= flags.system.testFlag(SystemFlag::Answered) ? 0x2U : 0U;
    bits |= flags.system.testFlag(SystemFlag::Flagged) ? 0x4U : 0U;
    bits |= flags.keywords.contains("$Forwarded") ? 0x1000U : 0U;
    return QByteArray::number(bits, 16).rightJustified(4, '0');
}

QByteArray foldedField(const QByteArray &name, const QByteArrayList &words)
{
    QByteArray field = name + ':';
    qsizetype lineStart = 0;
    for (const QByteArray &word : words) {
        if (field.size() - lineStart + word.size() >= FoldedLineBytes) {
            field += '\n';
            lineStart = field.size();
        }
        field += ' ' + word;
    }
    return field + '\n';
}

// `date="…"; lines=lf; size=…`: the value behind `name=`, up to what ends it.
QByteArrayView parameter(QByteArrayView value, QByteArrayView name, char end)
{
    const auto at = value.indexOf(name);
    if (at < 0) {
        return {};
    }
    const auto rest = value.sliced(at + name.size());
    const auto length = rest.indexOf(end);
    return length < 0 ? rest : rest.first(length);
}

bool readOwnField(QByteArrayView value, MboxExportNote *note)
{
    const auto date = parseDateTime(parameter(value, "date=\"", '"'));
    const auto lines = parameter(value, "lines=", ';');
    bool isNumber = false;
    note->sizeBytes = Mime::trimmed(parameter(value, "size=", ';')).toULongLong(&isNumber);
    if (!date || !isNumber || (lines != "lf" && lines != "exact")) {
        return false;
    }
    note->date = *date;
    note->lines = lines == "lf" ? MboxExportNote::Lines::Lf : MboxExportNote::Lines::Exact;
    return true;
}

} // namespace

QByteArray formatMboxExportNote(const MboxExportNote &note)
{
    const bool isSeen = note.flags.system.testFlag(SystemFlag::Seen);
    QByteArray text = isSeen ? "Status: RO\n" : "Status: O\n";
    if (const QByteArray letters = lettersOf(note.flags.system); !letters.isEmpty()) {
        text += "X-Status: " + letters + '\n';
    }
    if (!note.flags.keywords.isEmpty()) {
        text += foldedField("X-Keywords", note.flags.keywords);
        text += foldedField("X-Mozilla-Keys", note.flags.keywords);
    }
    text += "X-Mozilla-Status: " + mozillaStatus(note.flags) + '\n';
    const bool isLf = note.lines == MboxExportNote::Lines::Lf;
    return text + OwnField + ": date=\"" + formatDateTime(note.date)
        + "\"; lines=" + (isLf ? "lf" : "exact") + "; size="
        + QByteArray::number(note.sizeBytes).rightJustified(MboxExportSizeDigits, '0') + '\n';
}

std::optional<FoundMboxExportNote> parseMboxExportNote(QByteArrayView text)
{
    Mime::HeaderReader fields(text);
    Mime::HeaderField field;
    qsizetype flagBytes = 0;
    while (fields.next(field) && isFlagField(field.name)) {
        flagBytes += field.whole.size();
    }
    if (!Mime::isSameName(field.name, OwnField)) {
        return {};
    }
    // Its line alone: the message may begin with a blank, and is no continuation of this.
    const auto rest = text.sliced(flagBytes);
    const auto lineEnd = rest.indexOf('\n');
    FoundMboxExportNote found;
    if (lineEnd < 0 || !readOwnField(rest.first(lineEnd), &found.note)) {
        return {};
    }
    found.note.flags = readMboxNotes(text.first(flagBytes)).flags;
    found.bytes = flagBytes + lineEnd + 1;
    return found;
}

} // namespace Postnook
