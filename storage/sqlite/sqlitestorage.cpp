#include "storage/sqlite/sqlitestorage.h"

#include "storage/logging.h"
#include "storage/sqlite/accountstores.h"
#include "storage/sqlite/backuprun.h"
#include "storage/sqlite/diskwatch.h"
#include "storage/sqlite/restorerun.h"
#include "storage/sqlite/serverdatabase.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QSysInfo>

#include <chrono>

namespace Postnook::Sqlite
{

namespace
{

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds CleanInterval = 1h;

// Makes the folder and what is above it; what we make is nobody else's to read.
Result<void> makeDataFolder(ContentFiles &files, const QString &path)
{
    if (QFileInfo(path).isDir()) {
        return {};
    }
    const auto parent = QFileInfo(path).path();
    if (!QDir().mkpath(parent)) {
        return Error{ErrorCode::Unavailable, parent};
    }
    const auto made = files.makeFolder(path);
    return made ? files.syncFolder(parent) : Result<void>(made.error());
}

// Says what to do, for the person who starts the server.
Error explained(const Error &error, const QString &what)
{
    QString advice;
    switch (error.code) {
    case ErrorCode::OverQuota:
        advice = QStringLiteral("The disk is full: make room and start again.");
        break;
    case ErrorCode::Unavailable:
        advice = QStringLiteral("Check that you may write there and that the disk is in order, or"
                                " set data-dir to another folder.");
        break;
    case ErrorCode::Corrupt:
        advice = QStringLiteral("The file is damaged: put back a copy from your backup.");
        break;
    case ErrorCode::Busy:
        advice = QStringLiteral("Another program has the file open: end it and start again.");
        break;
    default:
        return error;
    }
    return {error.code,
            QStringLiteral("Cannot open %1. %2 (%3)")
                .arg(QDir::toNativeSeparators(what), advice, error.text)};
}

} // namespace

Result<std::unique_ptr<SqliteStorage>>
SqliteStorage::openWith(const QString &dataDir, StorageOptions options, SqliteOptions engine)
{
    if (!options.nowUtc) {
        options.nowUtc = [] { return QDateTime::currentSecsSinceEpoch(); };
    }
    if (!options.random64) {
        options.random64 = [] { return QRandomGenerator::system()->generate64(); };
    }
    if (!engine.files) {
        engine.files = diskFiles();
    }
    const auto folder = QDir(dataDir).absolutePath();
    if (!engine.space) {
        engine.space = [folder] { return spaceAt(folder); };
    }
    if (auto made = makeDataFolder(*engine.files, folder); !made) {
        return explained(made.error(), folder);
    }
    const auto path = folder + QStringLiteral("/server.db");
    auto server = std::make_unique<ServerDatabase>(path, engine.vfsName);
    if (auto opened = server->open(); !opened) {
        return explained(opened.error(), path);
    }
    if (auto synced = engine.files->syncFolder(folder); !synced) {
        return explained(synced.error(), folder);
    }
    auto purged = server->purged();
    if (!purged) {
        return explained(purged.error(), path);
    }
    std::unique_ptr<SqliteStorage> storage(
        new SqliteStorage(folder, options, engine, std::move(server)));
    for (const auto id : std::as_const(*purged)) { // a purge that a crash cut short
        storage->purge(id, [](const std::optional<Error> &) {});
    }
    return storage;
}

SqliteStorage::SqliteStorage(const QString &dataDir,
                             const StorageOptions &options,
                             const SqliteOptions &engine,
                             std::unique_ptr<ServerDatabase> server)
    : m_server(std::move(server))
    , m_serverSecret(m_server->secret())
    , m_executor(options.workers)
    , m_serverLane(m_executor)
    , m_disk(std::make_unique<DiskWatch>(
          m_executor,
          DiskWatch::Parts{
              dataDir, options.diskReserveBytes, options.lowDiskBytes, engine.files, engine.space}))
    , m_stores(std::make_unique<AccountStores>(
          m_executor,
          AccountStores::Parts{dataDir, options, engine.vfsName, engine.files, m_disk->reserve()}))
    , m_backupParts(backupParts(dataDir, options, engine))
{
    connect(m_disk.get(), &DiskWatch::changed, this, [this](DiskState state) {
        m_stores->setIndexing(state == DiskState::Enough);
        Q_EMIT diskStateChanged(state);
    });
    m_disk->look();
    m_cleanTimer.setTimerType(Qt::VeryCoarseTimer);
    m_cleanTimer.setInterval(CleanInterval);
    connect(&m_cleanTimer, &QTimer::timeout, m_stores.get(), &AccountStores::cleanAll);
    m_cleanTimer.start();
}

SqliteStorage::~SqliteStorage()
{
    SqliteStorage::close();
}

void SqliteStorage::close()
{
    if (m_isClosed) {
        return;
    }
    m_isClosed = true;
    *m_backupParts.closing = true;
    m_cleanTimer.stop();
    m_disk->stop();
    m_stores->close();
    m_executor.drain();
    m_server.reset();
}

void SqliteStorage::startJob(JobClass jobClass,
                             std::function<void()> run,
                             std::function<void()> done)
{
    if (!m_isClosed) { // else both go, and with them the promise: its future is cancelled
        m_executor.start(jobClass, std::move(run), std::move(done));
    }
}

// Runs fn(ServerDatabase &) -> R, a Result, in the server database's lane, then done(R) here.
template <typename F, typename Done>
void SqliteStorage::onServer(F fn, Done done)
{
    using R = std::invoke_result_t<F &, ServerDatabase &>;
    if (m_isClosed) {
        done(R(Error{ErrorCode::Unavailable, QStringLiteral("the storage is closed")}));
        return;
    }
    auto result = std::make_shared<std::optional<R>>();
    m_serverLane.start(
        [this, result, fn = std::move(fn)]() mutable {
            const auto opened = m_server->open();
            result->emplace(opened ? fn(*m_server) : R(opened.error()));
            m_server->settle();
        },
        [result, done = std::move(done)] { done(std::move(**result)); });
}

template <typename F>
auto SqliteStorage::askServer(F fn) -> Future<std::invoke_result_t<F &, ServerDatabase &>>
{
    using R = std::invoke_result_t<F &, ServerDatabase &>;
    const Promised<R> finish;
    onServer(std::move(fn), finish);
    return finish.future();
}

Future<Result<QList<AccountRecord>>> SqliteStorage::accounts()
{
    return askServer([](ServerDatabase &server) { return server.accounts(); });
}

Future<Result<AccountRecord>> SqliteStorage::account(const QString &name)
{
    return askServer([name](ServerDatabase &server) { return server.account(name); });
}

Future<Result<AccountRecord>> SqliteStorage::addAccount(const QString &name,
                                                        const ScramCredentials &credentials)
{
    return askServer(
        [name, credentials](ServerDatabase &server) { return server.add(name, credentials); });
}

Future<Result<AccountRecord>> SqliteStorage::setCredentials(const QString &name,
                                                            const ScramCredentials &credentials)
{
    return askServer([name, credentials](ServerDatabase &server) {
        return server.setCredentials(name, credentials);
    });
}

Future<Result<AccountRecord>> SqliteStorage::removeAccount(const QString &name, bool purge)
{
    if (!purge) {
        return askServer([name](ServerDatabase &server) { return server.remove(name, false); });
    }
    using R = Result<AccountRecord>;
    const Promised<R> finish;
    onServer([name](ServerDatabase &server) { return server.remove(name, true); },
             [this, finish](const R &record) {
                 if (!record) {
                     finish(record);
                     return;
                 }
                 this->purge(record->id, [finish, record](const std::optional<Error> &error) {
                     finish(error ? R(*error) : record);
                 });
             });
    return finish.future();
}

// Deletes the mail of an account that is marked as purged, then what is left of it in server.db.
void SqliteStorage::purge(AccountId id, MailStore::DoneFunction done)
{
    m_stores->purge(id, [this, id, done = std::move(done)](const std::optional<Error> &error) {
        if (error) {
            qCWarning(lcStorage, "%ls", qUtf16Printable(error->text)); // tried again at next start
            done(error);
            return;
        }
        onServer([id](ServerDatabase &server) { return server.forget(id); },
                 [done](const Result<void> &forgotten) {
                     done(forgotten ? std::nullopt : std::make_optional(forgotten.error()));
                 });
    });
}

Future<Result<std::shared_ptr<MailStore>>> SqliteStorage::mailStore(AccountId id)
{
    using R = Result<std::shared_ptr<MailStore>>;
    if (auto store = m_stores->find(id)) {
        return finishedFuture(R(store));
    }
    const Promised<R> finish;
    onServer([id](ServerDatabase &server) { return server.account(id); },
             [this, id, finish](const Result<AccountRecord> &account) {
                 if (account) {
                     m_stores->open(id, finish);
                 } else {
                     finish(account.error());
                 }
             });
    return finish.future();
}

Future<Result<RepairReport>> SqliteStorage::repair(AccountId id)
{
    const Promised<Result<RepairReport>> finish;
    m_stores->repair(id, finish);
    return finish.future();
}

// Nobody but this data folder knows its secret, which stays one.
BackupParts SqliteStorage::backupParts(const QString &dataDir,
                                       const StorageOptions &options,
                                       const SqliteOptions &engine)
{
    const BackupOwner owner{
        Sha256::of("backups of " + m_serverSecret),
        QStringLiteral("%1 on %2")
            .arg(QDir::toNativeSeparators(dataDir), QSysInfo::machineHostName())};
    return {m_executor,
            *m_stores,
            dataDir,
            owner,
            engine.vfsName,
            engine.files,
            options.nowUtc,
            std::make_shared<std::atomic<bool>>(false),
            [this](auto work, auto done) { onServer(std::move(work), std::move(done)); },
            [this](AccountId id) { purge(id, [](const std::optional<Error> &) {}); }};
}

template <typename Run, typename Request, typename Report>
Future<Result<Report>> SqliteStorage::transfer(const Request &request,
                                               const std::shared_ptr<TransferProgress> &progress)
{
    using R = Result<Report>;
    if (m_isClosed) {
        return finishedFuture(
            R(Error{ErrorCode::Unavailable, QStringLiteral("the storage is closed")}));
    }
    if (m_isTransferring) {
        return finishedFuture(
            R(Error{ErrorCode::Busy, QStringLiteral("A backup or a restore is running already.")}));
    }
    m_isTransferring = true;
    const Promised<R> finish;
    std::make_shared<Run>(m_backupParts, request, progress, [this, finish](const R &report) {
        m_isTransferring = false;
        finish(report);
    })->start();
    return finish.future();
}

Future<Result<BackupReport>>
SqliteStorage::backUp(const BackupRequest &request,
                      const std::shared_ptr<TransferProgress> &progress)
{
    return transfer<BackupRun, BackupRequest, BackupReport>(request, progress);
}

Future<Result<RestoreReport>>
SqliteStorage::restore(const RestoreRequest &request,
                       const std::shared_ptr<TransferProgress> &progress)
{
    return transfer<RestoreRun, RestoreRequest, RestoreReport>(request, progress);
}

Future<Result<void>> SqliteStorage::cleanNow(AccountId id)
{
    const Promised<Result<void>> finish;
    m_stores->clean(id, [finish](const std::optional<Error> &error) {
        finish(error ? Result<void>(*error) : Result<void>());
    });
    return finish.future();
}

Future<Result<void>> SqliteStorage::lookAtDisk()
{
    const Promised<Result<void>> finish;
    m_disk->look([finish] { finish({}); });
    return finish.future();
}

DiskState SqliteStorage::diskState() const
{
    return m_disk->state();
}

void SqliteStorage::setLiveOptions(const StorageOptions &options)
{
    m_stores->setRetention(options);
    m_disk->setLowBytes(options.lowDiskBytes);
}

} // namespace Postnook::Sqlite

namespace Postnook
{

Result<std::unique_ptr<Storage>> Storage::open(const QString &dataDir, StorageOptions options)
{
    auto storage = Sqlite::SqliteStorage::openWith(dataDir, std::move(options), {});
    if (!storage) {
        return storage.error();
    }
    return std::unique_ptr<Storage>(std::move(*storage));
}

Result<QList<BackupGeneration>> Backups::generationsIn(const QString &folder)
{
    const Sqlite::BackupFolder backups(folder, Sqlite::diskFiles());
    return backups.open().and_then([&] { return backups.generations(); });
}

} // namespace Postnook
