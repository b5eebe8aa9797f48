#pragma once

#include "storage/executor/writerlane.h"
#include "storage/sqlite/mailwriter.h"
#include "storage/sqlite/readerpool.h"

namespace Postnook::Sqlite
{

// One account's open database: its writer lane, its readers, its content folder. Made on a pool
// thread; goes on a pool thread when the last job and the last MailStore have let go of it.
class MailDatabase : public std::enable_shared_from_this<MailDatabase>
{
public:
    struct Parts {
        QString path; // of mail.db
        QByteArray vfsName;
        std::shared_ptr<ContentStore> contents;
        std::function<qint64()> nowUtc;
    };

    MailDatabase(PoolExecutor &executor, Parts parts);

    Result<void> open(); // before anything else
    // Main thread: who hears of commits.
    void setListener(WriterLane::Publish listener) { m_listener = std::move(listener); }

    void startRead(MailStore::ReadFunction run, MailStore::DoneFunction done, ReadOptions options);
    void startWrite(WriteJob job);
    // When nothing else waits: moves the log into the database and closes idle readers.
    void startTidying();
    // When nothing else waits: a write job of the cleaner.
    void startBackgroundWrite(WriteJob job);

    const std::shared_ptr<ContentStore> &contents() const { return m_contents; }

private:
    PoolExecutor &m_executor;
    const std::shared_ptr<ContentStore> m_contents;
    WriterLane::Publish m_listener; // main thread only
    MailWriter m_writer;
    ReaderPool m_readers;
    WriterLane m_lane;
};

} // namespace Postnook::Sqlite
