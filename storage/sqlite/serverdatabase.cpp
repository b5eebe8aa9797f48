#include "storage/sqlite/serverdatabase.h"

#include "storage/sqlite/migration.h"

#include <QRandomGenerator>

#include <array>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint32 ServerApplicationId = 0x504e5356; // "PNSV"
constexpr int MaxNameLength = 255;
constexpr int MaxLogPages = 100; // more than the whole database has in most households

enum class State : int { Active, Removed, Purged };

constexpr auto CreateTables = R"sql(
CREATE TABLE account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL, -- what is compared: NFC, without case
    state INTEGER NOT NULL,    -- 0 active, 1 removed with its mail kept, 2 being purged
    salt BLOB NOT NULL,
    iterations INTEGER NOT NULL,
    stored_key BLOB NOT NULL,
    server_key BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_by_name ON account (folded_name) WHERE state < 2;

CREATE TABLE secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL) STRICT;
)sql";

QByteArray newSecret()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), words.size());
    return {reinterpret_cast<const char *>(words.data()), sizeof(words)};
}

SchemaDefinition serverSchema()
{
    return {QStringLiteral("server database"), ServerApplicationId, {[](Database &database) {
                return database.runScript(CreateTables).and_then([&database] {
                    return database.run("INSERT INTO secret (id, value) VALUES (1, ?1)",
                                        newSecret());
                });
            }}};
}

AccountRecord recordFrom(const Statement &row)
{
    AccountRecord record;
    record.id = row.number<AccountId>(0);
    record.name = QString::fromUtf8(row.view(1));
    record.removed = row.integer(2) != static_cast<int>(State::Active);
    record.credentials = {
        row.bytes(3), static_cast<int>(row.integer(4)), row.bytes(5), row.bytes(6)};
    return record;
}

Result<AccountRecord> single(Statement row)
{
    if (!row.next()) {
        return row.error().value_or(
            Error{ErrorCode::NotFound, QStringLiteral("there is no such account")});
    }
    return recordFrom(row);
}

} // namespace

QString ServerDatabase::folded(const QString &name)
{
    return name.normalized(QString::NormalizationForm_C)
        .toCaseFolded()
        .normalized(QString::NormalizationForm_C);
}

Result<void> ServerDatabase::open()
{
    if (m_database) {
        return {};
    }
    auto database = Database::open(m_path, Database::Mode::Writer, m_vfsName);
    if (!database) {
        return database.error();
    }
    if (auto migrated = migrate(**database, serverSchema()); !migrated) {
        return migrated;
    }
    auto row = (*database)->statement("SELECT value FROM secret");
    if (!row.next()) {
        return row.error().value_or(
            Error{ErrorCode::Corrupt, m_path + QStringLiteral(": the server secret is missing")});
    }
    m_secret = row.bytes(0);
    m_database = std::move(*database);
    return {};
}

void ServerDatabase::settle()
{
    if (!m_database) {
        return;
    }
    if (m_database->takeFailure()) {
        m_database.reset();
    } else if (m_database->walPages() > MaxLogPages) {
        m_database->checkpoint(Database::Checkpoint::Truncate);
    }
}

Result<QList<AccountRecord>> ServerDatabase::accounts()
{
    QList<AccountRecord> records;
    auto rows = m_database->statement(
        "SELECT id, name, state, salt, iterations, stored_key, server_key FROM account"
        " WHERE state < 2 ORDER BY folded_name");
    while (rows.next()) {
        records.append(recordFrom(rows));
    }
    if (rows.error()) {
        return *rows.error();
    }
    return records;
}

Result<AccountRecord> ServerDatabase::account(const QString &name)
{
    return single(m_database->statement(
        "SELECT id, name, state, salt, iterations, stored_key, server_key FROM account"
        " WHERE folded_name = ?1 AND state < 2",
        folded(name)));
}

Result<AccountRecord> ServerDatabase::account(AccountId id)
{
    return accountIn(*m_database, id);
}

Result<AccountRecord> ServerDatabase::accountIn(Database &database, AccountId id)
{
    return single(database.statement(
        "SELECT id, name, state, salt, iterations, stored_key, server_key FROM account"
        " WHERE id = ?1 AND state < 2",
        id));
}

