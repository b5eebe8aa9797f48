#pragma once

#include "storage/sqlite/maildatabase.h"

namespace Postnook::Sqlite
{

// The MailStore that callers hold: a handle on the account's database, in the main thread.
class SqliteMailStore : public MailStore
{
    Q_OBJECT

public:
    using Compacted = std::function<void(const Result<Compaction> &)>;
    using Compact = std::function<void(Compacting how, Compacted done)>;

    // `compact` is called while the database is there.
    SqliteMailStore(std::shared_ptr<MailDatabase> database, Compact compact);
    ~SqliteMailStore() override;

    Future<Result<SearchIndexState>> index(Indexing how) override;
    Future<Result<Compaction>> compact(Compacting how) override;
    std::unique_ptr<ContentWriter> newContent(quint64 sizeHint) override;

    const std::shared_ptr<MailDatabase> &database() const { return m_database; } // null: closed
    // Lets go of the database: running jobs end, new ones fail with Unavailable.
    void shutDown();
    // True once after each commit.
    bool takeWritten() { return std::exchange(m_written, false); }

Q_SIGNALS:
    void written(); // something was committed and the log has grown

protected:
    void startRead(ReadFunction run, DoneFunction done, const ReadOptions &options) override;
    void startWrite(WriteFunction run, DoneFunction done, WriteOptions options) override;

private:
    std::shared_ptr<MailDatabase> m_database;
    const std::shared_ptr<ContentStore> m_contents; // any thread
    const Compact m_compact;
    bool m_written = false;
};

} // namespace Postnook::Sqlite
