#include "storage/sqlite/readerpool.h"

#include "storage/sqlite/sqlitereadtxn.h"

namespace Postnook::Sqlite
{

ReaderPool::ReaderPool(QString path,
                       QByteArray vfsName,
                       std::shared_ptr<ContentStore> contents,
                       SearchIndex *search)
    : m_path(std::move(path))
    , m_vfsName(std::move(vfsName))
    , m_contents(std::move(contents))
    , m_search(search)
{
}

std::optional<Error> ReaderPool::run(const MailStore::ReadFunction &job, const CancelToken &cancel)
{
    if (cancel && cancel->load(std::memory_order_relaxed)) {
        return Error{ErrorCode::Cancelled, QStringLiteral("nobody wants to know any more")};
    }
    auto connection = take();
    if (!connection) {
        return connection.error();
    }
    auto &database = *connection->database;
    if (auto begun = database.run("BEGIN"); !begun) {
        return begun.error();
    }
    static_cast<void>(database.takeFailure());
    database.setCancelToken(cancel);
    if (connection->search) {
        connection->search->setCancelToken(cancel);
    }
    {
        SqliteReadTxn txn(*connection->reader);
        job(txn);
    }
    connection->reader->end();
    if (connection->search) {
        connection->search->end();
    }
    database.setCancelToken({});
    const auto ended = database.run("ROLLBACK");
    const auto failure = database.takeFailure();
    const bool isSound = ended && (!failure || failure->code == ErrorCode::Cancelled);
    if (isSound) { // a connection that met an error is closed: the next one starts afresh
        giveBack(std::move(*connection));
    }
    return std::nullopt;
}

Result<ReaderPool::Connection> ReaderPool::take()
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_idle.empty()) {
            auto connection = std::move(m_idle.back());
            m_idle.pop_back();
            return connection;
        }
    }
    auto database = Database::open(m_path, Database::Mode::Reader, m_vfsName);
    if (!database) {
        return database.error();
    }
    auto reader = std::make_unique<MailReader>(**database, *m_contents);
    auto search = m_search != nullptr ? std::make_unique<SearchReader>(*m_search) : nullptr;
    reader->setSearch(search.get());
    return Connection{std::move(*database), std::move(reader), std::move(search)};
}

void ReaderPool::giveBack(Connection connection)
{
    const std::lock_guard lock(m_mutex);
    m_idle.push_back(std::move(connection));
}

void ReaderPool::trim()
{
    std::vector<Connection> closing;
    const std::lock_guard lock(m_mutex);
    closing.swap(m_idle);
}

} // namespace Postnook::Sqlite
