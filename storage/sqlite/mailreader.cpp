#include "storage/sqlite/mailreader.h"

#include "storage/executor/poolexecutor.h"
#include "storage/logging.h"
#include "storage/sqlite/searchreader.h"

#include "storage/sqlite/contentreaders.h"
#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/messagequeries.h"
#include "storage/sqlite/threadindex.h"
#include "storage/sqlite/uidblocks.h"
#include "storage/sqlite/verification.h"

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

Error noMailbox()
{
    return {ErrorCode::NotFound, QStringLiteral("there is no such mailbox")};
}

MailboxInfo mailboxFrom(const Statement &row)
{
    MailboxInfo info;
    info.id = row.number<MailboxId>(0);
    info.name = MailboxName(row.bytes(1));
    info.uidValidity = row.number<UidValidity>(2);
    info.uidNext = row.number<Uid>(3);
    info.highestModSeq = row.number<ModSeq>(4);
    info.historyFloor = row.number<ModSeq>(5);
    info.recentFloor = row.number<Uid>(6);
    info.messages = static_cast<quint32>(row.integer(7));
    info.unseen = static_cast<quint32>(row.integer(8));
    info.deleted = static_cast<quint32>(row.integer(9));
    info.sizeBytes = static_cast<quint64>(row.integer(10));
    info.specialUse = static_cast<SpecialUse>(row.integer(11));
    return info;
}

constexpr qsizetype RowsBetweenOthers = 256;

void letOthersRunAfter(qsizetype rows)
{
    if (rows % RowsBetweenOthers == 0) {
        PoolExecutor::letOthersRun();
    }
}

Result<QList<Uid>> readUids(Statement rows)
{
    QList<Uid> uids;
    while (rows.next()) {
        uids.append(uidOfRow(rows.integer(0)));
        letOthersRunAfter(uids.size());
    }
    if (rows.error()) {
        return *rows.error();
    }
    return uids;
}

// What is gone stands behind the others, or comes by its keywords; most often there is nothing to
// do.
QList<Uid> inOrder(QList<Uid> uids)
{
    if (!std::is_sorted(uids.cbegin(), uids.cend())) {
        std::sort(uids.begin(), uids.end());
    }
    return uids;
}

// They come by MODSEQ: what one command changed in the whole mailbox is in order already.
template <typename T>
void sortByUid(QList<T> &messages)
{
    const auto isBefore = [](const T &a, const T &b) { return a.uid < b.uid; };
    if (!std::is_sorted(messages.cbegin(), messages.cend(), isBefore)) {
        std::sort(messages.begin(), messages.end(), isBefore);
    }
}

} // namespace

Result<QList<ListedMailbox>> MailReader::mailboxes()
{
    QList<ListedMailbox> result;
    auto rows = m_database.statement(
        "SELECT m.id, m.name, m.uid_validity, m.uid_next, m.highest_modseq, m.history_floor,"
        " m.recent_floor, m.messages, m.unseen, m.deleted, m.size, m.special_use,"
        " s.name IS NOT NULL FROM mailbox m LEFT JOIN subscription s ON s.name = m.name"
        " WHERE m.deleted_at IS NULL ORDER BY m.name");
    while (rows.next()) {
        result.append({mailboxFrom(rows), rows.integer(12) != 0});
    }
    if (rows.error()) {
        return *rows.error();
    }
    return result;
}

Result<std::optional<MailboxId>> MailReader::findMailbox(const MailboxName &name)
{
    auto row =
        m_database.statement("SELECT id FROM mailbox WHERE name = ?1 AND deleted_at IS NULL", name);
    std::optional<MailboxId> found;
    if (row.next()) {
        found = row.number<MailboxId>(0);
    }
    if (row.error()) {
        return *row.error();
    }
    return found;
}

