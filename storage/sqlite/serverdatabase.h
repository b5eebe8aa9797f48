#pragma once

#include "storage/sqlite/database.h"

namespace Postnook::Sqlite
{

// server.db: accounts, their credentials, the server's secret. Used by one job at a time.
class ServerDatabase
{
public:
    ServerDatabase(QString path, QByteArray vfsName)
        : m_path(std::move(path))
        , m_vfsName(std::move(vfsName))
    {
    }

    // To be called before each use; opens the file where it is not open.
    Result<void> open();
    // After each use: closes the file after an error, so that nothing in memory is believed, and
    // keeps the log short.
    void settle();

    QByteArray secret() const { return m_secret; }

    Result<QList<AccountRecord>> accounts(); // by name, also removed ones
    Result<AccountRecord> account(const QString &name); // NotFound
    Result<AccountRecord> account(AccountId id); // NotFound
    Result<AccountRecord> add(const QString &name, const ScramCredentials &credentials);
    Result<AccountRecord> setCredentials(const QString &name, const ScramCredentials &credentials);
    // With purge: hides the account for good; forget() follows when its mail is gone.
    Result<AccountRecord> remove(const QString &name, bool purge);
    Result<QList<AccountId>> purged();
    Result<void> forget(AccountId id);

private:
    const QString m_path;
    const QByteArray m_vfsName;
    std::unique_ptr<Database> m_database;
    QByteArray m_secret;
};

} // namespace Postnook::Sqlite
