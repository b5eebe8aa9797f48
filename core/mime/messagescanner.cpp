#include "core/mime/messagescanner.h"

#include "core/mime/basesubject.h"
#include "core/mime/bodystructurewriter.h"
#include "core/mime/boundarymatcher.h"
#include "core/mime/envelopewriter.h"
#include "core/mime/headerfields.h"
#include "core/mime/linesplitter.h"
#include "core/mime/messageids.h"
#include "core/mime/messagetext.h"
#include "core/mime/partheader.h"
#include "core/mime/preview.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace Postnook::Mime
{

// The parts around the current byte are a stack, outermost first. The last one is in its header
// until an empty line or a delimiter comes, then in its body. Once no multipart is around, nothing
// but the number of lines is to be found out.
//
// Where the RFCs leave it open:
// - A multipart in which no part begins (no boundary parameter, or it never appears) has one
//   text/plain part, its whole body: the grammar wants one, and people can read it.
// - A part that would go deeper than MaxDepth, or that is number MaxParts, is a leaf; a multipart
//   or message there is shown as application/octet-stream, and so is a multipart before it, since
//   it may need a part that no delimiter begins. After part number MaxParts no delimiter is looked
//   at: it runs to the end of the message.
// - Lines are counted by their LF. The line end before a delimiter belongs to the delimiter
//   (RFC 2046 5.1.1), so a part "one" has no line, and one whose header is followed by a delimiter
//   at once has a header without an empty line, and no body.
struct MessageScanner::State {
    struct Open {
        qsizetype part = 0;
        quint32 linesBefore = 0; // its body
        bool isDigest = false;
        bool hasParts = false;
        bool isOpaque = false; // at a limit: delimiters in it are unknown
    };

    State() { beginPart(-1, 0); }

    void feed(QByteArrayView chunk);
    MessageMeta finish();

    void keepHead(QByteArrayView piece);
    void handleLine(const Line &line);
    void handleDelimiter(const Line &line, BoundaryMatcher::Match match);
    void beginPart(qint32 parent, quint64 offset);
    void addPart(qint32 parent, quint64 offset);
    void applyHeader(qsizetype index, const PartHeader &partHeader);
    void endHeader(quint64 end, quint32 linesHere);
    void beginHead(const Part &part);
    void readListKeys();
    QByteArray preview(const PartTree &tree) const;
    void closeDownTo(qsizetype openParts, quint64 end, quint32 linesHere);
    void closeLast(quint64 end, quint32 linesHere);

    LineSplitter splitter;
    BoundaryMatcher boundaries; // by index in `open`
    QList<Part> parts;
    QList<PartDescription> descriptions;
    QList<Open> open;

    bool inHeader = false;
    QByteArray header; // of the last open part, up to MaxHeaderBytes
    qsizetype headerBefore = 0; // its size before the current line
    quint32 lines = 0; // ended so far
    unsigned lineEndBefore = 0; // of the line before, where a delimiter may take it

    // The beginning of a text, for the preview; perhaps with a delimiter behind its end.
    struct Head {
        quint64 offset = 0;
        QByteArray bytes;
    };
    QList<Head> heads;
    bool keepsHead = false; // what comes belongs to the last one
    MessageMeta meta;
};

void MessageScanner::State::feed(QByteArrayView chunk)
{
    while (!chunk.isEmpty()) {
        if (!inHeader && boundaries.isEmpty()) {
            keepHead(chunk);
            lines += static_cast<quint32>(std::count(chunk.begin(), chunk.end(), '\n'));
            splitter.skip(static_cast<quint64>(chunk.size()));
            return;
        }
        const auto piece = splitter.take(chunk);
        if (inHeader) {
            header.append(
                piece.first(std::min<qsizetype>(piece.size(), MaxHeaderBytes - header.size())));
        } else {
            keepHead(piece);
        }
        if (splitter.isComplete()) {
            handleLine(splitter.line());
        }
    }
}

void MessageScanner::State::keepHead(QByteArrayView piece)
{
    if (keepsHead) {
        auto &bytes = heads.last().bytes;
        bytes.append(piece.first(std::min(piece.size(), MaxPreviewBytes - bytes.size())));
        keepsHead = bytes.size() < MaxPreviewBytes;
    }
}

void MessageScanner::State::handleLine(const Line &line)
{
    const unsigned ended = line.endSize > 0 ? 1 : 0;
    if (const auto match = boundaries.match(line, !open.last().isOpaque)) {
        handleDelimiter(line, *match);
        lines += ended;
        return;
    }
    lines += ended;
    lineEndBefore = line.endSize;
    if (inHeader) {
        headerBefore = header.size();
        if (line.isEmpty()) {
            endHeader(line.offset + line.size, lines);
            lineEndBefore = line.endSize;
        }
    }
}

void MessageScanner::State::handleDelimiter(const Line &line, BoundaryMatcher::Match match)
{
    if (inHeader) {
        header.truncate(headerBefore);
    }
    const bool keptHead = std::exchange(keepsHead, false);
    closeDownTo(match.level + 1, line.offset - lineEndBefore, lines - (lineEndBefore > 0 ? 1 : 0));
    if (match.closing) {
        boundaries.close(match.level);
        lineEndBefore = line.endSize; // an outer delimiter may follow at once
        keepsHead = keptHead && !open.last().hasParts; // its one part reaches to its end
    } else {
        auto &multipart = open.last();
        if (!multipart.hasParts && !heads.isEmpty()
            && heads.last().offset == parts.at(multipart.part).body.offset) {
            heads.removeLast(); // its preamble
        }
        multipart.hasParts = true;
        beginPart(static_cast<qint32>(multipart.part), line.offset + line.size);
    }
}

void MessageScanner::State::beginPart(qint32 parent, quint64 offset)
{
    open.append(Open{.part = parts.size()});
    addPart(parent, offset);
    inHeader = true;
    header.clear();
    headerBefore = 0;
    lineEndBefore = 0;
}

void MessageScanner::State::addPart(qint32 parent, quint64 offset)
{
    Part part;
    part.header.offset = offset;
    part.parent = parent;
    parts.append(std::move(part));
    descriptions.emplaceBack();
}

void MessageScanner::State::applyHeader(qsizetype index, const PartHeader &partHeader)
{
    auto &part = parts[index];
    part.type = partHeader.partType();
    part.mediaType = partHeader.mediaType();
    part.charset = partHeader.charset();
    part.encoding = partHeader.encoding.toLower();
    part.name = partHeader.attachmentName();
    part.isAttachment = isSameName(partHeader.disposition, "attachment");
    descriptions[index] = describePart(partHeader);
}

// The body of the last open part starts at `end`.
void MessageScanner::State::endHeader(quint64 end, quint32 linesHere)
{
    const auto level = open.size() - 1;
    auto &last = open.last();
    auto &part = parts[last.part];
    const bool isMessage = part.parent < 0 || parts[part.parent].type == Part::Type::Message;

    auto partHeader = parsePartHeader(header, level > 0 && open[level - 1].isDigest);
    const auto lastParent =
        partHeader.partType() == Part::Type::Multipart ? MaxParts - 2 : MaxParts - 1;
    if (partHeader.partType() != Part::Type::Leaf
        && (open.size() >= MaxDepth || parts.size() > lastParent)) {
        partHeader.setOpaque();
        last.isOpaque = true;
    }
    applyHeader(last.part, partHeader);
    if (isMessage) {
        descriptions[last.part].envelope = writeEnvelope(header);
    }
    part.header.offset = std::min(part.header.offset, end); // as in closeLast()
    part.header.size = end - part.header.offset;
    part.body.offset = end;
    last.linesBefore = linesHere;
    last.isDigest = part.mediaType == "multipart/digest";

    if (part.parent < 0) {
        readListKeys();
    }
    inHeader = false;
    header.clear();
    lineEndBefore = 0;
    beginHead(part);
    if (parts.size() >= MaxParts) {
        boundaries.clear();
    } else if (part.type == Part::Type::Multipart) {
        boundaries.open(level, partHeader.boundary());
    } else if (part.type == Part::Type::Message) {
        last.hasParts = true;
        beginPart(static_cast<qint32>(last.part), end);
    }
}

// Of a multipart too: should no part begin in it, its body is a text.
void MessageScanner::State::beginHead(const Part &part)
{
    const bool mayBeText = part.type == Part::Type::Multipart
        || (part.type == Part::Type::Leaf && part.mediaType.startsWith("text/"));
    keepsHead = mayBeText && heads.size() < MaxPreviewParts;
    if (keepsHead) {
        heads.append(Head{.offset = part.body.offset, .bytes = {}});
    }
}

// RFC 5256 2.1, 2.2, 3: from the first field of each name.
void MessageScanner::State::readListKeys()
{
    ThreadKeyReader threadKeys;
    bool hasDate = false;
    bool hasSubject = false;
    HeaderField field;
    for (HeaderReader reader(header); reader.next(field);) {
        threadKeys.read(field);
        if (!hasDate && isSameName(field.name, "date")) {
            hasDate = true;
            if (const auto date = parseHeaderDate(field.value)) {
                meta.sentDate = {date->secondsUtc, date->zoneMinutes};
            }
        } else if (!hasSubject && isSameName(field.name, "subject")) {
            hasSubject = true;
            auto base = baseSubject(unfolded(field.value));
            meta.baseSubject = std::move(base.text);
            meta.isReply = base.isReplyOrForward;
        }
    }
    meta.messageId = threadKeys.messageId();
    meta.references = threadKeys.references();
}

QByteArray MessageScanner::State::preview(const PartTree &tree) const
{
    return previewText(tree, [this](quint64 offset, quint64 size) {
        const auto head = std::find_if(
            heads.begin(), heads.end(), [offset](const Head &h) { return h.offset == offset; });
        return head == heads.end() ? QByteArray()
                                   : head->bytes.left(static_cast<qsizetype>(std::min<quint64>(
                                       size, static_cast<quint64>(MaxPreviewBytes))));
    });
}

// Ends all parts but the outermost `openParts`.
void MessageScanner::State::closeDownTo(qsizetype openParts, quint64 end, quint32 linesHere)
{
    while (inHeader) {
        endHeader(end, linesHere); // of a message: its message begins here, and ends
    }
    while (open.size() > openParts) {
        closeLast(end, linesHere);
    }
    boundaries.dropFrom(openParts);
}

void MessageScanner::State::closeLast(quint64 end, quint32 linesHere)
{
    const auto last = open.takeLast();
    auto &part = parts[last.part];
    if (end < part.body.offset) { // the delimiter took the empty line of the header
        part.header.size = end - part.header.offset;
        part.body.offset = end;
    }
    part.body.size = end - part.body.offset;
    part.bodyLines = part.body.size > 0 ? linesHere - last.linesBefore : 0;
    if (part.type == Part::Type::Multipart && !last.hasParts) {
        const auto body = part.body;
        const auto bodyLines = part.bodyLines;
        addPart(static_cast<qint32>(last.part), body.offset);
        parts.last().body = body;
        parts.last().bodyLines = bodyLines;
        applyHeader(parts.size() - 1, parsePartHeader({}, false));
    }
}

MessageMeta MessageScanner::State::finish()
{
    if (splitter.takeLast()) {
        handleLine(splitter.line());
    }
    closeDownTo(0, splitter.offset(), lines);

    PartTree tree;
    for (auto &part : parts) {
        tree.append(std::move(part));
    }
    constexpr quint64 MaxHeaderSize = std::numeric_limits<quint32>::max();
    meta.headerSize =
        static_cast<quint32>(std::min(tree.parts().first().header.size, MaxHeaderSize));
    meta.scannerVersion = ScannerVersion;
    meta.envelope = descriptions.first().envelope;
    meta.bodyStructure = writeBodyStructure(tree, descriptions);
    meta.parts = tree.toBytes();
    meta.preview = preview(tree);
    return std::move(meta);
}

MessageScanner::MessageScanner()
    : m_state(std::make_unique<State>())
{
}
MessageScanner::~MessageScanner() = default;
MessageScanner::MessageScanner(MessageScanner &&) noexcept = default;
MessageScanner &MessageScanner::operator=(MessageScanner &&) noexcept = default;

void MessageScanner::feed(QByteArrayView chunk)
{
    m_state->feed(chunk);
}

MessageMeta MessageScanner::finish()
{
    return m_state->finish();
}

MessageMeta scanMessage(QByteArrayView message)
{
    MessageScanner scanner;
    scanner.feed(message);
    return scanner.finish();
}

} // namespace Postnook::Mime
