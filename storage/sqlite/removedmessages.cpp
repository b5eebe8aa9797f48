#include "storage/sqlite/removedmessages.h"

#include "storage/sqlite/mailreader.h"
#include "storage/sqlite/mailschema.h"

namespace Postnook::Sqlite
{

namespace
{

enum Column {
    RemovedAt,
    Id,
    Flags,
    KeywordSet,
    InternalSeconds,
    Zone,
    SaveDate,
    Content,
    ContentSize,
    Envelope,
    MailboxText,
    MailboxDeletedAt,
    MailboxUse,
    HasCopy,
};

// From the end of the index on, so that a page costs what it holds. Of a text that was removed more
// than a thousand times not all are looked at. What was moved on counts as a copy too: its way ends
// at a message, or at one that was removed later and is given as well.
constexpr Sql Rows(
    "SELECT e.expunged_at, e.id, e.flags, e.keyword_set_id, e.internal_date, e.zone, e.save_date,"
    " e.content_id, c.size, c.envelope, b.name, b.deleted_at, b.special_use,"
    " EXISTS (SELECT 1 FROM message m WHERE m.content_id = e.content_id) OR (?4 IS NULL AND EXISTS"
    "  (SELECT 1 FROM (SELECT mailbox_id, save_date, expunged_at FROM expunged"
    "   WHERE content_id = e.content_id LIMIT 1000) o WHERE o.mailbox_id <> e.mailbox_id"
    "   AND o.save_date <= e.expunged_at AND o.expunged_at > e.expunged_at))"
    " FROM expunged e INDEXED BY expunged_whole"
    " CROSS JOIN mailbox b ON b.id = e.mailbox_id CROSS JOIN content c ON c.id = e.content_id"
    " WHERE e.content_id IS NOT NULL AND e.moved = 0 AND (e.expunged_at, e.id) < (?1, ?2)"
    " AND e.expunged_at >= ?3 AND (?4 IS NULL OR b.name = ?4)"
    " ORDER BY e.expunged_at DESC, e.id DESC LIMIT ?5");

} // namespace

Result<QList<RemovedMessage>> readRemovedMessages(MailReader &reader, const RemovedQuery &query)
{
    QList<RemovedMessage> removed;
    auto rows = reader.database().statement(Rows,
                                            query.afterRemovedAtUtc,
                                            rowId(query.afterMailbox, query.afterUid),
                                            query.sinceUtc,
                                            query.mailbox,
                                            query.limit);
    while (rows.next()) {
        RemovedMessage message;
        message.removedAtUtc = rows.integer(RemovedAt);
        message.mailbox = mailboxOfRow(rows.integer(Id));
        message.mailboxName = MailboxName(rows.bytes(MailboxText));
        message.isMailboxDeleted = !rows.isNull(MailboxDeletedAt);
        message.mailboxUse = static_cast<SpecialUse>(rows.integer(MailboxUse));
        message.uid = uidOfRow(rows.integer(Id));
        message.flags.system =
            SystemFlags::fromInt(static_cast<SystemFlags::Int>(rows.integer(Flags)));
        auto keywords = reader.keywordSets().names(rows.integer(KeywordSet));
        if (!keywords) {
            return keywords.error();
        }
        message.flags.keywords = std::move(*keywords);
        message.internalDate = {rows.integer(InternalSeconds),
                                static_cast<int>(rows.integer(Zone))};
        message.saveDateUtc = rows.integer(SaveDate);
        message.content = rows.number<ContentId>(Content);
        message.sizeBytes = static_cast<quint64>(rows.integer(ContentSize));
        message.envelope = rows.bytes(Envelope);
        message.hasCopy = rows.integer(HasCopy) != 0;
        removed.append(std::move(message));
    }
    return rows.error() ? Result<QList<RemovedMessage>>(*rows.error()) : Result(std::move(removed));
}

} // namespace Postnook::Sqlite
