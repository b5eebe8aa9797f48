#include "storage/sqlite/messagewriter.h"

#include "storage/limits.h"
#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/threadindex.h"

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr auto Seen = static_cast<qint64>(SystemFlag::Seen);
constexpr auto Deleted = static_cast<qint64>(SystemFlag::Deleted);
constexpr int CopyBatch = 4096; // rows in memory at a time

constexpr Sql MessagesToCopy(
    "SELECT m.id, m.content_id, c.size, m.flags, m.keyword_set_id, m.internal_date, m.zone"
    " FROM message m CROSS JOIN content c ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id LIMIT ?3");
constexpr Sql RemovedToCopy(
    "SELECT m.id, m.content_id, c.size, m.flags, m.keyword_set_id, m.internal_date, m.zone"
    " FROM expunged m CROSS JOIN content c ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2 AND m.moved = 0 ORDER BY m.id LIMIT ?3");

// Of the rows ?1 to ?2, all of one mailbox, those that have all flags of a mask (?3). As expunged
// they have a MODSEQ (?4), a time (?5), and have moved or not (?6).
constexpr Sql MessagesToRemove(
    "SELECT m.id, m.flags, c.size FROM message m CROSS JOIN content c ON c.id = m.content_id"
    " WHERE m.id BETWEEN ?1 AND ?2 AND m.flags & ?3 = ?3 ORDER BY m.id");
constexpr Sql KeepRemoved(
    "INSERT INTO expunged (id, mailbox_id, content_id, flags, keyword_set_id, modseq,"
    " internal_date, zone, save_date, expunged_at, moved)"
    " SELECT id, mailbox_id, content_id, flags, keyword_set_id, ?4, internal_date, zone,"
    " save_date, ?5, ?6 FROM message WHERE id BETWEEN ?1 AND ?2 AND flags & ?3 = ?3 ORDER BY id");
constexpr Sql Remove("DELETE FROM message WHERE id BETWEEN ?1 AND ?2 AND flags & ?3 = ?3");

std::optional<qint64> sentSeconds(const MessageMeta &meta)
{
    return meta.sentDate ? std::make_optional(meta.sentDate->secondsUtc) : std::nullopt;
}

// A statement of its own for each UID would cost more than to pass over a few rows.
UidRanges rangesAround(const QList<Uid> &uids)
{
    constexpr quint32 MostBetween = 64;
    UidRanges ranges;
    for (const Uid uid : uids) {
        if (!ranges.isEmpty() && uid.value - ranges.last().last.value <= MostBetween) {
            ranges.last().last = uid;
        } else {
            ranges.append({uid, uid});
        }
    }
    return ranges;
}

int sentZone(const MessageMeta &meta)
{
    return meta.sentDate ? meta.sentDate->zoneMinutes : 0;
}

} // namespace

Result<AppendResult> MessageWriter::append(MailboxId id, const NewMessage &message)
{
    auto mailbox = m_context.mailboxes.open(id);
    if (!mailbox) {
        return mailbox.error();
    }
    if (!message.importKey.isEmpty()) {
        const auto isNew = recordImportKey(message.importKey);
        if (!isNew) {
            return isNew.error();
        }
        if (!*isNew) {
            return AppendResult{(*mailbox)->info.uidValidity, Uid(), true};
        }
    }
    const auto contentId = contentIdFor(message);
    if (!contentId) {
        return contentId.error();
    }
    const auto keywords = m_context.keywords.record(id, normalizedKeywords(message.flags.keywords));
    if (!keywords) {
        return keywords.error();
    }
    const auto keywordSetId = m_context.reader.keywordSets().idOf(*keywords);
    if (!keywordSetId) {
        return keywordSetId.error();
    }
    const auto uid = insertRow(**mailbox,
                               {Uid(),
                                *contentId,
                                message.content.sizeBytes(),
                                static_cast<qint64>(message.flags.system.toInt()),
                                *keywordSetId,
                                message.internalDate});
    if (!uid) {
        return uid.error();
    }
    return AppendResult{(*mailbox)->info.uidValidity, *uid};
}

Result<bool> MessageWriter::recordImportKey(const QByteArray &key)
{
    const auto inserted = m_context.database.run(
        "INSERT INTO import_key (key) VALUES (?1) ON CONFLICT DO NOTHING", key);
    if (!inserted) {
        return inserted.error();
    }
    return m_context.database.changes() > 0;
}

