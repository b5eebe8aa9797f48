#pragma once

#include "storage/sqlite/accountrestore.h"
#include "storage/sqlite/backupparts.h"
#include "storage/sqlite/serverdatabase.h"

namespace Postnook::Sqlite
{

// One restore: each account is brought into a folder of its own that nobody sees, and when all are
// there and whole, one transaction of the server database puts them in their places. What is cut
// short before that is purged, at the latest when the storage is opened again. As a restored
// account is a new one to the rest of the program, nothing that is remembered of the old one is
// taken for it. Lives in the main thread, by its slices.
class RestoreRun : public std::enable_shared_from_this<RestoreRun>
{
public:
    using Done = std::function<void(const Result<RestoreReport> &)>;

    RestoreRun(const BackupParts &parts,
               RestoreRequest request,
               std::shared_ptr<TransferProgress> progress,
               Done done);

    void start();

private:
    struct Chosen {
        BackedUpAccount backedUp;
        AccountRecord record; // with the name it will have, and the credentials of the backup
        std::optional<AccountId> reserved;
        std::shared_ptr<AccountRestoreJob> job;
        RestoredAccount report;
    };

    Result<bool> choose();
    Result<void> chooseFrom(const QList<BackupGeneration> &generations, const QString &name);
    Result<void> readCredentials(const BackupGeneration &generation, AccountRecord *record) const;
    void reserve();
    Result<void> findPlaces(ServerDatabase &server);
    Result<void> findPlace(const QList<AccountRecord> &accounts, Chosen *chosen) const;
    void bringNext(qsizetype index);
    void finishNext(qsizetype index);
    void finishJob(qsizetype index, qint64 usedUidValidity);
    void activate();
    void finish(const Result<void> &outcome);
    void closeAll(const Error &error);
    bool isCancelled() const { return m_progress->isCancelled || *m_parts.closing; }
    Error explained(const Error &error) const;

    const BackupParts &m_parts;
    const RestoreRequest m_request;
    const std::shared_ptr<TransferProgress> m_progress;
    const Done m_done;
    const std::shared_ptr<BackupFolder> m_folder;
    QList<Chosen> m_chosen; // touched by one job at a time, and between jobs by the main thread
};

} // namespace Postnook::Sqlite
