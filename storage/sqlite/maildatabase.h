#pragma once

#include "storage/executor/writerlane.h"
#include "storage/sqlite/mailwriter.h"
#include "storage/sqlite/readerpool.h"
#include "storage/sqlite/searchindex.h"

namespace Postnook::Sqlite
{

// One account's open database: its writer lane, its readers, its content folder. Made on a pool
// thread; goes on a pool thread when the last job and the last MailStore have let go of it.
class MailDatabase : public std::enable_shared_from_this<MailDatabase>
{
public:
    struct Parts {
        QString path; // of mail.db
        QString searchPath; // of search.db
        QByteArray vfsName;
        std::shared_ptr<ContentStore> contents;
        std::function<qint64()> nowUtc;
        SearchTexts searchTexts;
    };
    // The outcome of a slice of background work: whether there is more.
    using SliceDone = std::function<void(const Result<bool> &)>;

    MailDatabase(PoolExecutor &executor, Parts parts);

    Result<void> open(); // before anything else
    // Main thread: who hears of commits.
    void setListener(WriterLane::Publish listener) { m_listener = std::move(listener); }

    // Main thread: who sees to the search index when it has work that mail is not.
    using IndexListener = std::function<void(const std::shared_ptr<MailDatabase> &)>;
    void setIndexListener(IndexListener listener) { m_indexListener = std::move(listener); }

    void startRead(MailStore::ReadFunction run,
                   MailStore::DoneFunction done,
                   const ReadOptions &options);
    void startWrite(WriteJob job);
    bool hasSearchIndex() const { return m_search != nullptr; }
    // When nothing else waits: a slice of work on the search index.
    void startIndexing(MailStore::Indexing how, SliceDone done);
    // Drops texts from it that no message has any more, of some blocks behind `after`.
    void startForgettingTexts(std::shared_ptr<ContentId> after, SliceDone done);
    // When nothing else waits: a slice of making its file smaller, of what is unused in it.
    void startShrinkingIndex(SliceDone done);
    // When nothing else waits: moves the log into the database and closes idle readers.
    void startTidying(std::function<void()> done = {});
    // When nothing else waits: a write job of the cleaner.
    void startBackgroundWrite(WriteJob job);

    const std::shared_ptr<ContentStore> &contents() const { return m_contents; }
    const QString &path() const { return m_path; } // of mail.db

private:
    using SearchWork = std::function<Result<bool>(SearchIndex &, MailReader &)>;
    void tellIndexWork();
    void startOnIndex(SearchWork work, SliceDone done);

    PoolExecutor &m_executor;
    const QString m_path;
    const std::shared_ptr<ContentStore> m_contents;
    WriterLane::Publish m_listener; // main thread only, as the next
    IndexListener m_indexListener;
    MailWriter m_writer;
    const std::unique_ptr<SearchIndex> m_search; // null: none is kept
    ReaderPool m_readers;
    WriterLane m_lane;
};

} // namespace Postnook::Sqlite
