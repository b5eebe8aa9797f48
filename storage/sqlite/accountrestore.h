#pragma once

#include "storage/sqlite/backupfolder.h"
#include "storage/sqlite/texttransfer.h"

#include <QSet>

namespace Postnook::Sqlite
{

// Brings one account out of a backup folder into a folder that nobody uses yet; what was written is
// read again and compared. Or only reads, to see whether it could. In slices, on pool threads in
// turn; whoever ends it early calls close() on one.
class AccountRestoreJob
{
public:
    struct Parts {
        BackedUpAccount account;
        std::shared_ptr<const BackupFolder> folder;
        QString target; // accounts/ID; empty: only reads
        QByteArray vfsName;
        qint64 nowUtc = 0;
        std::shared_ptr<TransferProgress> progress;
    };
    explicit AccountRestoreJob(Parts parts);

    // Some milliseconds of work; whether there is more. After an error all files are closed.
    Result<bool> slice();
    // After the last slice: gives each mailbox a UIDVALIDITY that is above `usedUidValidity`, all
    // it has been and the clock, and closes the files, with all of it on disk.
    Result<void> finish(qint64 usedUidValidity);
    void close();

private:
    using Step = Result<bool> (AccountRestoreJob::*)(); // whether the step goes on

    Result<bool> work();
    Result<bool> checkVersion();
    Result<bool> bringDatabase();
    Result<bool> openDatabase();
    Result<bool> bringTexts();
    Result<void> makeFolderOf(const QString &contentName);
    bool onlyReads() const { return m_parts.target.isEmpty(); }
    QString targetPath(const char *name) const;

    const Parts m_parts;
    size_t m_step = 0;
    std::unique_ptr<FileCopy> m_databaseCopy;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<TextTransfer> m_texts;
    QSet<QString> m_folders; // made
};

} // namespace Postnook::Sqlite
