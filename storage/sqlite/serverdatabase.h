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
    // The form in which names are compared.
    static QString folded(const QString &name);
    // Of another server database; NotFound.
    static Result<AccountRecord> accountIn(Database &database, AccountId id);

    // For a copy of the whole; open.
    Database &database() { return *m_database; }

    // An account that nobody sees before activate(); one to be purged if it never comes.
    Result<AccountId> reserve(const AccountRecord &account);
    // A reserved account takes the place of another one, if any, which becomes a removed account
    // under another name.
    struct Activation {
        AccountId reserved;
        QString name;
        std::optional<AccountId> replaced;
        QString keptAs;
        bool keepsCredentials = false; // of the one that is replaced
    };
    // All or none. AlreadyExists: a name was taken meanwhile.
    Result<void> activate(const QList<Activation> &activations);
    Result<QList<AccountId>> purged();
    Result<void> forget(AccountId id);

private:
    Result<void> activate(const Activation &activation);

    const QString m_path;
    const QByteArray m_vfsName;
    std::unique_ptr<Database> m_database;
    QByteArray m_secret;
};

} // namespace Postnook::Sqlite