Result<MailboxInfo> MailReader::mailbox(const MailboxName &name)
{
    const auto id = findMailbox(name);
    if (!id) {
        return id.error();
    }
    return *id ? mailbox(**id) : Result<MailboxInfo>(noMailbox());
}

Result<MailboxInfo> MailReader::mailbox(MailboxId id)
{
    auto row = m_database.statement(
        "SELECT id, name, uid_validity, uid_next, highest_modseq, history_floor, recent_floor,"
        " messages, unseen, deleted, size, special_use FROM mailbox"
        " WHERE id = ?1 AND deleted_at IS NULL",
        id);
    if (!row.next()) {
        return row.error().value_or(noMailbox());
    }
    return mailboxFrom(row);
}

Result<QList<MailboxName>> MailReader::subscriptions()
{
    QList<MailboxName> names;
    auto rows = m_database.statement("SELECT name FROM subscription ORDER BY name");
    while (rows.next()) {
        names.append(MailboxName(rows.bytes(0)));
    }
    if (rows.error()) {
        return *rows.error();
    }
    return names;
}

Result<QByteArrayList> MailReader::keywords(MailboxId mailbox)
{
    QByteArrayList names;
    auto rows = m_database.statement(
        "SELECT name FROM keyword WHERE mailbox_id = ?1 ORDER BY number", mailbox);
    while (rows.next()) {
        names.append(rows.bytes(0));
    }
    if (rows.error()) {
        return *rows.error();
    }
    return names;
}

Result<QList<Uid>> MailReader::uids(MailboxId mailbox)
{
    auto found = Sqlite::uidsWithFlags(m_database, mailbox, {}, {});
    auto row = m_database.statement("SELECT messages FROM mailbox WHERE id = ?1", mailbox);
    if (found && row.next() && row.integer(0) != found->size()) {
        qCWarning(lcStorage,
                  "%ls: the index of UIDs or a counter is wrong; 'postnook check' tells more",
                  qUtf16Printable(m_database.path()));
        return readUids(m_database.statement("SELECT id FROM message WHERE id BETWEEN ?1 AND ?2",
                                             rowId(mailbox, Uid(1)),
                                             rowId(mailbox, MaxUid)));
    }
    return row.error() ? Result<QList<Uid>>(*row.error()) : found;
}

Result<std::optional<Uid>> MailReader::firstUnseen(MailboxId mailbox)
{
    return firstUnseenUid(m_database, mailbox);
}

Result<void> MailReader::forEachMessage(MailboxId mailbox,
                                        const UidRanges &uids,
                                        MessageColumns columns,
                                        bool includeExpunged,
                                        const std::function<bool(const MessageRow &)> &visit)
{
    const MessageQuery query(columns, includeExpunged);
    auto rows = m_database.statement(query.sql());
    query.bind(rows);
    for (const auto &range : uids) {
        rows.restart();
        rows.bind(1, rowId(mailbox, range.first));
        rows.bind(2, rowId(mailbox, range.last));
        while (rows.next()) {
            MessageRow row = query.row(rows);
            auto keywords = m_keywordSets.names(query.keywordSet(rows));
            if (!keywords) {
                return keywords.error();
            }
            row.flags.keywords = std::move(*keywords);
            if (!visit(row)) {
                return {};
            }
            if (m_database.isCancelled()) {
                return Error{ErrorCode::Cancelled, QStringLiteral("nobody wants to know any more")};
            }
        }
    }
    return rows.outcome();
}

Result<QList<Uid>>
MailReader::uidsWithFlags(MailboxId mailbox, SystemFlags mask, SystemFlags wanted)
{
    auto there = Sqlite::uidsWithFlags(m_database, mailbox, mask, wanted);
    const auto gone = there ? readUids(m_database.statement(ExpungedWithFlags,
                                                            rowId(mailbox, Uid(1)),
                                                            rowId(mailbox, MaxUid),
                                                            mask.toInt(),
                                                            wanted.toInt()))
                            : there;
    return gone ? Result(inOrder(*std::move(there) + *gone)) : gone;
}

