#include "storage/sqlite/accountstores.h"

#include "storage/logging.h"
#include "storage/sqlite/cleaner.h"
#include "storage/sqlite/compactor.h"
#include "storage/sqlite/salvage.h"

#include <QDir>
#include <QFile>
#include <QThread>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr int TidyAfterMs = 5000; // without a commit

Error closing()
{
    return {ErrorCode::Unavailable, QStringLiteral("the storage is being closed")};
}

Error removed()
{
    return {ErrorCode::NotFound, QStringLiteral("the account was removed")};
}

Error repairing()
{
    return {ErrorCode::Unavailable, QStringLiteral("the account's mail is being repaired")};
}

// Pool thread.
Result<void> prepareFolder(ContentFiles &files, const QString &dataDir, const QString &folder)
{
    const auto accounts = dataDir + QStringLiteral("/accounts");
    for (const auto &path : {accounts, folder}) {
        if (auto made = files.makeFolder(path); !made) {
            return made.error();
        }
    }
    // An empty database in the place of a lost one would let the cleaner remove all messages.
    const auto path = folder + QStringLiteral("/mail.db");
    if (!QFile::exists(path) && QFile::exists(path + QStringLiteral(".damaged-1"))) {
        return Error{ErrorCode::Corrupt,
                     QStringLiteral("A repair of %1 was cut short: run `postnook check --repair`"
                                    " again.")
                         .arg(QDir::toNativeSeparators(path))};
    }
    if (!QFile::exists(path) && QFile::exists(folder + QStringLiteral("/content"))) {
        return Error{ErrorCode::Corrupt,
                     QStringLiteral("The file %1 is missing though messages of this account are"
                                    " there: put it back from your backup.")
                         .arg(QDir::toNativeSeparators(path))};
    }
    return {};
}

// Pool thread. What is in a file is no use after a power loss if the way to it is gone.
Result<void> syncFolders(ContentFiles &files, const QString &dataDir, const QString &folder)
{
    for (const auto &path : {folder, dataDir + QStringLiteral("/accounts"), dataDir}) {
        if (auto synced = files.syncFolder(path); !synced) {
            return synced;
        }
    }
    return {};
}

} // namespace

bool AccountStores::endsAccount(const QList<Alone> &alone)
{
    return std::any_of(
        alone.begin(), alone.end(), [](const Alone &one) { return one.endsAccount; });
}

AccountStores::AccountStores(PoolExecutor &executor, Parts parts)
    : m_executor(executor)
    , m_parts(std::move(parts))
    , m_closing(std::make_shared<std::atomic<bool>>(false))
{
    m_tidyTimer.setSingleShot(true);
    m_tidyTimer.setInterval(TidyAfterMs);
    connect(&m_tidyTimer, &QTimer::timeout, this, &AccountStores::tidy);
}

AccountStores::~AccountStores() = default;

QString AccountStores::folderOf(AccountId id) const
{
    return QStringLiteral("%1/accounts/%2").arg(m_parts.dataDir).arg(id.value);
}

std::shared_ptr<MailStore> AccountStores::find(AccountId id) const
{
    const auto account = m_accounts.find(id);
    auto store = account != m_accounts.end() ? account->second.store.lock() : nullptr;
    return store && store->database() ? store : nullptr;
}

void AccountStores::open(AccountId id, Answer answer)
{
    if (*m_closing) {
        answer(closing());
        return;
    }
    if (auto store = find(id)) {
        answer(store);
        return;
    }
    auto &account = m_accounts[id];
    const auto database = account.database.lock();
    if (database && account.alone.isEmpty()) { // jobs of an earlier holder are still running
        answer(newStore(id, database));
        return;
    }
    account.waiting.append(std::move(answer));
    proceed(id);
}

void AccountStores::proceed(AccountId id)
{
    auto &account = m_accounts[id];
    if (account.isBusy) {
        return;
    }
    if (!account.alone.isEmpty()) {
        startAlone(id);
    } else if (!account.waiting.isEmpty()) {
        startOpening(id);
    } else if (account.contents.expired()) {
        m_accounts.erase(id);
    }
}

