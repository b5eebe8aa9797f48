#pragma once

#include "storage/backup.h"

#include <QJsonObject>

#include <map>

namespace Postnook
{

// When each account was backed up last, and what went wrong since: kept in the data folder, in the
// file backups.json. Pool threads.
struct BackupState {
    struct Failure {
        QDateTime at; // UTC; invalid: there was none since the last good backup
        QString text;

        friend bool operator==(const Failure &, const Failure &) = default;
    };
    struct Account {
        QDateTime at; // of the last good one, UTC; invalid: none yet
        QString folder;
        Failure failure;

        friend bool operator==(const Account &, const Account &) = default;
    };

    std::map<AccountId, Account> accounts;
    Failure failure; // of a whole backup

    static QString pathIn(const QString &dataDir);
    // What cannot be read counts as nothing.
    static BackupState load(const QString &path);
    Result<void> save(const QString &path) const;

    void note(const QString &folder, const Result<BackupReport> &report, const QDateTime &now);
    // Of the accounts that are there: "accounts" with "name", where there was a good backup "at"
    // and "folder", and where one failed since "failure" with "at" and "text"; "failure" of a whole
    // one.
    QJsonObject toReply(const QList<AccountRecord> &records) const;
    // Whether there ever was a good backup in the folder.
    bool knows(const QString &folder) const;

    friend bool operator==(const BackupState &, const BackupState &) = default;
};

// In words; empty: all was backed up, or somebody stopped it.
QString failureOf(const Result<BackupReport> &report);

} // namespace Postnook
