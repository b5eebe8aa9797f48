#include "storage/sqlite/cleaner.h"

#include "storage/logging.h"
#include "storage/sqlite/threadindex.h"

#include <QSet>

#include <array>
#include <map>

namespace Postnook::Sqlite
{

namespace
{

// A slice holds up writers for some milliseconds: a message may bring 64 KiB of pages to free.
constexpr int MessagesPerSlice = 100;
constexpr int HistoryPerSlice = 500;
constexpr int FoldersPerSlice = 16;

// Free pages are used again by the next messages. Only much of them is worth moving pages around.
constexpr qint64 MinFreePages = 1024;
constexpr qint64 MinFreeShare = 8; // an eighth of the file

} // namespace

Cleaner::Cleaner(PoolExecutor &executor,
                 std::shared_ptr<MailDatabase> database,
                 const StorageOptions &options,
                 CancelToken cancel,
                 MailStore::DoneFunction done)
    : m_executor(executor)
    , m_database(std::move(database))
    , m_cancel(std::move(cancel))
    , m_done(std::move(done))
    , m_dropMessagesUpTo(options.nowUtc() - options.undeleteRetentionSeconds)
    , m_dropHistoryUpTo(options.nowUtc() - options.syncHistorySeconds)
    , m_folders(m_database->contents()->folders())
{
}

void Cleaner::next()
{
    if (m_cancel->load()) {
        m_done(Error{ErrorCode::Cancelled, QStringLiteral("the storage is being closed")});
        return;
    }
    constexpr std::array<WriteSlice, 3> forgetting{
        &Cleaner::dropMessages, &Cleaner::dropHistory, &Cleaner::dropDeletedMailboxes};
    constexpr int fileSearch = forgetting.size();
    if (m_step < fileSearch) {
        startWrite(forgetting[static_cast<size_t>(m_step)]);
    } else if (m_step == fileSearch) {
        startFileSearch();
    } else if (m_step == fileSearch + 1) {
        startForgettingTexts();
    } else if (m_step == fileSearch + 2) {
        startWrite(&Cleaner::giveBackSpace);
    } else {
        m_done(std::nullopt);
    }
}

void Cleaner::startWrite(WriteSlice slice)
{
    m_database->startBackgroundWrite(
        {[this, slice](WriteTxn &txn) -> std::optional<Error> {
             auto &own = static_cast<SqliteWriteTxn &>(txn);
             m_files.clear();
             m_hasMore = (this->*slice)(own.context().database);
             return m_hasMore ? std::nullopt : std::make_optional(m_hasMore.error());
         },
         [self = shared_from_this()](const std::optional<Error> &error) { self->sliceDone(error); },
         {}});
}

void Cleaner::startFileSearch()
{
    m_database->startRead(
        [this](ReadTxn &txn) {
            m_hasMore = findLostFiles(static_cast<SqliteReadTxn &>(txn).reader());
        },
        [self = shared_from_this()](const std::optional<Error> &error) {
            self->sliceDone(error || self->m_hasMore ? error : self->m_hasMore.error());
        },
        {JobClass::Background, m_cancel});
}

void Cleaner::startForgettingTexts()
{
    if (!m_database->hasSearchIndex()) {
        ++m_step;
        next();
        return;
    }
    m_database->startForgettingTexts(
        m_textsAfter, [self = shared_from_this()](const Result<bool> &hasMore) {
            if (!hasMore) { // the index is made anew by itself
                qCWarning(lcStorage, "cleaning: %ls", qUtf16Printable(hasMore.error().text));
            }
            self->m_hasMore = hasMore.value_or(false);
            self->sliceDone(std::nullopt);
        });
}

void Cleaner::sliceDone(const std::optional<Error> &error)
{
    if (error) {
        m_done(error);
        return;
    }
    m_step += *m_hasMore ? 0 : 1;
    if (m_files.isEmpty()) {
        next();
        return;
    }
    m_executor.start(
        JobClass::Background,
        [this] { removeFiles(); },
        [self = shared_from_this()] { self->next(); });
}

void Cleaner::removeFiles()
{
    if (m_database->contents()->areFilesHeld()) {
        m_files.clear(); // found again by a later round, as files without a row
        return;
    }
    for (const auto &name : std::exchange(m_files, {})) {
        if (auto removed = m_database->contents()->remove(name); !removed) {
            // Found again by the next round, as a file without a row.
            qCWarning(lcStorage, "not removed: %ls", qUtf16Printable(removed.error().text));
        }
    }
}

Result<bool> Cleaner::dropMessages(Database &database)
{
    QList<qint64> ids;
    QSet<qint64> contentIds;
    auto rows = database.statement("SELECT id, content_id FROM expunged"
                                   " WHERE content_id IS NOT NULL AND expunged_at <= ?1"
                                   " ORDER BY expunged_at LIMIT ?2",
                                   m_dropMessagesUpTo,
                                   MessagesPerSlice);
    while (rows.next()) {
        ids.append(rows.integer(0));
        contentIds.insert(rows.integer(1));
    }
    if (rows.error()) {
        return *rows.error();
    }
    for (const auto id : std::as_const(ids)) {
        const auto bared = database.run("UPDATE expunged SET content_id = NULL, flags = 0,"
                                        " keyword_set_id = 0, internal_date = 0, zone = 0,"
                                        " save_date = 0 WHERE id = ?1",
                                        id);
        if (!bared) {
            return bared.error();
        }
    }
    for (const auto id : std::as_const(contentIds)) {
        if (auto dropped = dropContentIfUnused(database, id); !dropped) {
            return dropped.error();
        }
    }
    return ids.size() == MessagesPerSlice;
}

Result<void> Cleaner::dropContentIfUnused(Database &database, qint64 contentId)
{
    std::optional<ThreadId> thread;
    {
        auto row =
            database.statement("SELECT file, thread_id FROM content WHERE id = ?1"
                               " AND NOT EXISTS (SELECT 1 FROM message WHERE content_id = ?1)"
                               " AND NOT EXISTS (SELECT 1 FROM expunged WHERE content_id = ?1)",
                               contentId);
        if (!row.next()) {
            return row.outcome();
        }
        if (!row.isNull(0)) {
            m_files.append(QString::fromLatin1(row.view(0)));
        }
        if (!row.isNull(1)) {
            thread = row.number<ThreadId>(1);
        }
    }
    if (auto deleted = database.run("DELETE FROM content WHERE id = ?1", contentId); !deleted) {
        return deleted;
    }
    return thread ? ThreadIndex(database).dropIfUnused(*thread) : Result<void>();
}

Result<bool> Cleaner::dropHistory(Database &database)
{
    QList<qint64> ids;
    std::map<qint64, qint64> floors; // mailbox to the highest MODSEQ that is no longer known
    auto rows = database.statement("SELECT id, mailbox_id, modseq FROM expunged"
                                   " WHERE content_id IS NULL AND expunged_at <= ?1"
                                   " ORDER BY expunged_at LIMIT ?2",
                                   m_dropHistoryUpTo,
                                   HistoryPerSlice);
    while (rows.next()) {
        ids.append(rows.integer(0));
        auto &floor = floors[rows.integer(1)];
        floor = std::max(floor, rows.integer(2));
    }
    if (rows.error()) {
        return *rows.error();
    }
    for (const auto &[mailbox, floor] : floors) {
        const auto raised = database.run("UPDATE mailbox SET history_floor = max(history_floor, ?2)"
                                         " WHERE id = ?1",
                                         mailbox,
                                         floor);
        if (!raised) {
            return raised.error();
        }
    }
    for (const auto id : std::as_const(ids)) {
        if (auto deleted = database.run("DELETE FROM expunged WHERE id = ?1", id); !deleted) {
            return deleted.error();
        }
    }
    return ids.size() == HistoryPerSlice;
}

// Nobody synchronises a mailbox that is gone: its bare rows say nothing to anybody.
Result<bool> Cleaner::dropDeletedMailboxes(Database &database)
{
    const auto rows = database.run("DELETE FROM expunged WHERE id IN (SELECT e.id FROM mailbox m"
                                   " JOIN expunged e ON e.mailbox_id = m.id"
                                   " WHERE m.deleted_at IS NOT NULL AND e.content_id IS NULL"
                                   " LIMIT ?1)",
                                   HistoryPerSlice);
    if (!rows) {
        return rows.error();
    }
    if (database.changes() == HistoryPerSlice) {
        return true;
    }
    const auto mailboxes =
        database.run("DELETE FROM mailbox WHERE deleted_at IS NOT NULL"
                     " AND NOT EXISTS (SELECT 1 FROM expunged WHERE mailbox_id = mailbox.id)"
                     " AND NOT EXISTS (SELECT 1 FROM message WHERE id"
                     " BETWEEN mailbox.id << 32 AND (mailbox.id << 32) + 0xffffffff)");
    return mailboxes ? Result<bool>(false) : Result<bool>(mailboxes.error());
}

// The order matters: a file that nobody has in hand when the folder was read is either named by a
// row in the snapshot that the first query takes later, or never will be.
Result<bool> Cleaner::findLostFiles(MailReader &reader)
{
    QStringList settled;
    for (int i = 0; i < FoldersPerSlice && !m_folders.isEmpty(); ++i) {
        const auto names = m_database->contents()->settledFiles(m_folders.takeLast());
        if (!names) {
            return names.error();
        }
        settled += *names;
    }
    m_files.clear();
    for (const auto &name : std::as_const(settled)) {
        const auto used = reader.usesFile(name);
        if (!used) {
            return used;
        }
        if (!*used) {
            m_files.append(name);
        }
    }
    return !m_folders.isEmpty();
}

Result<bool> Cleaner::giveBackSpace(Database &database)
{
    const auto free = database.number("PRAGMA freelist_count");
    const auto pages = database.number("PRAGMA page_count");
    if (!free || !pages) {
        return free ? pages.error() : free.error();
    }
    if (*free < MinFreePages || *free < *pages / MinFreeShare) {
        return false;
    }
    return database.giveBackPages().transform([&](qint64 left) { return left > MinFreePages; });
}

} // namespace Postnook::Sqlite
