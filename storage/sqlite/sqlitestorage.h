#pragma once

#include "storage/backup.h"
#include "storage/executor/poolexecutor.h"
#include "storage/executor/seriallane.h"
#include "storage/sqlite/backupparts.h"
#include "storage/sqlite/contentfiles.h"
#include "storage/store.h"

#include <QTimer>

namespace Postnook::Sqlite
{

class AccountStores;
class DiskWatch;
class ServerDatabase;

// What only this engine knows; the defaults are what a server runs with.
struct SqliteOptions {
    QByteArray vfsName; // a registered SQLite VFS for all databases; empty: default
    std::shared_ptr<ContentFiles> files; // null: the files of the operating system
    std::function<DiskSpace()> space; // empty: what the operating system says
};

// Storage over SQLite: server.db for accounts, accounts/<id>/mail.db and accounts/<id>/content/ for
// each account's mail. Lives in the main thread, which never touches a database after openWith().
class SqliteStorage : public Storage, public Backups
{
    Q_OBJECT

public:
    // As Storage::open(). Blocks.
    static Result<std::unique_ptr<SqliteStorage>>
    openWith(const QString &dataDir, StorageOptions options, SqliteOptions engine);
    ~SqliteStorage() override; // closes

    Future<Result<QList<AccountRecord>>> accounts() override;
    Future<Result<AccountRecord>> account(const QString &name) override;
    Future<Result<AccountRecord>> addAccount(const QString &name,
                                             const ScramCredentials &credentials) override;
    Future<Result<AccountRecord>> setCredentials(const QString &name,
                                                 const ScramCredentials &credentials) override;
    Future<Result<AccountRecord>> removeAccount(const QString &name, bool purge) override;
    QByteArray serverSecret() const override { return m_serverSecret; }
    Future<Result<std::shared_ptr<MailStore>>> mailStore(AccountId id) override;
    Future<Result<RepairReport>> repair(AccountId id) override;
    void setLiveOptions(const StorageOptions &options) override;
    Backups &backups() override { return *this; }
    Future<Result<BackupReport>> backUp(const BackupRequest &request,
                                        const std::shared_ptr<TransferProgress> &progress) override;
    Future<Result<RestoreReport>>
    restore(const RestoreRequest &request,
            const std::shared_ptr<TransferProgress> &progress) override;
    void close() override;

    // One round of the cleaner over an account whose store is open (NotFound when it is not): drops
    // what the retention times of StorageOptions no longer keep and content files without a row.
    // Runs by itself every hour.
    Future<Result<void>> cleanNow(AccountId id);
    // Looks how much room the disk has. Runs by itself every minute.
    Future<Result<void>> lookAtDisk();
    DiskState diskState() const;

protected:
    void
    startJob(JobClass jobClass, std::function<void()> run, std::function<void()> done) override;

private:
    SqliteStorage(const QString &dataDir,
                  const StorageOptions &options,
                  const SqliteOptions &engine,
                  std::unique_ptr<ServerDatabase> server);
    template <typename F, typename Done>
    void onServer(F fn, Done done);
    template <typename F>
    auto askServer(F fn) -> Future<std::invoke_result_t<F &, ServerDatabase &>>;
    void purge(AccountId id, MailStore::DoneFunction done);
    BackupParts
    backupParts(const QString &dataDir, const StorageOptions &options, const SqliteOptions &engine);
    template <typename Run, typename Request, typename Report>
    Future<Result<Report>> transfer(const Request &request,
                                    const std::shared_ptr<TransferProgress> &progress);

    std::unique_ptr<ServerDatabase> m_server; // after openWith() touched by m_serverLane only
    QByteArray m_serverSecret;
    PoolExecutor m_executor;
    SerialLane m_serverLane;
    std::unique_ptr<DiskWatch> m_disk;
    std::unique_ptr<AccountStores> m_stores;
    const BackupParts m_backupParts;
    bool m_isTransferring = false; // a backup or a restore
    QTimer m_cleanTimer;
    bool m_isClosed = false;
};

} // namespace Postnook::Sqlite
