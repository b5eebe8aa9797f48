#pragma once

#include "storage/sqlite/indexer.h"
#include "storage/sqlite/sqlitemailstore.h"

#include <QTimer>

#include <map>

namespace Postnook::Sqlite
{

// The accounts' mail databases of one data folder: opened when asked for, shared while somebody
// holds them, closed after that. Lives in the main thread; files are touched by pool jobs only.
class AccountStores : public QObject
{
    Q_OBJECT

public:
    using Answer = std::function<void(const Result<std::shared_ptr<MailStore>> &)>;
    using DoneFunction = MailStore::DoneFunction;

    struct Parts {
        QString dataDir;
        StorageOptions options;
        QByteArray vfsName;
        std::shared_ptr<ContentFiles> files;
        std::shared_ptr<DiskReserve> reserve;
    };

    AccountStores(PoolExecutor &executor, Parts parts);
    ~AccountStores() override;

    // The store, if somebody holds it.
    std::shared_ptr<MailStore> find(AccountId id) const;
    void open(AccountId id, Answer answer);
    // Both when the account's last job has ended. Deletes its folder.
    void purge(AccountId id, DoneFunction done);
    using Repaired = std::function<void(const Result<RepairReport> &)>;
    void repair(AccountId id, Repaired done);
    void clean(AccountId id, DoneFunction done);
    void compact(AccountId id, MailStore::Compacting how, SqliteMailStore::Compacted done);
    void cleanAll();
    // For the cleaner's rounds from now on.
    void setRetention(const StorageOptions &options);
    // The search index is not worth the last room on a disk.
    void setIndexing(bool on) { m_indexer.setPaused(!on); }
    // Lets go of every store; the executor's drain() then ends what is still running.
    void close();

private:
    // Work on the folder while nobody has the database open.
    struct Alone {
        std::function<std::optional<Error>()> work; // pool thread
        DoneFunction done;
        bool endsAccount = false; // the folder is gone then
    };
    struct Account {
        std::weak_ptr<SqliteMailStore> store;
        std::weak_ptr<MailDatabase> database;
        std::weak_ptr<ContentStore> contents; // held on by staged content
        QList<Answer> waiting;
        QList<Alone> alone; // what waits for the folder to be free
        bool isBusy = false; // a job opens, closes or works alone, or a database exists
    };

    void proceed(AccountId id); // does what waits for the folder to be free
    void startOpening(AccountId id);
    static bool endsAccount(const QList<Alone> &alone);
    void startAlone(AccountId id);
    void letAlone(AccountId id, Alone alone);
    void opened(AccountId id, const Result<std::shared_ptr<MailDatabase>> &database);
    void freed(AccountId id);
    std::shared_ptr<MailStore> newStore(AccountId id,
                                        const std::shared_ptr<MailDatabase> &database);
    std::shared_ptr<ContentStore> contentsOf(AccountId id);
    QString folderOf(AccountId id) const;
    void tidy();

    PoolExecutor &m_executor;
    Parts m_parts;
    std::map<AccountId, Account> m_accounts;
    QTimer m_tidyTimer;
    Indexer m_indexer;
    CancelToken m_closing;
};

} // namespace Postnook::Sqlite