Result<AccountRecord> ServerDatabase::add(const QString &name, const ScramCredentials &credentials)
{
    if (name.isEmpty() || name.size() > MaxNameLength) {
        return Error{ErrorCode::Invalid,
                     QStringLiteral("an account name has 1 to %1 characters").arg(MaxNameLength)};
    }
    const auto known = account(name);
    if (known && !known->removed) {
        return Error{ErrorCode::AlreadyExists,
                     QStringLiteral("the account %1 exists already").arg(known->name)};
    }
    if (!known && known.error().code != ErrorCode::NotFound) {
        return known;
    }
    // One statement, so that the account is there whole or not at all.
    const auto stored = known
        ? m_database->run("UPDATE account SET name = ?2, state = 0, salt = ?3, iterations = ?4,"
                          " stored_key = ?5, server_key = ?6 WHERE id = ?1",
                          known->id,
                          name,
                          credentials.salt,
                          credentials.iterations,
                          credentials.storedKey,
                          credentials.serverKey)
        : m_database->run("INSERT INTO account (name, folded_name, state, salt, iterations,"
                          " stored_key, server_key) VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6)",
                          name,
                          folded(name),
                          credentials.salt,
                          credentials.iterations,
                          credentials.storedKey,
                          credentials.serverKey);
    return stored ? account(name) : Result<AccountRecord>(stored.error());
}

Result<AccountRecord> ServerDatabase::setCredentials(const QString &name,
                                                     const ScramCredentials &credentials)
{
    const auto known = account(name);
    if (!known) {
        return known;
    }
    const auto stored = m_database->run("UPDATE account SET salt = ?2, iterations = ?3,"
                                        " stored_key = ?4, server_key = ?5 WHERE id = ?1",
                                        known->id,
                                        credentials.salt,
                                        credentials.iterations,
                                        credentials.storedKey,
                                        credentials.serverKey);
    return stored ? account(known->id) : Result<AccountRecord>(stored.error());
}

Result<AccountRecord> ServerDatabase::remove(const QString &name, bool purge)
{
    auto known = account(name);
    if (!known) {
        return known;
    }
    const auto stored = m_database->run("UPDATE account SET state = ?2 WHERE id = ?1",
                                        known->id,
                                        static_cast<int>(purge ? State::Purged : State::Removed));
    if (!stored) {
        return stored.error();
    }
    known->removed = true;
    return known;
}

Result<AccountId> ServerDatabase::reserve(const AccountRecord &account)
{
    const auto reserved = m_database->run("INSERT INTO account (name, folded_name, state, salt,"
                                          " iterations, stored_key, server_key)"
                                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                          account.name,
                                          folded(account.name),
                                          static_cast<int>(State::Purged),
                                          account.credentials.salt,
                                          account.credentials.iterations,
                                          account.credentials.storedKey,
                                          account.credentials.serverKey);
    return reserved ? Result<AccountId>(AccountId(m_database->lastInsertId())) : reserved.error();
}

Result<void> ServerDatabase::activate(const QList<Activation> &activations)
{
    auto done = m_database->run("BEGIN IMMEDIATE");
    for (const auto &activation : activations) {
        done = done.and_then([&] { return activate(activation); });
    }
    done = done.and_then([this] { return m_database->run("COMMIT"); });
    if (!done && m_database->inTransaction()) {
        static_cast<void>(m_database->run("ROLLBACK"));
    }
    return done;
}

Result<void> ServerDatabase::activate(const Activation &activation)
{
    if (activation.replaced) {
        const auto kept = m_database->run(
            "UPDATE account SET name = ?2, folded_name = ?3, state = ?4 WHERE id = ?1",
            *activation.replaced,
            activation.keptAs,
            folded(activation.keptAs),
            static_cast<int>(State::Removed));
        if (!kept) {
            return kept;
        }
    }
    const auto known = account(activation.name);
    if (known || known.error().code != ErrorCode::NotFound) {
        return known ? Error{ErrorCode::AlreadyExists,
                             QStringLiteral("the account %1 exists already").arg(known->name)}
                     : known.error();
    }
    if (activation.keepsCredentials) {
        const auto taken = m_database->run("UPDATE account SET (salt, iterations, stored_key,"
                                           " server_key) = (SELECT salt, iterations, stored_key,"
                                           " server_key FROM account WHERE id = ?2) WHERE id = ?1",
                                           activation.reserved,
                                           *activation.replaced);
        if (!taken) {
            return taken;
        }
    }
    return m_database->run("UPDATE account SET name = ?2, folded_name = ?3, state = ?4"
                           " WHERE id = ?1",
                           activation.reserved,
                           activation.name,
                           folded(activation.name),
                           static_cast<int>(State::Active));
}

Result<QList<AccountId>> ServerDatabase::purged()
{
    QList<AccountId> ids;
    auto rows = m_database->statement("SELECT id FROM account WHERE state = 2");
    while (rows.next()) {
        ids.append(rows.number<AccountId>(0));
    }
    if (rows.error()) {
        return *rows.error();
    }
    return ids;
}

Result<void> ServerDatabase::forget(AccountId id)
{
    return m_database->run("DELETE FROM account WHERE id = ?1 AND state = 2", id);
}

} // namespace Postnook::Sqlite
