#pragma once

#include "storage/sqlite/backupmanifest.h"
#include "storage/sqlite/contentfiles.h"

#include <memory>

namespace Postnook::Sqlite
{

// A folder with backups of one data folder:
//   postnook-backup.json             whose it is
//   generations/NUMBER.json          one backup each: which accounts, and their databases by digest
//   databases/SHA256.db              databases as they were; equal ones share a file
//   content/ACCOUNT/x/y/NAME         messages above 64 KiB; one file for all generations
// A file has its name when it is whole and on disk, and a generation comes last: whatever cuts a
// backup short leaves the earlier ones as they were, and rubbish for the next one to remove.
// Pool threads; blocks.
class BackupFolder
{
public:
    // `path` is absolute.
    BackupFolder(QString path, std::shared_ptr<ContentFiles> files);

    enum class Missing { IsMade, IsAnError };
    // For a backup of the data folder. Invalid, with what to do: it lies in the data folder, holds
    // something else, or backups of another data folder.
    Result<void> openFor(const QString &dataDir, const BackupOwner &owner, Missing missing) const;
    // For a restore. NotFound: there is no backup in it.
    Result<void> open() const;

    // Newest first, those that cannot be used with an error.
    Result<QList<BackupGeneration>> generations() const;
    // One more than the last.
    static int nextNumber(const QList<BackupGeneration> &generations);
    Result<void> add(const BackupGeneration &generation) const;
    Result<void> drop(int number) const;

    QString databasesFolder() const { return m_path + QStringLiteral("/databases"); }
    QString databasePath(const QByteArray &sha256) const;
    // What is not a database yet, of which there is one at a time.
    QString newDatabasePath() const { return databasesFolder() + QStringLiteral("/new"); }
    // Makes the database that was written there one of the backup's.
    Result<void> keepNewDatabase(const QByteArray &sha256) const;
    QString contentFolder(AccountId account) const;
    // The folder of a content file, made with those above it.
    Result<void> makeFolderOf(AccountId account, const QString &contentName) const;

    const QString &path() const { return m_path; }
    ContentFiles &files() const { return *m_files; }

private:
    Result<void> checkPlace(const QString &dataDir) const;
    Result<BackupOwner> owner() const;
    Result<QByteArray> readFile(const QString &path) const;
    Result<void> writeFile(const QString &path, const QByteArray &bytes) const;
    Result<void> makeFolder(const QString &path) const;
    QString labelPath() const;
    QString generationPath(int number) const;

    const QString m_path;
    const std::shared_ptr<ContentFiles> m_files;
};

} // namespace Postnook::Sqlite
