#include "core/commands/fetchwriter.h"

#include "core/mime/messagescanner.h"
#include "core/mime/parttree.h"
#include "core/wire/responsewriter.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// A job's output. 256 KiB keeps the wire busy for a while and costs 4,000 sessions 1 GiB at worst.
constexpr qsizetype ChunkBytes = 256 * 1024;
// A body of up to this size is written in one piece even where it overfills the chunk a little.
constexpr qsizetype PieceBytes = 64 * 1024;
// How many UIDs one range query asks for at most, so that a cheap query does not outlive its chunk.
constexpr qsizetype BatchMessages = 4096;

using Kind = FetchItem::Kind;

bool isIn(const UidRanges &ranges, Uid uid)
{
    return std::any_of(ranges.begin(), ranges.end(), [uid](const UidRange &range) {
        return range.first <= uid && uid <= range.last;
    });
}

// The bytes a section stands for: a range of the message, or text made from its header.
struct SectionBytes {
    bool exists = false;
    bool isText = false;
    QByteArray text;
    Mime::ByteRange range;

    quint64 size() const { return isText ? static_cast<quint64>(text.size()) : range.size; }
};

SectionBytes cutToPartial(SectionBytes section, const std::optional<FetchItem::Partial> &partial)
{
    if (!partial || !section.exists) {
        return section;
    }
    const quint64 offset = std::min(partial->offset, section.size());
    const quint64 size = std::min(partial->size, section.size() - offset);
    if (section.isText) {
        section.text =
            section.text.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    } else {
        section.range = {section.range.offset + offset, size};
    }
    return section;
}

// Writes the responses of one job.
class ChunkWriter
{
public:
    ChunkWriter(ReadTxn &txn, const FetchPlan &plan, const FetchPosition &position)
        : m_txn(txn)
        , m_plan(plan)
        , m_position(position)
        , m_writer(m_out)
    {
        m_out.reserve(ChunkBytes + PieceBytes);
    }

    Result<FetchChunk> run()
    {
        while (m_position.span < m_plan.spans.size() && !isFull()) {
            const auto written = writeBatch();
            if (!written) {
                return written.error();
            }
        }
        return FetchChunk{m_out, m_position, m_position.span >= m_plan.spans.size(), keywords()};
    }

private:
    QByteArrayList keywords()
    {
        // Of a mailbox deleted meanwhile none can be new.
        return m_plan.items.contains(flagsItem())
            ? m_txn.keywords(m_plan.mailbox).value_or(QByteArrayList())
            : QByteArrayList();
    }

    bool isFull() const { return m_out.size() >= ChunkBytes || m_isStopped; }

    // Takes as many spans, or as much of one, as make a batch.
    UidRanges nextRanges()
    {
        UidRanges ranges;
        qsizetype count = 0;
        qsizetype index = m_position.index;
        for (qsizetype s = m_position.span; s < m_plan.spans.size() && count < BatchMessages; ++s) {
            const IndexSpan &span = m_plan.spans.at(s);
            const qsizetype first = std::max(span.first, index);
            const qsizetype last = std::min(span.last, first + BatchMessages - count - 1);
            ranges.append({m_plan.viewUids.at(first), m_plan.viewUids.at(last)});
            count += last - first + 1;
            m_batchEnd = {s, last};
            index = -1;
        }
        return ranges;
    }

    Result<void> writeBatch()
    {
        const UidRanges ranges = nextRanges();
        Result<void> failure;
        m_isStopped = false;
        const auto visited =
            m_txn.forEachMessage(m_plan.mailbox,
                                 ranges,
                                 columnsFor(m_plan.items),
                                 m_plan.includeExpunged,
                                 [&](const MessageRow &row) {
                                     if (!moveTo(row.uid)) {
                                         return true; // a row the client was told is gone
                                     }
                                     failure = writeMessage(row);
                                     if (!failure || m_isStopped) {
                                         return false;
                                     }
                                     advance();
                                     m_isStopped =
                                         m_out.size() >= ChunkBytes || m_txn.isCancelled();
                                     return !m_isStopped;
                                 });
        if (!failure) {
            return failure;
        }
        if (!visited) {
            return visited;
        }
        if (!m_isStopped) {
            skipPast(m_batchEnd);
        }
        return {};
    }