Result<QList<Uid>>
MailReader::uidsWithKeyword(MailboxId mailbox, const QByteArray &keyword, bool wanted)
{
    const auto sets = m_keywordSets.with(keyword);
    if (!sets) {
        return sets.error();
    }
    QList<Uid> uids;
    qsizetype seen = 0;
    for (const Sql sql :
         {wanted ? MessagesWithKeywords : MessagesAndKeywords, ExpungedAndKeywords}) {
        auto rows = m_database.statement(sql, rowId(mailbox, Uid(1)), rowId(mailbox, MaxUid));
        while (rows.next()) {
            if (sets->contains(rows.integer(1)) == wanted) {
                uids.append(uidOfRow(rows.integer(0)));
            }
            letOthersRunAfter(++seen);
        }
        if (rows.error()) {
            return *rows.error();
        }
    }
    return inOrder(std::move(uids));
}

// Both: from the texts to their messages, each by its index.
Result<QList<Uid>>
MailReader::uidsOfText(MailboxId mailbox, const QByteArray &sha256Start, const InternalDate &date)
{
    constexpr qsizetype DigestBytes = 32;
    return readUids(m_database.statement(
        "SELECT m.id FROM content c CROSS JOIN message m ON m.content_id = c.id"
        " WHERE c.sha256 BETWEEN ?1 AND ?2 AND m.id BETWEEN ?3 AND ?4"
        " AND m.internal_date = ?5 AND m.zone = ?6"
        " UNION ALL "
        "SELECT m.id FROM content c CROSS JOIN expunged m ON m.content_id = c.id"
        " WHERE c.sha256 BETWEEN ?1 AND ?2 AND m.id BETWEEN ?3 AND ?4"
        " AND m.internal_date = ?5 AND m.zone = ?6 ORDER BY 1",
        sha256Start,
        sha256Start.leftJustified(DigestBytes, '\xff'),
        rowId(mailbox, Uid(1)),
        rowId(mailbox, MaxUid),
        date.secondsUtc,
        date.zoneMinutes));
}

Result<QList<Uid>> MailReader::uidsInThread(MailboxId mailbox, ThreadId thread)
{
    return readUids(m_database.statement(
        "SELECT m.id FROM content c CROSS JOIN message m ON m.content_id = c.id"
        " WHERE c.thread_id = ?1 AND m.id BETWEEN ?2 AND ?3"
        " UNION ALL "
        "SELECT m.id FROM content c CROSS JOIN expunged m ON m.content_id = c.id"
        " WHERE c.thread_id = ?1 AND m.id BETWEEN ?2 AND ?3 ORDER BY 1",
        thread,
        rowId(mailbox, Uid(1)),
        rowId(mailbox, MaxUid)));
}

Result<std::unique_ptr<ContentReader>> MailReader::content(ContentId id)
{
    auto row = m_database.statement("SELECT size, file FROM content WHERE id = ?1", id);
    if (!row.next()) {
        return row.error().value_or(
            Error{ErrorCode::NotFound, QStringLiteral("there is no such message text")});
    }
    const auto sizeBytes = static_cast<quint64>(row.integer(0));
    if (row.isNull(1)) {
        auto bytes = m_rowContents.open(id, sizeBytes);
        return bytes && *bytes == nullptr
            ? Error{ErrorCode::Corrupt,
                    QStringLiteral("the octets of content %1 are missing").arg(id.value)}
            : std::move(bytes);
    }
    const auto name = QString::fromLatin1(row.view(1));
    auto file = m_contents.open(name);
    if (!file) {
        return file.error().code == ErrorCode::NotFound
            ? Error{ErrorCode::Corrupt, QStringLiteral("the content file %1 is missing").arg(name)}
            : file.error();
    }
    return fileContent(std::move(*file), sizeBytes);
}

