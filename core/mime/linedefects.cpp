#include "core/mime/linedefects.h"

#include "core/mime/transferchecks.h"

#include <algorithm>

namespace Postnook::Mime
{

namespace
{

using namespace Qt::StringLiterals;

constexpr qsizetype MaxLineBytes = 998; // RFC 5322 2.1.1, without the line end

struct Lines {
    Faults all;
    Faults lineFeedOnly;
    Faults bareReturns;
    Faults tooLong;
    qsizetype longest = 0;
};

// `line` begins at `offset` and has no LF.
void takeLine(Lines &lines, QByteArrayView line, qsizetype offset, bool isEnded)
{
    if (isEnded) {
        lines.all.add(offset);
        if (line.endsWith('\r')) {
            line.chop(1);
        } else {
            lines.lineFeedOnly.add(offset + line.size());
        }
    }
    if (const auto first = line.indexOf('\r'); first >= 0) {
        const auto count = std::count(line.begin() + first, line.end(), '\r');
        lines.bareReturns.add(offset + first, static_cast<quint64>(count));
    }
    if (line.size() > MaxLineBytes) {
        lines.tooLong.add(offset);
        lines.longest = std::max(lines.longest, line.size());
    }
}

Lines readLines(QByteArrayView message)
{
    Lines lines;
    for (qsizetype from = 0; from < message.size();) {
        const auto end = message.indexOf('\n', from);
        const auto lineEnd = end < 0 ? message.size() : end;
        takeLine(lines, message.sliced(from, lineEnd - from), from, end >= 0);
        from = lineEnd + 1;
    }
    return lines;
}

} // namespace

void findLineDefects(QByteArrayView message, DefectList &defects)
{
    const auto add = [&defects](DefectKind kind, const Faults &faults, const QString &text) {
        if (faults.count > 0) {
            defects.add(kind, {-1, static_cast<quint64>(faults.first)}, text, {}, faults.count);
        }
    };
    const auto lines = readLines(message);
    const bool isMixed = lines.lineFeedOnly.count < lines.all.count;
    add(DefectKind::LineFeedOnly,
        lines.lineFeedOnly,
        isMixed ? u"A line ends in LF, others in CRLF (RFC 5322 2.3); each is a line, and kept."_s
                : u"Lines end in LF, not in CRLF (RFC 5322 2.3). APPEND keeps them; import, "
                  "which reads files, makes them CRLF."_s);
    add(DefectKind::BareCarriageReturn,
        lines.bareReturns,
        u"A CR without LF (RFC 5322 2.3); it ends no line and is kept."_s);
    add(DefectKind::LongLine,
        lines.tooLong,
        u"A line has more than 998 octets (RFC 5322 2.1.1), at most %1; it is kept whole."_s.arg(
            lines.longest));
    if (const auto first = message.indexOf('\0'); first >= 0) {
        Faults nuls;
        nuls.add(first,
                 static_cast<quint64>(std::count(message.begin() + first, message.end(), '\0')));
        add(DefectKind::Nul,
            nuls,
            u"A NUL octet (RFC 5322 3.5, RFC 9051 4.3.1); only APPEND by literal8 takes it, "
            "in the body of a part, which becomes base64."_s);
    }
    if (!message.isEmpty() && !message.endsWith('\n')) {
        defects.add(DefectKind::NoLastLineEnd,
                    {-1, static_cast<quint64>(message.size())},
                    u"The last line has no line end, which no mail that was sent lacks "
                    "(RFC 5321 4.1.1.4); it is kept so, and counts as no line."_s);
    }
}

} // namespace Postnook::Mime
