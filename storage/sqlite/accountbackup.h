#pragma once

#include "storage/sqlite/backupfolder.h"
#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/databasecopy.h"
#include "storage/sqlite/texttransfer.h"

#include <QSet>

namespace Postnook::Sqlite
{

// Brings one account into a backup folder: its database as it is at one moment, then the files that
// this names and the folder has not yet; what was written is read again and compared. In slices, on
// pool threads in turn; whoever ends it early calls close() on one.
class AccountBackupJob
{
public:
    struct Parts {
        AccountRecord account;
        QString accountFolder; // accounts/ID
        QByteArray vfsName;
        std::shared_ptr<const BackupFolder> folder;
        std::shared_ptr<ContentStore> contents;
        bool readsAll = false;
        std::shared_ptr<TransferProgress> progress;
    };
    explicit AccountBackupJob(Parts parts);

    // Some milliseconds of work; whether there is more. After an error or the last slice all files
    // are closed.
    Result<bool> slice();
    void close();
    // Whether the account's own database is still open.
    bool readsAccount() const { return m_source != nullptr; }

    // After the last slice.
    const AccountBackup &report() const { return m_report; }
    const BackedUpAccount &entry() const { return m_entry; }

private:
    using Step = Result<bool> (AccountBackupJob::*)(); // whether the step goes on

    Result<bool> work();
    Result<bool> openSource();
    Result<bool> copyDatabase();
    Result<bool> digestDatabase();
    Result<bool> checkDatabase();
    Result<bool> bringTexts();
    Result<bool> keepDatabase();
    void dropNewFiles();

    const Parts m_parts;
    std::shared_ptr<const void> m_hold;
    size_t m_step = 0;
    std::unique_ptr<Database> m_source;
    std::unique_ptr<DatabaseCopy> m_databaseCopy;
    std::unique_ptr<OpenFile> m_copiedFile;
    Sha256 m_digest;
    qint64 m_digested = 0;
    std::unique_ptr<Database> m_copy;
    std::unique_ptr<TextTransfer> m_texts;
    QSet<QString> m_folders; // of content files, known to be there
    AccountBackup m_report;
    BackedUpAccount m_entry;
};

} // namespace Postnook::Sqlite
