#pragma once

#include "storage/store.h"

#include <QDateTime>

namespace Postnook
{

// How far a backup or restore has come. Written by its jobs, read by who shows it; any thread.
struct TransferProgress {
    std::atomic<qint64> doneBytes = 0;
    std::atomic<qint64> totalBytes = 0; // 0: not known yet; grows when the next account begins
    std::atomic<bool> isCancelled = false; // set by who wants it to end: Cancelled is the answer
};

struct BackupRequest {
    QString folder; // absolute; made when its parent is there
    QStringList accounts = {}; // names; empty: all but removed ones
    int keep = 0; // generations of each account that stay, the new one included; 0: all
    bool mayMake = true; // else it is an error when there are no backups in the folder yet
    bool readsAll = false; // also what an earlier backup has brought there
};

// What became of one account in a backup.
struct AccountBackup {
    AccountId id;
    QString name;
    std::optional<Error> error; // it is not in this generation
    qint64 messages = 0;
    qint64 databaseBytes = 0;
    qint64 files = 0; // messages above 64 KiB
    qint64 fileBytes = 0;
    qint64 newFiles = 0; // of these, copied now
    qint64 newFileBytes = 0;
    qint64 textsRead = 0; // whose bytes in the backup were compared with their SHA-256
};

struct BackupReport {
    int generation = 0; // 0: nothing could be backed up
    QDateTime at; // UTC
    QList<AccountBackup> accounts; // in order of name
    int dropped = 0; // generations
    QStringList notes; // in words for people
};

struct BackedUpAccount {
    AccountId id; // as it was
    QString name;
    qint64 messages = 0;
    qint64 mailboxes = 0;
    int schema = 0; // version of its database
    QByteArray database; // SHA-256 of the file
    qint64 databaseBytes = 0;
    qint64 files = 0;
    qint64 fileBytes = 0;

    friend bool operator==(const BackedUpAccount &, const BackedUpAccount &) = default;
};

// One backup of some accounts.
struct BackupGeneration {
    int number = 0; // from 1, grows; never used again while there is a later one
    QDateTime at; // UTC, by the clock of that time
    QString program; // its version
    QByteArray server; // SHA-256 of the copy of the server database
    QList<BackedUpAccount> accounts; // in order of name
    std::optional<Error> error; // why it cannot be used; then there is only the number

    friend bool operator==(const BackupGeneration &, const BackupGeneration &) = default;
};

struct RestoreRequest {
    QString folder; // absolute
    QStringList accounts = {}; // names in the backup; empty: all of the generation
    int generation = 0; // 0: each account's newest, or the newest up to `at`
    QDateTime at = {}; // invalid: now
    QString as = {}; // the name it gets, of one account
    bool replaces = false; // accounts that are there; else AlreadyExists
    bool onlyReads = false; // looks whether everything could be restored, and does nothing
};

struct RestoredAccount {
    QString backedUpName;
    QString name; // it has now
    AccountId id;
    int generation = 0;
    QDateTime at; // of the backup
    qint64 messages = 0;
    qint64 mailboxes = 0;
    bool keepsPassword = false; // of the account that was there; else it is that of the backup
    std::optional<AccountId> replaced; // what was there, a removed account now
    QString keptAs; // its name now
    QString keptFolder;
};

struct RestoreReport {
    QList<RestoredAccount> accounts;
};

// The part of the seam that deals with whole accounts in backup folders; every Storage has one, of
// the same life. Main thread, as the futures.
class Backups
{
public:
    // What a backup folder holds, newest first; it takes no data folder. Blocks. NotFound.
    static Result<QList<BackupGeneration>> generationsIn(const QString &folder);
    virtual ~Backups() = default;

    // Adds a generation to a backup folder, each account as it is at one moment, while everything
    // goes on; in slices in the background. One backup or restore at a time (Busy).
    virtual Future<Result<BackupReport>>
    backUp(const BackupRequest &request, const std::shared_ptr<TransferProgress> &progress) = 0;
    // Brings accounts back out of a backup folder: all of them or none, and not before everything
    // was found whole. What is there is kept under another name.
    virtual Future<Result<RestoreReport>>
    restore(const RestoreRequest &request, const std::shared_ptr<TransferProgress> &progress) = 0;
};

} // namespace Postnook