std::shared_ptr<ContentStore> AccountStores::contentsOf(AccountId id)
{
    auto &account = m_accounts[id];
    auto contents = account.contents.lock();
    if (!contents) {
        // Staged content may outlive the storage: then its file is removed on the spot.
        auto background = [executor = &m_executor, home = thread(), closed = m_closing](auto work) {
            const bool isHome = QThread::currentThread() == home;
            if (isHome && !*closed) {
                executor->start(JobClass::Background, std::move(work));
            }
            return isHome && !*closed;
        };
        contents = std::make_shared<ContentStore>(folderOf(id) + QStringLiteral("/content"),
                                                  m_parts.files,
                                                  m_parts.options.random64,
                                                  std::move(background),
                                                  m_parts.reserve);
        account.contents = contents;
    }
    return contents;
}

void AccountStores::startOpening(AccountId id)
{
    m_accounts[id].isBusy = true;
    const auto folder = folderOf(id);
    // Whoever lets go last hands the database to a job that closes it.
    const auto close = [this, id](MailDatabase *database) {
        m_executor.start(
            JobClass::Interactive, [database] { delete database; }, [this, id] { freed(id); });
    };
    auto database =
        std::make_unique<MailDatabase>(m_executor,
                                       MailDatabase::Parts{folder + QStringLiteral("/mail.db"),
                                                           folder + QStringLiteral("/search.db"),
                                                           m_parts.vfsName,
                                                           contentsOf(id),
                                                           m_parts.options.nowUtc,
                                                           m_parts.options.searchTexts});
    const auto result = std::make_shared<Result<std::shared_ptr<MailDatabase>>>(closing());
    const auto opening = std::shared_ptr<MailDatabase>(database.release(), close);
    m_executor.start(
        JobClass::Interactive,
        [files = m_parts.files, dataDir = m_parts.dataDir, folder, opening, result] {
            const auto done = prepareFolder(*files, dataDir, folder)
                                  .and_then([&] { return opening->open(); })
                                  .and_then([&] { return syncFolders(*files, dataDir, folder); });
            *result = done ? Result<std::shared_ptr<MailDatabase>>(opening) : done.error();
        },
        // Holds on, so that a database that failed to open is not reported closed before.
        [this, id, opening, result] { opened(id, *result); });
}

void AccountStores::opened(AccountId id, const Result<std::shared_ptr<MailDatabase>> &database)
{
    auto &account = m_accounts[id];
    const auto waiting = std::exchange(account.waiting, {});
    Result<std::shared_ptr<MailStore>> answer = closing();
    if (!database) {
        qCCritical(lcStorage, "mail not opened: %ls", qUtf16Printable(database.error().text));
        answer = database.error();
    } else if (!account.alone.isEmpty()) {
        answer = endsAccount(account.alone) ? removed() : repairing();
    } else if (!*m_closing) {
        answer = newStore(id, *database);
    }
    for (const auto &tell : waiting) {
        tell(answer);
    }
}

std::shared_ptr<MailStore> AccountStores::newStore(AccountId id,
                                                   const std::shared_ptr<MailDatabase> &database)
{
    auto compact = [this, id](MailStore::Compacting how, SqliteMailStore::Compacted done) {
        this->compact(id, how, std::move(done));
    };
    auto store = std::shared_ptr<SqliteMailStore>(
        new SqliteMailStore(database, std::move(compact)), [](SqliteMailStore *last) {
            if (last->thread() == QThread::currentThread()) {
                delete last;
            } else {
                last->deleteLater();
            }
        });
    auto &account = m_accounts[id];
    connect(store.get(), &SqliteMailStore::written, this, [this, shared = store.get()] {
        m_tidyTimer.start();
        m_indexer.noteWork(shared->database());
    });
    account.store = store;
    account.database = database;
    database->setIndexListener([this, id](const auto &open) {
        if (m_accounts[id].alone.isEmpty()) { // who waits to be alone waits for all to let go of it
            m_indexer.noteWork(open);
        }
    });
    m_indexer.noteWork(database);
    return store;
}

void AccountStores::freed(AccountId id)
{
    m_accounts[id].isBusy = false;
    proceed(id);
}

void AccountStores::purge(AccountId id, DoneFunction done)
{
    auto remove = [folder = folderOf(id)]() -> std::optional<Error> {
        if (QDir dir(folder); dir.exists() && !dir.removeRecursively()) {
            return Error{ErrorCode::Unavailable,
                         QStringLiteral("The folder %1 could not be removed whole.")
                             .arg(QDir::toNativeSeparators(folder))};
        }
        return std::nullopt;
    };
    letAlone(id, {std::move(remove), std::move(done), true});
}

