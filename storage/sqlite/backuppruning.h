#pragma once

#include "storage/sqlite/backupfolder.h"

#include <QSet>

namespace Postnook::Sqlite
{

// Takes old generations out of a backup folder, then what none of the others needs. A generation
// stays as long as it is among the last `keep` of some account, so that an account whose backups
// fail loses none. In slices, on pool threads in turn.
class BackupPruning
{
public:
    BackupPruning(std::shared_ptr<const BackupFolder> folder, QByteArray vfsName, int keep);

    Result<bool> slice();

    int dropped() const { return m_dropped; }
    const QStringList &notes() const { return m_notes; }

private:
    Result<bool> dropGenerations();
    Result<bool> dropDatabases();
    Result<bool> dropFiles();
    Result<void> readNeededFiles(AccountId account);

    const std::shared_ptr<const BackupFolder> m_folder;
    const QByteArray m_vfsName;
    const int m_keep;
    QList<BackupGeneration> m_kept;
    int m_step = 0;
    int m_dropped = 0;
    QStringList m_notes;
    QList<AccountId> m_accounts; // whose files are yet to be looked at
    QSet<QString> m_needed; // names, of the last of them
    QStringList m_folders; // of that one, yet to be looked at
};

} // namespace Postnook::Sqlite