    // Puts the position on a message of the plan; false when the client does not have it.
    bool moveTo(Uid uid)
    {
        while (m_position.span < m_plan.spans.size()) {
            const IndexSpan &span = m_plan.spans.at(m_position.span);
            const qsizetype from = std::max(span.first, m_position.index);
            const auto begin = m_plan.viewUids.begin();
            const auto it = std::lower_bound(begin + from, begin + span.last + 1, uid);
            if (it != begin + span.last + 1) {
                if (it - begin != m_position.index) {
                    m_position.item = 0;
                    m_position.hasHead = false;
                    m_position.sent = 0;
                }
                m_position.index = it - begin;
                return *it == uid;
            }
            ++m_position.span;
            m_position.index = -1;
        }
        return false;
    }

    void advance() { skipPast({m_position.span, m_position.index}); }

    void skipPast(std::pair<qsizetype, qsizetype> message)
    {
        const auto [span, index] = message;
        m_position = index == m_plan.spans.at(span).last
            ? FetchPosition{span + 1, -1, 0, false, 0}
            : FetchPosition{span, index + 1, 0, false, 0};
    }

    Result<void> writeMessage(const MessageRow &row)
    {
        m_content.reset();
        m_tree.reset();
        if (!isInsideMessage(m_position)) {
            m_writer.raw("* ").number(static_cast<quint64>(m_position.index) + 1).raw(" FETCH (");
        }
        while (m_position.item < m_plan.items.size()) {
            // Not behind the opening alone: it would be written again by the next job.
            if (isInsideMessage(m_position) && m_out.size() >= ChunkBytes) {
                m_isStopped = true;
                return {};
            }
            const FetchItem &item = m_plan.items.at(m_position.item);
            if (!m_position.hasHead) {
                m_writer.raw(m_position.item == 0 ? "" : " ").raw(item.label).space();
            }
            const auto written =
                item.kind == Kind::Section ? writeSection(row, item) : writeValue(row, item.kind);
            if (!written || m_isStopped) {
                return written;
            }
            ++m_position.item;
            m_position.hasHead = false;
            m_position.sent = 0;
        }
        m_writer.raw(")").crlf();
        return {};
    }

    Result<void> writeValue(const MessageRow &row, Kind kind)
    {
        switch (kind) {
        case Kind::MessageUid:
            m_writer.number(row.uid.value);
            break;
        case Kind::Flags:
            m_writer.flags(row.flags, isIn(m_plan.recent, row.uid));
            break;
        case Kind::InternalDate:
            m_writer.dateTime(row.internalDate);
            break;
        case Kind::SaveDate:
            m_writer.dateTime({row.saveDateUtc, 0});
            break;
        case Kind::Size:
            m_writer.number(row.sizeBytes);
            break;
        case Kind::Envelope:
            m_writer.raw(row.meta.envelope);
            break;
        case Kind::Body:
            m_writer.raw(Mime::bodyWithoutExtensions(row.meta.bodyStructure));
            break;
        case Kind::BodyStructure:
            m_writer.raw(Mime::bodyStructureForRev1(row.meta.bodyStructure));
            break;
        case Kind::Section:
            break;
        }
        return {};
    }

    Result<void> writeSection(const MessageRow &row, const FetchItem &item)
    {
        const auto located = locate(row, item);
        if (!located) {
            return located.error();
        }
        const SectionBytes section = cutToPartial(*located, item.partial);
        if (!section.exists) {
            m_writer.raw("NIL");
            return {};
        }
        if (!m_position.hasHead) {
            m_writer.literalHeader(section.size());
            m_position.hasHead = true;
        }
        return section.isText ? writeText(section.text) : writeRange(row, section.range);
    }