Result<qint64> MessageWriter::contentIdFor(const NewMessage &message)
{
    const auto &staged = message.content;
    if (staged.isNull()) {
        return Error{ErrorCode::Invalid, QStringLiteral("a message without content")};
    }
    if (staged.data()->file && staged.data()->file->store() != &m_context.contents) {
        return Error{ErrorCode::Invalid, QStringLiteral("content of another account")};
    }
    auto known =
        m_context.database.statement("SELECT id FROM content WHERE sha256 = ?1", staged.sha256());
    if (known.next()) {
        const auto id = known.integer(0);
        if (auto refreshed = refreshContent(id, message); !refreshed) {
            return refreshed.error();
        }
        return id;
    }
    return known.error() ? Result<qint64>(*known.error()) : insertContent(message);
}

Result<qint64> MessageWriter::insertContent(const NewMessage &message)
{
    const auto &data = message.content.data();
    const auto file = data->file ? std::make_optional(data->file->name()) : std::nullopt;
    const auto thread = threadFor(message.meta, message.content.sha256());
    if (!thread) {
        return thread.error();
    }
    auto inserted = m_context.database.run(
        "INSERT INTO content (sha256, size, file, header_size, scanner_version, envelope,"
        " structure, parts, preview, base_subject, is_reply, sent_date, sent_zone, message_id,"
        " reference_ids, thread_id)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        message.content.sha256(),
        message.content.sizeBytes(),
        file,
        message.meta.headerSize,
        message.meta.scannerVersion,
        message.meta.envelope,
        message.meta.bodyStructure,
        message.meta.parts,
        message.meta.preview,
        message.meta.baseSubject,
        message.meta.isReply,
        sentSeconds(message.meta),
        sentZone(message.meta),
        message.meta.messageId,
        joinedIds(message.meta.references),
        *thread);
    if (!inserted) {
        return inserted.error();
    }
    const auto id = m_context.database.lastInsertId();
    if (file) {
        m_context.takenFiles.push_back(data);
        return id;
    }
    inserted = m_context.database.run("INSERT INTO content_bytes (content_id, bytes)"
                                      " VALUES (?1, ?2)",
                                      id,
                                      data->bytes);
    if (!inserted) {
        return inserted.error();
    }
    return id;
}

Result<std::optional<ThreadId>> MessageWriter::threadFor(const MessageMeta &meta,
                                                         const QByteArray &sha256)
{
    if (meta.scannerVersion < FirstScannerWithThreadKeys) {
        return std::optional<ThreadId>();
    }
    return ThreadIndex(m_context.database).join(meta, sha256).transform([](ThreadId thread) {
        return std::make_optional(thread);
    });
}

Result<void> MessageWriter::describe(ContentId content, const MessageMeta &meta)
{
    const auto updated = m_context.database.run(
        "UPDATE content SET header_size = ?2, scanner_version = ?3, envelope = ?4, structure = ?5,"
        " parts = ?6, preview = ?7, base_subject = ?8, is_reply = ?9, sent_date = ?10,"
        " sent_zone = ?11, message_id = ?12, reference_ids = ?13"
        " WHERE id = ?1 AND scanner_version < ?3",
        content,
        meta.headerSize,
        meta.scannerVersion,
        meta.envelope,
        meta.bodyStructure,
        meta.parts,
        meta.preview,
        meta.baseSubject,
        meta.isReply,
        sentSeconds(meta),
        sentZone(meta),
        meta.messageId,
        joinedIds(meta.references));
    return updated && m_context.database.changes() > 0 ? giveThread(content, meta) : updated;
}

Result<void> MessageWriter::giveThread(ContentId content, const MessageMeta &meta)
{
    auto row = m_context.database.statement(
        "SELECT sha256 FROM content WHERE id = ?1 AND thread_id IS NULL", content);
    if (!row.next()) {
        return row.outcome();
    }
    const auto thread = threadFor(meta, row.bytes(0));
    if (!thread) {
        return thread.error();
    }
    return m_context.database.run(
        "UPDATE content SET thread_id = ?2 WHERE id = ?1", content, *thread);
}

// The same message comes again: what is known about it gets better, never worse.
Result<void> MessageWriter::refreshContent(qint64 id, const NewMessage &message)
{
    auto row = m_context.database.statement("SELECT file FROM content WHERE id = ?1", id);
    if (!row.next()) {
        return row.outcome();
    }
    if (auto described = describe(ContentId(id), message.meta); !described) {
        return described;
    }
    const auto &data = message.content.data();
    if (!data->file || row.isNull(0)) {
        return {};
    }
    const auto stored = m_context.contents.open(QString::fromLatin1(row.view(0)));
    if (stored || stored.error().code != ErrorCode::NotFound) {
        return {};
    }
    // Somebody removed the stored file: here it is again.
    m_context.takenFiles.push_back(data);
    return m_context.database.run(
        "UPDATE content SET file = ?2 WHERE id = ?1", id, data->file->name());
}

