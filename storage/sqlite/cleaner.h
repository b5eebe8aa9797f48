#pragma once

#include "storage/sqlite/maildatabase.h"

namespace Postnook::Sqlite
{

// One round of cleaning over one account: expunged messages past their time, with the content that
// nobody has any more; then their search texts; then content files without a row; then space for
// the file system. Goes in slices, each of which waits until nothing else does. Lives in the main
// thread, by its slices.
class Cleaner : public std::enable_shared_from_this<Cleaner>
{
public:
    Cleaner(PoolExecutor &executor,
            std::shared_ptr<MailDatabase> database,
            const StorageOptions &options,
            CancelToken cancel,
            MailStore::DoneFunction done);

    void start() { next(); }

private:
    // A slice of a step: whether there is more to do in this step.
    using WriteSlice = Result<bool> (Cleaner::*)(Database &);

    void next();
    void startWrite(WriteSlice slice);
    void startFileSearch();
    void startForgettingTexts();
    void sliceDone(const std::optional<Error> &error);
    void removeFiles();

    Result<bool> dropMessages(Database &database);
    Result<bool> dropHistory(Database &database);
    Result<bool> dropDeletedMailboxes(Database &database);
    Result<bool> giveBackSpace(Database &database);
    Result<void> dropContentIfUnused(Database &database, qint64 contentId);
    Result<bool> findLostFiles(MailReader &reader);

    PoolExecutor &m_executor;
    const std::shared_ptr<MailDatabase> m_database;
    const CancelToken m_cancel;
    const MailStore::DoneFunction m_done;
    const qint64 m_dropMessagesUpTo; // times of expunging
    const qint64 m_dropHistoryUpTo;

    // Touched by one slice at a time, and between slices by the main thread.
    int m_step = 0;
    Result<bool> m_hasMore = false;
    QStringList m_files; // to be removed when the slice has ended well
    QStringList m_folders; // still to be searched
    const std::shared_ptr<ContentId> m_textsAfter = std::make_shared<ContentId>();
};

} // namespace Postnook::Sqlite