    Result<void> writeText(const QByteArray &text)
    {
        m_out.append(text);
        return {};
    }

    Result<void> writeRange(const MessageRow &row, const Mime::ByteRange &range)
    {
        while (m_position.sent < range.size) {
            if (m_out.size() >= ChunkBytes) {
                m_isStopped = true;
                return {};
            }
            const auto left =
                static_cast<qsizetype>(std::min<quint64>(range.size - m_position.sent, PieceBytes));
            const auto bytes = read(row, range.offset + m_position.sent, left);
            if (!bytes) {
                return bytes.error();
            }
            m_out.append(*bytes);
            m_position.sent += static_cast<quint64>(left);
        }
        return {};
    }

    Result<QByteArray> read(const MessageRow &row, quint64 offset, qsizetype size)
    {
        if (!m_content) {
            auto content = m_txn.content(row.content);
            if (!content) {
                return content.error();
            }
            m_content = std::move(*content);
        }
        auto bytes = m_content->read(offset, size);
        if (bytes && bytes->size() != size) {
            return Error{
                ErrorCode::Corrupt,
                QStringLiteral("message UID %1 is shorter than its row says").arg(row.uid.value)};
        }
        return bytes;
    }

    Result<SectionBytes> locate(const MessageRow &row, const FetchItem &item)
    {
        SectionBytes section;
        std::optional<Mime::ByteRange> range;
        if (item.section.part.isEmpty()) {
            range = rootRange(row, item.section.kind);
        } else {
            if (!m_tree) {
                const auto tree = Mime::PartTree::fromBytes(row.meta.parts);
                if (!tree) {
                    return tree.error();
                }
                m_tree = *tree;
            }
            range = m_tree->locate(item.section, row.sizeBytes);
        }
        if (!range) {
            return section;
        }
        section.exists = true;
        section.range = *range;
        using SectionKind = Mime::Section::Kind;
        const SectionKind kind = item.section.kind;
        if (kind == SectionKind::HeaderFields || kind == SectionKind::HeaderFieldsNot) {
            const auto header = read(row, range->offset, static_cast<qsizetype>(range->size));
            if (!header) {
                return header.error();
            }
            section.isText = true;
            section.text = Mime::filterHeader(
                *header, item.section.fields, kind == SectionKind::HeaderFieldsNot);
        }
        return section;
    }

    // The message itself needs no part tree: its header's size is in the row.
    static std::optional<Mime::ByteRange> rootRange(const MessageRow &row, Mime::Section::Kind kind)
    {
        switch (kind) {
        case Mime::Section::Kind::Whole:
            return Mime::ByteRange{0, row.sizeBytes};
        case Mime::Section::Kind::Header:
        case Mime::Section::Kind::HeaderFields:
        case Mime::Section::Kind::HeaderFieldsNot:
            return Mime::ByteRange{0, row.meta.headerSize};
        case Mime::Section::Kind::Text:
            return Mime::ByteRange{row.meta.headerSize, row.sizeBytes - row.meta.headerSize};
        case Mime::Section::Kind::Mime:
            break;
        }
        return std::nullopt;
    }

    ReadTxn &m_txn;
    const FetchPlan &m_plan;
    FetchPosition m_position;
    QByteArray m_out;
    ResponseWriter m_writer;
    std::unique_ptr<ContentReader> m_content; // of the message being written, once needed
    std::optional<Mime::PartTree> m_tree; // likewise
    std::pair<qsizetype, qsizetype> m_batchEnd;
    bool m_isStopped = false; // the chunk is full, or the session is gone
};

} // namespace

Result<FetchChunk>
writeFetchChunk(ReadTxn &txn, const FetchPlan &plan, const FetchPosition &position)
{
    return ChunkWriter(txn, plan, position).run();
}

bool isInsideMessage(const FetchPosition &position)
{
    return position.item > 0 || position.hasHead;
}

} // namespace Postnook
