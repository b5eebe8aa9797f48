#include "storage/sqlite/sqlitemailstore.h"

#include "storage/sqlite/contentwriter.h"

namespace Postnook::Sqlite
{

namespace
{

Error closed()
{
    return {ErrorCode::Unavailable, QStringLiteral("the mail store is closed")};
}

} // namespace

SqliteMailStore::SqliteMailStore(std::shared_ptr<MailDatabase> database, Compact compact)
    : m_database(std::move(database))
    , m_contents(m_database->contents())
    , m_compact(std::move(compact))
{
    m_database->setListener([this](const QList<CommitNotice> &notices) {
        m_written = true;
        Q_EMIT written();
        Q_EMIT committed(notices);
    });
}

SqliteMailStore::~SqliteMailStore()
{
    shutDown();
}

void SqliteMailStore::shutDown()
{
    if (m_database) {
        m_database->setListener({});
        m_database.reset();
    }
}

Future<Result<SearchIndexState>> SqliteMailStore::index(Indexing how)
{
    using R = Result<SearchIndexState>;
    if (!m_database || !m_database->hasSearchIndex()) {
        return finishedFuture(m_database ? R(SearchIndexState()) : R(closed()));
    }
    const Promised<R> finish;
    m_database->startIndexing(how, [finish, database = m_database](const Result<bool> &indexed) {
        if (!indexed) {
            finish(indexed.error());
            return;
        }
        const auto state = std::make_shared<R>(SearchIndexState());
        database->startRead([state](ReadTxn &txn) { *state = txn.searchIndexState(); },
                            [finish, state](const std::optional<Error> &error) {
                                finish(error ? R(*error) : *state);
                            },
                            {JobClass::Background, {}});
    });
    return finish.future();
}

Future<Result<Compaction>> SqliteMailStore::compact(Compacting how)
{
    const Promised<Result<Compaction>> finish;
    m_database ? m_compact(how, finish) : finish(closed());
    return finish.future();
}

std::unique_ptr<ContentWriter> SqliteMailStore::newContent(quint64 sizeHint)
{
    return std::make_unique<SqliteContentWriter>(m_contents, sizeHint);
}

void SqliteMailStore::startRead(ReadFunction run, DoneFunction done, const ReadOptions &options)
{
    if (!m_database) {
        done(closed());
        return;
    }
    m_database->startRead(std::move(run), std::move(done), options);
}

void SqliteMailStore::startWrite(WriteFunction run, DoneFunction done, WriteOptions options)
{
    if (!m_database) {
        done(closed());
        return;
    }
    m_database->startWrite({std::move(run), std::move(done), options});
}

} // namespace Postnook::Sqlite
