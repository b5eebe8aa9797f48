#pragma once

#include "storage/backup.h"
#include "storage/executor/poolexecutor.h"
#include "storage/sqlite/backupmanifest.h"
#include "storage/sqlite/contentfiles.h"

#include <functional>

namespace Postnook::Sqlite
{

class AccountStores;
class ServerDatabase;

// What backups and restores work with. Main thread; outlives them.
struct BackupParts {
    PoolExecutor &executor;
    AccountStores &stores;
    QString dataDir;
    BackupOwner owner;
    QByteArray vfsName;
    std::shared_ptr<ContentFiles> files;
    std::function<qint64()> nowUtc;
    CancelToken closing; // raised when the storage closes
    // Runs work in the lane of the server database, then `done` in the main thread.
    using ServerWork = std::function<Result<void>(ServerDatabase &)>;
    std::function<void(ServerWork work, std::function<void(const Result<void> &)> done)> onServer;
    // Deletes what there is of an account that nobody sees.
    std::function<void(AccountId)> purge;
};

} // namespace Postnook::Sqlite