// Small messages lie in rows: for these it does not ask where they are.
Result<std::unique_ptr<ContentReader>> MailReader::contentOf(const MessageRow &row)
{
    if (row.sizeBytes > 0 && row.sizeBytes <= MaxBytesInRow) {
        auto bytes = m_rowContents.open(row.content, row.sizeBytes);
        if (!bytes || *bytes != nullptr) {
            return bytes;
        }
    }
    return content(row.content);
}

Result<QList<ContentId>>
MailReader::contentsDescribedBefore(quint16 scannerVersion, ContentId after, int limit)
{
    QList<ContentId> contents;
    auto rows = m_database.statement("SELECT id FROM content WHERE id > ?1 AND scanner_version < ?2"
                                     " ORDER BY id LIMIT ?3",
                                     after,
                                     scannerVersion,
                                     limit);
    while (rows.next()) {
        contents.append(rows.number<ContentId>(0));
    }
    if (rows.error()) {
        return *rows.error();
    }
    return contents;
}

Result<QStringList> MailReader::faults()
{
    return findFaults(m_database, [] { PoolExecutor::letOthersRun(); });
}

Result<QList<StoredContent>> MailReader::contents(ContentId after, int limit)
{
    QList<StoredContent> contents;
    auto rows = m_database.statement(
        "SELECT id, sha256, size, header_size, scanner_version, envelope, structure, parts,"
        " preview, base_subject, is_reply, sent_date, sent_zone, message_id, reference_ids"
        " FROM content WHERE id > ?1 ORDER BY id LIMIT ?2",
        after,
        limit);
    while (rows.next()) {
        StoredContent content{
            rows.number<ContentId>(0), rows.bytes(1), static_cast<quint64>(rows.integer(2)), {}};
        content.meta.headerSize = static_cast<quint32>(rows.integer(3));
        content.meta.scannerVersion = static_cast<quint16>(rows.integer(4));
        content.meta.envelope = rows.bytes(5);
        content.meta.bodyStructure = rows.bytes(6);
        content.meta.parts = rows.bytes(7);
        content.meta.preview = rows.bytes(8);
        content.meta.baseSubject = rows.bytes(9);
        content.meta.isReply = rows.integer(10) != 0;
        if (!rows.isNull(11)) {
            content.meta.sentDate = {rows.integer(11), static_cast<int>(rows.integer(12))};
        }
        content.meta.messageId = rows.bytes(13);
        content.meta.references = splitIds(rows.view(14));
        contents.append(std::move(content));
    }
    return rows.error() ? Result<QList<StoredContent>>(*rows.error()) : Result(std::move(contents));
}

Result<QList<MessagePlace>> MailReader::placesOf(ContentId id)
{
    QList<MessagePlace> places;
    auto rows = m_database.statement("SELECT b.name, m.id FROM message m"
                                     " JOIN mailbox b ON b.id = m.mailbox_id"
                                     " WHERE m.content_id = ?1 ORDER BY b.name, m.id",
                                     id);
    while (rows.next()) {
        places.append({MailboxName(rows.bytes(0)), uidOfRow(rows.integer(1))});
    }
    return rows.error() ? Result<QList<MessagePlace>>(*rows.error()) : Result(std::move(places));
}

Result<IndexedContents> MailReader::contentsWithText(const QByteArray &part)
{
    return m_search != nullptr ? m_search->contentsWithText(part) : Result(IndexedContents());
}

Result<std::optional<QByteArray>> MailReader::searchText(ContentId id, TextPart part)
{
    return m_search != nullptr ? m_search->text(id, part) : Result(std::optional<QByteArray>());
}

Result<bool> MailReader::verifySearchIndex()
{
    return m_search == nullptr ? true : m_search->isSound([] { PoolExecutor::letOthersRun(); });
}

Result<std::optional<QByteArray>> MailReader::keptKeys(MailboxId mailbox, int number)
{
    return m_search != nullptr ? m_search->keptKeys(mailbox, number)
                               : Result(std::optional<QByteArray>());
}

