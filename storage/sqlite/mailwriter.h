#pragma once

#include "storage/executor/commitengine.h"
#include "storage/sqlite/sqlitewritetxn.h"

namespace Postnook::Sqlite
{

// The one connection that changes an account's database. Used by the account's writer lane only.
class MailWriter : public CommitEngine
{
public:
    MailWriter(QString path,
               QByteArray vfsName,
               std::shared_ptr<ContentStore> contents,
               std::function<qint64()> nowUtc);
    ~MailWriter() override;

    // Opens the connection and brings the file to the newest version.
    Result<void> open();

    std::optional<Error> begin() override;
    std::optional<Error> run(const WriteJob &job) override;
    bool isOpen() const override;
    Result<QList<CommitNotice>> commit() override;
    void rollback() override;
    bool makeRoom() override { return m_contents->giveUpReserve(); }
    void settle() override;

    // Moves the whole log into the database, if nobody is in the way.
    void checkpointFully();

private:
    using TakenFiles = std::vector<std::shared_ptr<StagedContent::Data>>;

    std::optional<Error> runOnce(const WriteJob &job);
    std::optional<Error> runInSavepoint(const WriteJob &job, SqliteWriteTxn &txn);
    void beginAgain();
    void undoSavepoint();
    void retire();

    const QString m_path;
    const QByteArray m_vfsName;
    const std::shared_ptr<ContentStore> m_contents;
    const std::function<qint64()> m_nowUtc;

    std::unique_ptr<Database> m_database; // null: to be opened again before the next use
    std::unique_ptr<Database> m_retired;
    std::unique_ptr<MailReader> m_reader;
    std::vector<const WriteJob *> m_jobs; // that the open transaction has run
    QList<CommitNotice> m_notices;
    TakenFiles m_takenFiles; // of the transaction that is open
    // Of commits whose outcome is unknown: kept from the cleaner until a later commit has settled
    // what the log says.
    TakenFiles m_doubtfulFiles;
    int m_checkpointedPages = 0; // of the log, when it was last tried
};

} // namespace Postnook::Sqlite
