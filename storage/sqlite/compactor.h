#pragma once

#include "storage/sqlite/maildatabase.h"

namespace Postnook::Sqlite
{

// One call of MailStore::compact(): some slices, each of which waits until nothing else does. Lives
// in the main thread, by its slices.
class Compactor : public std::enable_shared_from_this<Compactor>
{
public:
    using Done = std::function<void(const Result<Compaction> &)>;
    using Clean = std::function<void(MailStore::DoneFunction)>;

    Compactor(PoolExecutor &executor,
              std::shared_ptr<MailDatabase> database,
              CancelToken cancel,
              Done done);

    // Measures what there is, then cleans.
    void begin(const Clean &clean);
    // Goes on with the mail database, then the search database, then their logs.
    void goOn();

private:
    void shrinkMail();
    void shrinkIndex();
    void
    sliceDone(const Result<bool> &hasMore, void (Compactor::*same)(), void (Compactor::*next)());
    void tidy();
    void measure(std::function<void(qint64 sizeBytes)> measured);

    PoolExecutor &m_executor;
    const std::shared_ptr<MailDatabase> m_database;
    const CancelToken m_cancel;
    const Done m_done;
    int m_slices = 0;
};

} // namespace Postnook::Sqlite