void MailReader::keepKeys(MailboxId mailbox, int number, const QByteArray &keys)
{
    if (m_search != nullptr) {
        m_search->keepKeys(mailbox, number, keys);
    }
}

Result<SearchIndexState> MailReader::searchIndexState()
{
    if (m_search == nullptr) {
        return SearchIndexState();
    }
    const auto upTo = m_search->upTo();
    auto state = m_search->state();
    if (!upTo || !state) {
        return upTo ? state : upTo.error();
    }
    auto row = m_database.statement("SELECT count(*) FROM content WHERE id > ?1", *upTo);
    if (row.next()) {
        state->waiting = row.integer(0);
    }
    return row.error() ? Result<SearchIndexState>(*row.error()) : state;
}

Result<QList<Uid>>
MailReader::uidsOfContents(MailboxId mailbox, const QList<ContentId> &contents, ContentId above)
{
    const auto first = rowId(mailbox, Uid(1));
    const auto last = rowId(mailbox, MaxUid);
    QList<Uid> uids;
    auto rows = m_database.statement("SELECT id FROM message WHERE content_id = ?1"
                                     " AND id BETWEEN ?2 AND ?3"
                                     " UNION ALL "
                                     "SELECT id FROM expunged WHERE content_id = ?1"
                                     " AND id BETWEEN ?2 AND ?3");
    qsizetype asked = 0;
    for (const ContentId content : contents) {
        rows.restart();
        rows.bind(1, content);
        rows.bind(2, first);
        rows.bind(3, last);
        while (rows.next()) {
            uids.append(uidOfRow(rows.integer(0)));
        }
        letOthersRunAfter(++asked);
    }
    if (rows.error()) {
        return *rows.error();
    }
    const auto behind =
        readUids(m_database.statement("SELECT id FROM message INDEXED BY message_by_content"
                                      " WHERE content_id > ?1 AND id BETWEEN ?2 AND ?3"
                                      " UNION ALL "
                                      "SELECT id FROM expunged INDEXED BY expunged_by_content"
                                      " WHERE content_id > ?1 AND id BETWEEN ?2 AND ?3",
                                      above,
                                      first,
                                      last));
    if (!behind) {
        return behind.error();
    }
    uids += *behind;
    return inOrder(std::move(uids));
}

Result<QList<ContentRow>> MailReader::contentsAbove(ContentId after, int limit)
{
    QList<ContentRow> contents;
    auto rows = m_database.statement("SELECT id, sha256, header_size, scanner_version, parts"
                                     " FROM content WHERE id > ?1 ORDER BY id LIMIT ?2",
                                     after,
                                     limit);
    while (rows.next()) {
        ContentRow content{rows.number<ContentId>(0), rows.bytes(1), {}};
        content.meta.headerSize = static_cast<quint32>(rows.integer(2));
        content.meta.scannerVersion = static_cast<quint16>(rows.integer(3));
        content.meta.parts = rows.bytes(4);
        contents.append(std::move(content));
    }
    return rows.error() ? Result<QList<ContentRow>>(*rows.error()) : Result(std::move(contents));
}

Result<ContentId> MailReader::lastContentId()
{
    auto row = m_database.statement("SELECT seq FROM sqlite_sequence WHERE name = 'content'");
    const auto last = row.next() ? row.number<ContentId>(0) : ContentId(0);
    return row.error() ? Result<ContentId>(*row.error()) : Result(last);
}

Result<std::optional<QByteArray>> MailReader::contentSha256(ContentId id)
{
    auto row = m_database.statement("SELECT sha256 FROM content WHERE id = ?1", id);
    std::optional<QByteArray> sha256;
    if (row.next()) {
        sha256 = row.bytes(0);
    }
    return row.error() ? Result<std::optional<QByteArray>>(*row.error()) : Result(sha256);
}