Result<Uid> MessageWriter::insertRow(ChangedMailbox &mailbox, const Row &row)
{
    auto &info = mailbox.info;
    const auto uid = info.uidNext;
    if (uid == MaxUid) {
        return Error{ErrorCode::Limit, QStringLiteral("the mailbox has used up its UIDs")};
    }
    const auto inserted = m_context.database.run(
        "INSERT INTO message (id, mailbox_id, content_id, flags, keyword_set_id, modseq,"
        " internal_date, zone, save_date) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        rowId(info.id, uid),
        info.id,
        row.contentId,
        row.flags,
        row.keywordSetId,
        mailbox.newModSeq(),
        row.internalDate.secondsUtc,
        row.internalDate.zoneMinutes,
        m_context.nowUtc);
    if (!inserted) {
        return inserted.error();
    }
    if (auto set = mailbox.blocks.set(uid, row.flags, mailbox.newModSeq()); !set) {
        return set.error();
    }
    mailbox.changes |= MailboxChange::MessagesAdded;
    ++info.uidNext.value;
    ++info.messages;
    info.unseen += (row.flags & Seen) == 0 ? 1 : 0;
    info.deleted += (row.flags & Deleted) != 0 ? 1 : 0;
    info.sizeBytes += row.sizeBytes;
    return uid;
}

Result<QList<MessageWriter::Row>> MessageWriter::rowsToCopy(Sql sql, MailboxId from, UidRange range)
{
    QList<Row> batch;
    auto rows = m_context.database.statement(
        sql, rowId(from, range.first), rowId(from, range.last), CopyBatch);
    while (rows.next()) {
        batch.append({uidOfRow(rows.integer(0)),
                      rows.integer(1),
                      static_cast<quint64>(rows.integer(2)),
                      rows.integer(3),
                      rows.integer(4),
                      {rows.integer(5), static_cast<int>(rows.integer(6))}});
    }
    if (rows.error()) {
        return *rows.error();
    }
    return batch;
}

Result<qint64> MessageWriter::translateKeywords(qint64 setId, MailboxId to)
{
    const auto names = m_context.reader.keywordSets().names(setId);
    if (!names) {
        return names.error();
    }
    const auto spelled = m_context.keywords.record(to, *names);
    if (!spelled) {
        return spelled.error();
    }
    return m_context.reader.keywordSets().idOf(*spelled);
}

Result<CopyResult> MessageWriter::copy(MailboxId from, const UidRanges &uids, MailboxId to)
{
    const auto source = m_context.mailboxes.open(from);
    if (!source) {
        return source.error();
    }
    const auto target = m_context.mailboxes.open(to);
    if (!target) {
        return target.error();
    }
    // Within one mailbox the copies must not be copied in turn.
    const auto last = Uid((*source)->info.uidNext.value - 1);
    UidRanges existing;
    for (const auto &[first, end] : uids) {
        existing.append({first, std::min(end, last)});
    }
    return copyRows(MessagesToCopy, from, existing, **target, 0);
}

Result<CopyResult> MessageWriter::copyRows(
    Sql sql, MailboxId from, const UidRanges &uids, ChangedMailbox &target, qint64 dropped)
{
    CopyResult result{target.info.uidValidity, {}};
    QHash<qint64, qint64> keywordSets; // of the source to those of the target
    for (auto range : uids) {
        while (range.first <= range.last) {
            const auto batch = rowsToCopy(sql, from, range);
            if (!batch) {
                return batch.error();
            }
            for (auto row : *batch) {
                if (!keywordSets.contains(row.keywordSetId)) {
                    const auto translated = translateKeywords(row.keywordSetId, target.info.id);
                    if (!translated) {
                        return translated.error();
                    }
                    keywordSets.insert(row.keywordSetId, *translated);
                }
                row.keywordSetId = keywordSets.value(row.keywordSetId);
                row.flags &= ~dropped;
                const auto uid = insertRow(target, row);
                if (!uid) {
                    return uid.error();
                }
                result.uids.append({row.uid, *uid});
            }
            if (batch->size() < CopyBatch || batch->last().uid == MaxUid) {
                break;
            }
            range.first = Uid(batch->last().uid.value + 1);
        }
    }
    return result;
}

