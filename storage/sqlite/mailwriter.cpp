#include "storage/sqlite/mailwriter.h"

#include "storage/sqlite/mailschema.h"

namespace Postnook::Sqlite
{

namespace
{

constexpr int CheckpointPages = 4096; // 16 MiB of log

} // namespace

MailWriter::MailWriter(QString path,
                       QByteArray vfsName,
                       std::shared_ptr<ContentStore> contents,
                       std::function<qint64()> nowUtc)
    : m_path(std::move(path))
    , m_vfsName(std::move(vfsName))
    , m_contents(std::move(contents))
    , m_nowUtc(std::move(nowUtc))
{
}

MailWriter::~MailWriter()
{
    m_reader.reset(); // reads from the database
}

// Gives up a connection after a failure. It stays open until the next one is: were it the last,
// SQLite would recover the log when it opens it again, and take what a refused commit left there
// for committed.
void MailWriter::retire()
{
    m_reader.reset();
    m_retired = std::move(m_database);
}

Result<void> MailWriter::open()
{
    auto database = Database::open(m_path, Database::Mode::Writer, m_vfsName);
    if (!database) {
        return database.error();
    }
    if (auto migrated = migrate(**database, mailSchema(m_nowUtc())); !migrated) {
        return migrated;
    }
    m_database = std::move(*database);
    m_reader = std::make_unique<MailReader>(*m_database, *m_contents);
    m_retired.reset();
    return {};
}

std::optional<Error> MailWriter::begin()
{
    m_jobs.clear();
    m_notices.clear();
    if (!m_database) {
        if (auto opened = open(); !opened) {
            return opened.error();
        }
    }
    const auto begun = m_database->run("BEGIN IMMEDIATE");
    if (!begun) {
        retire();
        return begun.error();
    }
    return std::nullopt;
}

std::optional<Error> MailWriter::run(const WriteJob &job)
{
    const int spilled = m_database->spilledPages();
    auto error = runOnce(job);
    if (!error) {
        m_jobs.push_back(&job);
    } else if (isOpen() && m_database->spilledPages() != spilled) {
        beginAgain();
    }
    return error;
}

// Where a savepoint is rolled back that has written a page to the log twice, SQLite (3.40.1) goes
// on with frames that no recovery believes, and all commits behind them would be lost if the
// process died. So the whole transaction is rolled back, and what it had done is done again.
void MailWriter::beginAgain()
{
    const auto jobs = std::exchange(m_jobs, {});
    rollback();
    if (begin()) {
        return;
    }
    for (const auto *job : jobs) {
        if (run(*job)) {
            rollback();
            return;
        }
    }
}

std::optional<Error> MailWriter::runOnce(const WriteJob &job)
{
    SqliteWriteTxn txn(*m_reader, *m_contents, m_nowUtc());
    if (auto error = runInSavepoint(job, txn)) {
        undoSavepoint();
        return error;
    }
    m_notices.append(txn.context().mailboxes.notices(job.options.origin));
    auto &taken = txn.context().takenFiles;
    m_takenFiles.insert(m_takenFiles.end(), taken.begin(), taken.end());
    return std::nullopt;
}

std::optional<Error> MailWriter::runInSavepoint(const WriteJob &job, SqliteWriteTxn &txn)
{
    if (auto saved = m_database->run("SAVEPOINT job"); !saved) {
        return saved.error();
    }
    static_cast<void>(m_database->takeFailure());
    auto error = job.run(txn);
    m_reader->end();
    if (error) {
        return error;
    }
    // A job must not succeed over a statement that failed.
    if (auto failure = m_database->takeFailure()) {
        return failure;
    }
    if (auto flushed = txn.flush(); !flushed) {
        return flushed.error();
    }
    if (auto released = m_database->run("RELEASE job"); !released) {
        return released.error();
    }
    return std::nullopt;
}

void MailWriter::undoSavepoint()
{
    m_reader->keywordSets().forget();
    if (!isOpen()) {
        return;
    }
    auto undone = m_database->run("ROLLBACK TO job");
    if (undone) {
        undone = m_database->run("RELEASE job");
    }
    if (!undone) {
        static_cast<void>(m_database->run("ROLLBACK"));
    }
}

bool MailWriter::isOpen() const
{
    return m_database && m_database->inTransaction();
}

Result<QList<CommitNotice>> MailWriter::commit()
{
    // From here on rows may name these files, whatever COMMIT says.
    for (const auto &data : m_takenFiles) {
        data->file->setKept(true);
    }
    const auto earlierCommits = m_database->writtenCommits();
    if (const auto committed = m_database->run("COMMIT"); !committed) {
        m_doubtfulFiles.insert(m_doubtfulFiles.end(), m_takenFiles.begin(), m_takenFiles.end());
        rollback();
        // After a failed sync nobody knows what the disk has. A new connection believes only what
        // it reads, and the next commit writes and syncs its pages afresh.
        retire();
        return committed.error();
    }
    m_takenFiles.clear();
    if (m_database->writtenCommits() != earlierCommits) {
        m_doubtfulFiles.clear();
    }
    return std::exchange(m_notices, {});
}

void MailWriter::rollback()
{
    m_takenFiles.clear();
    m_notices.clear();
    m_reader->keywordSets().forget();
    if (isOpen()) {
        static_cast<void>(m_database->run("ROLLBACK"));
    }
}

void MailWriter::settle()
{
    if (!m_database) {
        return;
    }
    const int pages = m_database->walPages();
    if (pages < m_checkpointedPages) { // the log has begun anew
        m_checkpointedPages = 0;
    }
    // Where a reader keeps the log from beginning anew, not after every commit.
    if (pages - m_checkpointedPages >= CheckpointPages) {
        m_database->checkpoint(Database::Checkpoint::Passive);
        m_checkpointedPages = pages;
    }
}

void MailWriter::checkpointFully()
{
    if (m_database) {
        m_database->checkpoint(Database::Checkpoint::Truncate);
    }
}

} // namespace Postnook::Sqlite