Result<QByteArrayList> MailReader::knownImportKeys(const QByteArrayList &keys)
{
    QByteArrayList known;
    auto row = m_database.statement("SELECT 1 FROM import_key WHERE key = ?1");
    for (const QByteArray &key : keys) {
        row.restart();
        row.bind(1, key);
        if (row.next()) {
            known.append(key);
        }
        if (row.error()) {
            return *row.error();
        }
    }
    return known;
}

Result<QList<MetadataEntry>> MailReader::metadataEntries(MailboxId owner)
{
    QList<MetadataEntry> entries;
    auto rows = m_database.statement("SELECT entry, length(value) FROM metadata"
                                     " WHERE mailbox_id = ?1 ORDER BY entry",
                                     owner);
    while (rows.next()) {
        entries.append({rows.bytes(0), static_cast<quint64>(rows.integer(1))});
    }
    if (rows.error()) {
        return *rows.error();
    }
    return entries;
}

Result<std::optional<QByteArray>> MailReader::metadata(MailboxId owner, const QByteArray &entry)
{
    std::optional<QByteArray> value;
    auto row = m_database.statement(
        "SELECT value FROM metadata WHERE mailbox_id = ?1 AND entry = ?2", owner, Text{entry});
    if (row.next()) {
        value = row.bytes(0);
    }
    if (row.error()) {
        return *row.error();
    }
    return value;
}

Result<bool> MailReader::usesFile(const QString &name)
{
    auto row = m_database.statement("SELECT 1 FROM content WHERE file = ?1", name);
    const bool found = row.next();
    return row.error() ? Result<bool>(*row.error()) : Result<bool>(found);
}

Result<QList<ChangedMessage>> MailReader::changedMessages(MailboxId mailbox, ModSeq since)
{
    QList<ChangedMessage> changed;
    auto rows = m_database.statement(
        "SELECT m.id, m.modseq, m.flags, m.keyword_set_id FROM uid_block b CROSS JOIN message m"
        " ON m.id BETWEEN b.id << 6 AND (b.id << 6) + 63"
        " WHERE b.id >> 26 = ?1 AND b.modseq > ?2 AND m.modseq > ?2",
        mailbox,
        since);
    while (rows.next()) {
        auto keywords = m_keywordSets.names(rows.integer(3));
        if (!keywords) {
            return keywords.error();
        }
        changed.append({uidOfRow(rows.integer(0)),
                        rows.number<ModSeq>(1),
                        {systemFlagsOf(rows.integer(2)), std::move(*keywords)}});
    }
    if (rows.error()) {
        return *rows.error();
    }
    sortByUid(changed);
    return changed;
}

Result<QList<ExpungedMessage>> MailReader::expungedMessages(MailboxId mailbox, ModSeq since)
{
    QList<ExpungedMessage> expunged;
    auto rows = m_database.statement(
        "SELECT id, modseq FROM expunged WHERE mailbox_id = ?1 AND modseq > ?2", mailbox, since);
    while (rows.next()) {
        expunged.append({uidOfRow(rows.integer(0)), rows.number<ModSeq>(1)});
    }
    if (rows.error()) {
        return *rows.error();
    }
    sortByUid(expunged);
    return expunged;
}

Result<ChangeSet> MailReader::changesSince(MailboxId mailboxId, ModSeq since)
{
    auto info = mailbox(mailboxId);
    if (!info) {
        return info.error();
    }
    auto names = keywords(mailboxId);
    if (!names) {
        return names.error();
    }
    auto changed = changedMessages(mailboxId, since);
    if (!changed) {
        return changed.error();
    }
    auto expunged = expungedMessages(mailboxId, since);
    if (!expunged) {
        return expunged.error();
    }
    const bool complete = since >= info->historyFloor;
    return ChangeSet{
        std::move(*info), std::move(*names), std::move(*changed), std::move(*expunged), complete};
}

} // namespace Postnook::Sqlite