Result<CopyResult> MessageWriter::bringBack(MailboxId from, const UidRanges &uids, MailboxId to)
{
    const auto target = m_context.mailboxes.open(to);
    if (!target) {
        return target.error();
    }
    auto result = copyRows(RemovedToCopy, from, uids, **target, Deleted);
    if (!result) {
        return result;
    }
    for (const auto &[source, copied] : std::as_const(result->uids)) {
        const auto marked = m_context.database.run("UPDATE expunged SET moved = 1 WHERE id = ?1",
                                                   rowId(from, source));
        if (!marked) {
            return marked.error();
        }
    }
    return result;
}

Result<CopyResult> MessageWriter::move(MailboxId from, const UidRanges &uids, MailboxId to)
{
    auto source = m_context.mailboxes.open(from);
    if (!source) {
        return source.error();
    }
    const auto end = (*source)->info.uidNext;
    auto result = copy(from, uids, to);
    if (!result) {
        return result;
    }
    for (auto range : uids) {
        range.last = std::min(range.last, Uid(end.value - 1));
        if (auto removed = removeRange(**source, range, Which::Moved, nullptr); !removed) {
            return removed.error();
        }
    }
    return result;
}

Result<QList<Uid>> MessageWriter::expunge(MailboxId id, const UidRanges &uids)
{
    auto mailbox = m_context.mailboxes.open(id);
    if (!mailbox) {
        return mailbox.error();
    }
    if (auto flushed = m_context.mailboxes.flush(); !flushed) {
        return flushed.error();
    }
    QList<Uid> gone;
    for (const auto &range : uids) {
        const auto deleted =
            uidsWithFlags(m_context.database, id, SystemFlag::Deleted, SystemFlag::Deleted, range);
        if (!deleted) {
            return deleted.error();
        }
        const auto before = gone.size();
        const auto found = rangesAround(*deleted);
        for (const auto &each : found) {
            if (auto removed = removeRange(**mailbox, each, Which::Deleted, &gone); !removed) {
                return removed.error();
            }
        }
        if (gone.sliced(before) != *deleted) {
            return Error{ErrorCode::Corrupt,
                         QStringLiteral("the index of deleted messages is damaged")};
        }
    }
    return gone;
}

Result<void> MessageWriter::removeAll(ChangedMailbox &mailbox)
{
    return removeRange(mailbox, {Uid(1), MaxUid}, Which::All, nullptr);
}

// What is expunged while the clock is lost must not be taken for long past when it is right again.
Result<qint64> MessageWriter::timeOfExpunge()
{
    if (m_context.nowUtc >= EarliestClock) {
        return m_context.nowUtc;
    }
    auto row = m_context.database.statement(
        "SELECT max(expunged_at) FROM expunged WHERE content_id IS NOT NULL");
    const auto latest = row.next() ? row.integer(0) : 0;
    return row.error() ? Result<qint64>(*row.error()) : std::max(latest, EarliestClock);
}

Result<void>
MessageWriter::removeRange(ChangedMailbox &mailbox, UidRange range, Which which, QList<Uid> *uids)
{
    auto &info = mailbox.info;
    const auto mask = which == Which::Deleted ? Deleted : 0;
    auto counted = info;
    std::optional<qint64> first;
    qint64 last = 0;
    auto rows = m_context.database.statement(
        MessagesToRemove, rowId(info.id, range.first), rowId(info.id, range.last), mask);
    while (rows.next()) {
        last = rows.integer(0);
        first = first.value_or(last);
        if (auto removed = mailbox.blocks.remove(uidOfRow(last)); !removed) {
            return removed;
        }
        --counted.messages;
        counted.unseen -= (rows.integer(1) & Seen) == 0 ? 1 : 0;
        counted.deleted -= (rows.integer(1) & Deleted) != 0 ? 1 : 0;
        counted.sizeBytes -= static_cast<quint64>(rows.integer(2));
        if (uids != nullptr) {
            uids->append(uidOfRow(last));
        }
    }
    if (rows.error() || !first) {
        return rows.outcome();
    }
    const auto expungedAt = timeOfExpunge();
    if (!expungedAt) {
        return expungedAt.error();
    }
    info = counted;
    mailbox.changes |= MailboxChange::MessagesExpunged;
    auto &database = m_context.database;
    return database
        .run(KeepRemoved,
             *first,
             last,
             mask,
             mailbox.newModSeq(),
             *expungedAt,
             which == Which::Moved)
        .and_then([&] { return database.run(Remove, *first, last, mask); });
}

} // namespace Postnook::Sqlite
