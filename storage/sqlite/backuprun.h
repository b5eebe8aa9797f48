#pragma once

#include "storage/sqlite/accountbackup.h"
#include "storage/sqlite/backupparts.h"
#include "storage/sqlite/backuppruning.h"

#include <optional>

namespace Postnook::Sqlite
{

class MailDatabase;
class SqliteMailStore;

// One backup: the server database, each account in turn, then the generation that names them, then
// what is too old. Lives in the main thread, by its slices.
class BackupRun : public std::enable_shared_from_this<BackupRun>
{
public:
    using Done = std::function<void(const Result<BackupReport> &)>;

    BackupRun(const BackupParts &parts,
              BackupRequest request,
              std::shared_ptr<TransferProgress> progress,
              Done done);

    void start();

private:
    struct Opened;

    Result<bool> openFolder();
    void copyServer();
    Result<void> chooseFrom(const QList<AccountRecord> &accounts);
    Result<void> copyServer(ServerDatabase &server);
    void nextAccount();
    void openAccount(const AccountRecord &account);
    void backUp(const std::shared_ptr<Opened> &opened);
    void accountDone(AccountBackup report);
    void addGeneration();
    void prune();
    void finish(const Result<void> &outcome);
    bool isCancelled() const { return m_progress->isCancelled || *m_parts.closing; }
    Error explained(const Error &error) const;

    const BackupParts &m_parts;
    const BackupRequest m_request;
    const std::shared_ptr<TransferProgress> m_progress;
    const Done m_done;
    const std::shared_ptr<BackupFolder> m_folder;

    // Touched by one job at a time, and between jobs by the main thread.
    QList<AccountRecord> m_accounts; // yet to come
    BackupGeneration m_generation;
    BackupReport m_report;
};

} // namespace Postnook::Sqlite
