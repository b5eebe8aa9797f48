#pragma once

#include "storage/sqlite/searchreader.h"

#include <mutex>

namespace Postnook::Sqlite
{

// Read connections to one account's database, at most one for each thread of the pool: nobody waits
// for one. Thread-safe.
class ReaderPool
{
public:
    // `search`, if there is one, outlives the pool.
    ReaderPool(QString path,
               QByteArray vfsName,
               std::shared_ptr<ContentStore> contents,
               SearchIndex *search);

    // Runs the job inside a transaction on a connection of its own.
    std::optional<Error> run(const MailStore::ReadFunction &job, const CancelToken &cancel);
    // Closes those connections that nobody uses.
    void trim();

private:
    struct Connection {
        std::unique_ptr<Database> database;
        std::unique_ptr<MailReader> reader;
        std::unique_ptr<SearchReader> search; // or null
    };

    Result<Connection> take();
    void giveBack(Connection connection);

    const QString m_path;
    const QByteArray m_vfsName;
    const std::shared_ptr<ContentStore> m_contents;
    SearchIndex *const m_search;
    std::mutex m_mutex;
    std::vector<Connection> m_idle;
};

} // namespace Postnook::Sqlite