void AccountStores::repair(AccountId id, Repaired done)
{
    const auto report = std::make_shared<Result<RepairReport>>(closing());
    auto work = [report,
                 parts = SalvageParts{folderOf(id),
                                      m_parts.vfsName,
                                      m_parts.files,
                                      m_parts.options.nowUtc()}]() -> std::optional<Error> {
        *report = salvageMail(parts);
        return std::nullopt;
    };
    letAlone(id,
             {std::move(work), [report, done = std::move(done)](const auto &) { done(*report); }});
}

void AccountStores::letAlone(AccountId id, Alone alone)
{
    auto &account = m_accounts[id];
    account.alone.append(std::move(alone));
    if (const auto store = account.store.lock()) {
        store->shutDown();
    }
    if (const auto database = account.database.lock()) {
        m_indexer.forget(database);
    }
    proceed(id);
}

void AccountStores::startAlone(AccountId id)
{
    m_accounts[id].isBusy = true;
    const auto all = std::exchange(m_accounts[id].alone, {});
    const auto errors = std::make_shared<QList<std::optional<Error>>>();
    m_executor.start(
        JobClass::Interactive,
        [all, errors] {
            for (const Alone &one : all) {
                errors->append(one.work());
            }
        },
        [this, id, all, errors] {
            auto &account = m_accounts[id];
            const auto waiting =
                endsAccount(all) ? std::exchange(account.waiting, {}) : QList<Answer>();
            freed(id);
            for (qsizetype i = 0; i < all.size(); ++i) {
                all[i].done(errors->at(i));
            }
            for (const auto &tell : waiting) {
                tell(removed());
            }
        });
}

void AccountStores::clean(AccountId id, DoneFunction done)
{
    const auto account = m_accounts.find(id);
    auto database = account != m_accounts.end() ? account->second.database.lock() : nullptr;
    if (*m_closing || !database) {
        done(Error{ErrorCode::NotFound, QStringLiteral("the account's mail is not open")});
        return;
    }
    std::make_shared<Cleaner>(
        m_executor, std::move(database), m_parts.options, m_closing, std::move(done))
        ->start();
}

void AccountStores::compact(AccountId id,
                            MailStore::Compacting how,
                            SqliteMailStore::Compacted done)
{
    const auto account = m_accounts.find(id);
    auto database = account != m_accounts.end() ? account->second.database.lock() : nullptr;
    if (*m_closing || !database) {
        done(closing());
        return;
    }
    const auto compactor =
        std::make_shared<Compactor>(m_executor, std::move(database), m_closing, std::move(done));
    if (how == MailStore::Compacting::GoOn) {
        compactor->goOn();
        return;
    }
    compactor->begin([this, id](DoneFunction cleaned) { clean(id, std::move(cleaned)); });
}

void AccountStores::setRetention(const StorageOptions &options)
{
    m_parts.options.undeleteRetentionSeconds = options.undeleteRetentionSeconds;
    m_parts.options.syncHistorySeconds = options.syncHistorySeconds;
}

void AccountStores::cleanAll()
{
    for (const auto &[id, account] : m_accounts) {
        if (account.database.expired()) {
            continue;
        }
        clean(id, [](const std::optional<Error> &error) {
            if (error) {
                qCWarning(lcStorage, "cleaning: %ls", qUtf16Printable(error->text));
            }
        });
    }
}

// A slice of indexing reads, and while somebody reads the log cannot be put away.
void AccountStores::tidy()
{
    if (!m_indexer.isIdle()) {
        m_tidyTimer.start();
        return;
    }
    for (const auto &[id, account] : m_accounts) {
        const auto store = account.store.lock();
        if (store && store->database() && store->takeWritten()) {
            store->database()->startTidying();
        }
    }
}

void AccountStores::close()
{
    *m_closing = true;
    m_tidyTimer.stop();
    m_indexer.stop();
    for (const auto &[id, account] : m_accounts) {
        if (const auto store = account.store.lock()) {
            store->shutDown();
        }
    }
}

} // namespace Postnook::Sqlite
