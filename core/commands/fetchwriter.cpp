#include "core/commands/fetchwriter.h"

#include "core/commands/messagebytes.h"
#include "core/mime/messagescanner.h"
#include "core/wire/objectids.h"
#include "core/wire/responsewriter.h"
#include "core/wire/sequenceset.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// A job's output. 256 KiB keeps the wire busy for a while and costs 4,000 sessions 1 GiB at worst.
constexpr qsizetype ChunkBytes = 256LL * 1024;
// A body of up to this size is written in one piece even where it overfills the chunk a little.
constexpr qsizetype PieceBytes = 64LL * 1024;
// How many octets of messages a job reads and works on, however little it writes of them.
constexpr quint64 WorkBytes = 4ULL * 1024 * 1024;
// How many UIDs one range query asks for at most, so that a cheap query does not outlive its chunk.
constexpr qsizetype BatchMessages = 4096;

using Kind = FetchItem::Kind;

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
        return FetchChunk{m_out,
                          m_position,
                          m_position.span >= m_plan.spans.size(),
                          keywords(),
                          m_newest,
                          m_hasUndecodable};
    }

private:
    QByteArrayList keywords()
    {
        // Of a mailbox deleted meanwhile none can be new.
        return m_plan.items.contains(flagsItem())
            ? m_txn.keywords(m_plan.mailbox).value_or(QByteArrayList())
            : QByteArrayList();
    }

    bool isFull() const
    {
        return m_out.size() >= ChunkBytes || m_spent >= WorkBytes || m_isStopped;
    }

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
        auto visited =
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
                                     m_isStopped = isFull() || m_txn.isCancelled();
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
                    m_position = {.span = m_position.span, .index = it - begin};
                }
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
            ? FetchPosition{.span = span + 1}
            : FetchPosition{.span = span, .index = index + 1};
    }

    Result<void> writeMessage(const MessageRow &row)
    {
        MessageBytes bytes(m_txn, row);
        m_newest = std::max(m_newest, row.modSeq);
        if (!isInsideMessage(m_position)) {
            const auto number = static_cast<quint64>(m_position.index) + 1;
            m_writer.raw("* ").number(m_plan.isUidOnly ? row.uid.value : number);
            m_writer.raw(m_plan.isUidOnly ? " UIDFETCH (" : " FETCH (");
        }
        while (m_position.item < m_plan.items.size()) {
            // Not behind the opening alone: it would be written again by the next job.
            if (isInsideMessage(m_position) && isFull()) {
                m_isStopped = true;
                return {};
            }
            const auto spent = bytes.spent();
            auto written = writeItem(row, bytes, m_plan.items.at(m_position.item));
            m_spent += bytes.spent() - spent;
            if (!written || m_isStopped) {
                return written;
            }
            ++m_position.item;
            m_position.hasHead = false;
            m_position.sent = 0;
            m_position.decoding.reset();
        }
        if (!m_position.hasItems) {
            // Nothing of what was asked for can be said, and the list must not be empty.
            beginItem(uidItem());
            m_writer.number(row.uid.value);
        }
        m_writer.raw(")").crlf();
        return {};
    }

    ResponseWriter &beginItem(const FetchItem &item)
    {
        m_writer.raw(m_position.hasItems ? " " : "").raw(item.label).space();
        m_position.hasItems = true;
        return m_writer;
    }

    Result<void> writeItem(const MessageRow &row, MessageBytes &bytes, const FetchItem &item)
    {
        switch (item.kind) {
        case Kind::MessageUid:
            beginItem(item).number(row.uid.value);
            return {};
        case Kind::Flags:
            beginItem(item).flags(row.flags, contains(m_plan.recent, row.uid));
            return {};
        case Kind::MessageModSeq:
            beginItem(item).raw("(").number(row.modSeq.value).raw(")");
            return {};
        case Kind::EmailId:
            beginItem(item).raw("(").raw(emailObjectId(row.sha256, row.internalDate)).raw(")");
            return {};
        case Kind::ThreadObject: // NIL: not known yet (RFC 8474 5.2)
            beginItem(item).raw(row.thread ? '(' + threadObjectId(*row.thread) + ')' : "NIL");
            return {};
        case Kind::InternalDate:
            beginItem(item).dateTime(row.internalDate);
            return {};
        case Kind::SaveDate:
            beginItem(item).dateTime({row.saveDateUtc, 0});
            return {};
        case Kind::Size:
            beginItem(item).number(row.sizeBytes);
            return {};
        case Kind::Envelope:
            beginItem(item).raw(row.meta.envelope);
            return {};
        case Kind::Body:
            beginItem(item).raw(Mime::bodyFor(m_plan.version, row.meta.bodyStructure));
            return {};
        case Kind::BodyStructure:
            beginItem(item).raw(Mime::bodyStructureFor(m_plan.version, row.meta.bodyStructure));
            return {};
        case Kind::Preview:
        case Kind::LazyPreview:
            return writePreview(row, bytes, item);
        case Kind::BinarySize:
            return writeBinarySize(row, bytes, item);
        case Kind::Section:
        case Kind::Binary:
            break;
        }
        return writeSection(row, bytes, item);
    }

    // RFC 8970 3.2: only a lazy client may be told that it is not there yet.
    Result<void> writePreview(const MessageRow &row, MessageBytes &bytes, const FetchItem &item)
    {
        const bool isStored = row.meta.scannerVersion >= Mime::FirstVersionWithPreview;
        if (!isStored && item.kind == Kind::LazyPreview) {
            beginItem(item).raw("NIL");
            return {};
        }
        if (isStored) {
            beginItem(item).string(row.meta.preview);
            return {};
        }
        const auto meta = bytes.scan();
        if (!meta) {
            return meta.error();
        }
        beginItem(item).string(meta->preview);
        return {};
    }

    Result<void> writeBinarySize(const MessageRow &row, MessageBytes &bytes, const FetchItem &item)
    {
        const auto section = findSection(bytes, row, item);
        if (!section) {
            return section.error();
        }
        if (section->kind == SectionData::Kind::Undecodable) {
            m_hasUndecodable = true; // no number would be true
        } else {
            beginItem(item).number(section->size());
        }
        return {};
    }

    Result<void> writeSection(const MessageRow &row, MessageBytes &bytes, const FetchItem &item)
    {
        if (m_position.decoding) {
            return writeDecoded(bytes); // an earlier job has begun it
        }
        const auto section = findSection(bytes, row, item);
        if (!section) {
            return section.error();
        }
        if (!m_position.hasHead) {
            beginItem(item);
            if (section->kind == SectionData::Kind::Missing
                || section->kind == SectionData::Kind::Undecodable) {
                m_hasUndecodable =
                    m_hasUndecodable || section->kind == SectionData::Kind::Undecodable;
                m_writer.raw("NIL");
                return {};
            }
            m_writer.raw(section->hasNul ? "~" : "").literalHeader(section->size());
            m_position.hasHead = true;
        }
        if (section->decoding) {
            m_position.decoding = section->decoding;
            return writeDecoded(bytes);
        }
        if (section->kind == SectionData::Kind::Text) {
            m_out.append(section->text);
            return {};
        }
        return writeRange(bytes, section->range);
    }

    Result<void> writeRange(MessageBytes &bytes, const Mime::ByteRange &range)
    {
        while (m_position.sent < range.size) {
            if (m_out.size() >= ChunkBytes) {
                m_isStopped = true;
                return {};
            }
            const auto left =
                static_cast<qsizetype>(std::min<quint64>(range.size - m_position.sent, PieceBytes));
            const auto piece = bytes.read(range.offset + m_position.sent, left);
            if (!piece) {
                return piece.error();
            }
            m_out.append(*piece);
            m_position.sent += static_cast<quint64>(left);
        }
        return {};
    }

    Result<void> writeDecoded(MessageBytes &bytes)
    {
        while (m_position.decoding->left > 0) {
            if (m_out.size() >= ChunkBytes) {
                m_isStopped = true;
                return {};
            }
            const auto piece = decodeNext(bytes, *m_position.decoding, PieceBytes);
            if (!piece) {
                return piece.error();
            }
            m_out.append(*piece);
        }
        return {};
    }

    ReadTxn &m_txn;
    const FetchPlan &m_plan;
    FetchPosition m_position;
    QByteArray m_out;
    ResponseWriter m_writer;
    std::pair<qsizetype, qsizetype> m_batchEnd;
    quint64 m_spent = 0; // octets of messages
    bool m_isStopped = false; // the chunk is full, or the session is gone
    ModSeq m_newest;
    bool m_hasUndecodable = false;
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
