#include "storage/sqlite/messagequeries.h"

#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/threadindex.h"

namespace Postnook::Sqlite
{

struct RowQueries {
    Sql rows;
    Sql rowsAndExpunged;
};

namespace
{

// The columns that every query of forEachMessage() gives, in this order.
enum Column {
    Id,
    ModSequence,
    Flags,
    KeywordSet,
    InternalSeconds,
    Zone,
    SaveDate,
    Content,
    IsExpunged,
    ContentSize,
    HeaderSize,
    Envelope,
    Structure,
    Parts,
    Preview,
    BaseSubject,
    IsReply,
    SentSeconds,
    SentZone,
    ScannerVersion,
    MessageId,
    References,
    Sha256,
    Thread,
};

constexpr MessageColumns ContentColumns = MessageColumn::Size | MessageColumn::Envelope
    | MessageColumn::Structure | MessageColumn::Parts | MessageColumn::Preview
    | MessageColumn::SortKeys | MessageColumn::ThreadKeys | MessageColumn::ObjectIds;

// Those that content_keys has, an index that is much smaller than the table.
constexpr MessageColumns KeyColumns =
    MessageColumn::Size | MessageColumn::SortKeys | MessageColumn::ThreadKeys;

constexpr RowQueries NarrowRows{
    "SELECT id, modseq, flags, keyword_set_id, internal_date, zone, save_date,"
    " content_id, 0 FROM message WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
    "SELECT id, modseq, flags, keyword_set_id, internal_date, zone, save_date, content_id, 0"
    " FROM message WHERE id BETWEEN ?1 AND ?2"
    " UNION ALL "
    "SELECT id, modseq, flags, keyword_set_id, internal_date, zone, save_date, content_id, 1"
    " FROM expunged WHERE id BETWEEN ?1 AND ?2 AND content_id IS NOT NULL ORDER BY 1",
};
constexpr RowQueries KeyRows{
    "SELECT m.id, m.modseq, m.flags, m.keyword_set_id, m.internal_date, m.zone, m.save_date,"
    " m.content_id, 0, c.size, c.header_size, NULL, NULL, NULL, NULL, c.base_subject, c.is_reply,"
    " c.sent_date, c.sent_zone, c.scanner_version, c.message_id, c.reference_ids, NULL, NULL"
    " FROM message m CROSS JOIN content c INDEXED BY content_keys ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id",
    "SELECT m.id, m.modseq, m.flags, m.keyword_set_id, m.internal_date, m.zone, m.save_date,"
    " m.content_id, 0, c.size, c.header_size, NULL, NULL, NULL, NULL, c.base_subject, c.is_reply,"
    " c.sent_date, c.sent_zone, c.scanner_version, c.message_id, c.reference_ids, NULL, NULL"
    " FROM message m CROSS JOIN content c INDEXED BY content_keys ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2"
    " UNION ALL "
    "SELECT m.id, m.modseq, m.flags, m.keyword_set_id, m.internal_date, m.zone, m.save_date,"
    " m.content_id, 1, c.size, c.header_size, NULL, NULL, NULL, NULL, c.base_subject, c.is_reply,"
    " c.sent_date, c.sent_zone, c.scanner_version, c.message_id, c.reference_ids, NULL, NULL"
    " FROM expunged m CROSS JOIN content c INDEXED BY content_keys ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2 ORDER BY 1",
};
// CASE keeps SQLite from reading the large columns nobody asked for.
constexpr RowQueries WideRows{
    "SELECT m.id, m.modseq, m.flags, m.keyword_set_id, m.internal_date, m.zone, m.save_date,"
    " m.content_id, 0, c.size, c.header_size, CASE WHEN ?3 THEN c.envelope END,"
    " CASE WHEN ?4 THEN c.structure END, CASE WHEN ?5 THEN c.parts END,"
    " CASE WHEN ?6 THEN c.preview END, CASE WHEN ?7 THEN c.base_subject END, c.is_reply,"
    " c.sent_date, c.sent_zone, c.scanner_version, CASE WHEN ?8 THEN c.message_id END,"
    " CASE WHEN ?8 THEN c.reference_ids END, CASE WHEN ?9 THEN c.sha256 END,"
    " CASE WHEN ?9 THEN c.thread_id END"
    " FROM message m CROSS JOIN content c ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id",
    "SELECT m.id, m.modseq, m.flags, m.keyword_set_id, m.internal_date, m.zone, m.save_date,"
    " m.content_id, 0, c.size, c.header_size, CASE WHEN ?3 THEN c.envelope END,"
    " CASE WHEN ?4 THEN c.structure END, CASE WHEN ?5 THEN c.parts END,"
    " CASE WHEN ?6 THEN c.preview END, CASE WHEN ?7 THEN c.base_subject END, c.is_reply,"
    " c.sent_date, c.sent_zone, c.scanner_version, CASE WHEN ?8 THEN c.message_id END,"
    " CASE WHEN ?8 THEN c.reference_ids END, CASE WHEN ?9 THEN c.sha256 END,"
    " CASE WHEN ?9 THEN c.thread_id END"
    " FROM message m CROSS JOIN content c ON c.id = m.content_id WHERE m.id BETWEEN ?1 AND ?2"
    " UNION ALL "
    "SELECT m.id, m.modseq, m.flags, m.keyword_set_id, m.internal_date, m.zone, m.save_date,"
    " m.content_id, 1, c.size, c.header_size, CASE WHEN ?3 THEN c.envelope END,"
    " CASE WHEN ?4 THEN c.structure END, CASE WHEN ?5 THEN c.parts END,"
    " CASE WHEN ?6 THEN c.preview END, CASE WHEN ?7 THEN c.base_subject END, c.is_reply,"
    " c.sent_date, c.sent_zone, c.scanner_version, CASE WHEN ?8 THEN c.message_id END,"
    " CASE WHEN ?8 THEN c.reference_ids END, CASE WHEN ?9 THEN c.sha256 END,"
    " CASE WHEN ?9 THEN c.thread_id END"
    " FROM expunged m CROSS JOIN content c ON c.id = m.content_id WHERE m.id BETWEEN ?1 AND ?2"
    " ORDER BY 1",
};

const RowQueries &queriesFor(MessageColumns columns)
{
    const auto ofContent = columns & ContentColumns;
    if (ofContent == MessageColumns()) {
        return NarrowRows;
    }
    return (ofContent & ~KeyColumns) == MessageColumns() ? KeyRows : WideRows;
}

void fillContentColumns(MessageRow &row, const Statement &from, MessageColumns columns)
{
    row.sizeBytes = static_cast<quint64>(from.integer(ContentSize));
    row.meta.headerSize = static_cast<quint32>(from.integer(HeaderSize));
    row.meta.scannerVersion = static_cast<quint16>(from.integer(ScannerVersion));
    if (columns & MessageColumn::Envelope) {
        row.meta.envelope = from.bytes(Envelope);
    }
    if (columns & MessageColumn::Structure) {
        row.meta.bodyStructure = from.bytes(Structure);
    }
    if (columns & MessageColumn::Parts) {
        row.meta.parts = from.bytes(Parts);
    }
    if (columns & MessageColumn::Preview) {
        row.meta.preview = from.bytes(Preview);
    }
    if (columns & MessageColumn::SortKeys) {
        row.meta.baseSubject = from.bytes(BaseSubject);
        row.meta.isReply = from.integer(IsReply) != 0;
        if (!from.isNull(SentSeconds)) {
            row.meta.sentDate = {from.integer(SentSeconds),
                                 static_cast<int>(from.integer(SentZone))};
        }
    }
    if (columns & MessageColumn::ThreadKeys) {
        row.meta.messageId = from.bytes(MessageId);
        row.meta.references = splitIds(from.view(References));
    }
    if (columns & MessageColumn::ObjectIds) {
        row.sha256 = from.bytes(Sha256);
        if (!from.isNull(Thread)) {
            row.thread = from.number<ThreadId>(Thread);
        }
    }
}

} // namespace

MessageQuery::MessageQuery(MessageColumns columns, bool includeExpunged)
    : m_columns(columns)
    , m_queries(queriesFor(columns))
    , m_includeExpunged(includeExpunged)
{
}

Sql MessageQuery::sql() const
{
    return m_includeExpunged ? m_queries.rowsAndExpunged : m_queries.rows;
}

void MessageQuery::bind(Statement &rows) const
{
    if (&m_queries == &WideRows) {
        rows.bind(3, m_columns.testFlag(MessageColumn::Envelope));
        rows.bind(4, m_columns.testFlag(MessageColumn::Structure));
        rows.bind(5, m_columns.testFlag(MessageColumn::Parts));
        rows.bind(6, m_columns.testFlag(MessageColumn::Preview));
        rows.bind(7, m_columns.testFlag(MessageColumn::SortKeys));
        rows.bind(8, m_columns.testFlag(MessageColumn::ThreadKeys));
        rows.bind(9, m_columns.testFlag(MessageColumn::ObjectIds));
    }
}

MessageRow MessageQuery::row(const Statement &rows) const
{
    MessageRow row;
    row.uid = uidOfRow(rows.integer(Id));
    row.modSeq = rows.number<ModSeq>(ModSequence);
    row.flags.system = systemFlagsOf(rows.integer(Flags));
    row.expunged = rows.integer(IsExpunged) != 0;
    row.internalDate = {rows.integer(InternalSeconds), static_cast<int>(rows.integer(Zone))};
    row.saveDateUtc = rows.integer(SaveDate);
    row.content = rows.number<ContentId>(Content);
    if (&m_queries != &NarrowRows) {
        fillContentColumns(row, rows, m_columns);
    }
    return row;
}

qint64 MessageQuery::keywordSet(const Statement &rows)
{
    return rows.integer(KeywordSet);
}

} // namespace Postnook::Sqlite
