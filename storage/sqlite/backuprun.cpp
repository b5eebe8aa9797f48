#include "storage/sqlite/backuprun.h"

#include "storage/logging.h"
#include "storage/sqlite/accountstores.h"
#include "storage/sqlite/serverdatabase.h"
#include "storage/sqlite/slices.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

Error cancelled()
{
    return {ErrorCode::Cancelled, QStringLiteral("The backup was stopped.")};
}

QByteArray digestOf(ContentFiles &files, const QString &path, Result<void> *outcome)
{
    const auto file = files.open(path);
    const auto bytes =
        file ? (*file)->read(0, 64LL * 1024 * 1024) : Result<QByteArray>(file.error());
    *outcome = bytes ? Result<void>() : bytes.error();
    return bytes ? Sha256::of(*bytes) : QByteArray();
}

} // namespace

// What holds an account's database open, and the work on it.
struct BackupRun::Opened {
    std::shared_ptr<MailStore> store; // null at its end
    std::shared_ptr<MailDatabase> database; // only while the work reads it
    std::unique_ptr<AccountBackupJob> job;
    std::atomic<bool> isShut = false; // a repair, or the end of the account
};

BackupRun::BackupRun(const BackupParts &parts,
                     BackupRequest request,
                     std::shared_ptr<TransferProgress> progress,
                     Done done)
    : m_parts(parts)
    , m_request(std::move(request))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_folder(std::make_shared<BackupFolder>(m_request.folder, parts.files))
{
}

void BackupRun::start()
{
    runSlices(
        m_parts.executor,
        [self = shared_from_this()] { return self->openFolder(); },
        [self = shared_from_this()](const Result<void> &opened) {
            opened ? self->copyServer() : self->finish(opened);
        });
}

Result<bool> BackupRun::openFolder()
{
    if (isCancelled()) {
        return cancelled();
    }
    const auto missing =
        m_request.mayMake ? BackupFolder::Missing::IsMade : BackupFolder::Missing::IsAnError;
    const auto opened = m_folder->openFor(m_parts.dataDir, m_parts.owner, missing);
    if (!opened) {
        return opened.error();
    }
    const auto earlier = m_folder->generations();
    if (!earlier) {
        return earlier.error();
    }
    m_generation.number = BackupFolder::nextNumber(*earlier);
    m_generation.program = QCoreApplication::applicationVersion();
    m_generation.at = QDateTime::fromSecsSinceEpoch(m_parts.nowUtc(), Qt::UTC);
    return false;
}

void BackupRun::copyServer()
{
    m_parts.onServer(
        [self = shared_from_this()](ServerDatabase &server) { return self->copyServer(server); },
        [self = shared_from_this()](const Result<void> &copied) {
            copied ? self->nextAccount() : self->finish(copied);
        });
}

Result<void> BackupRun::chooseFrom(const QList<AccountRecord> &accounts)
{
    QSet<QString> wanted;
    for (const auto &name : m_request.accounts) {
        wanted.insert(ServerDatabase::folded(name));
    }
    for (const auto &account : accounts) {
        if (m_request.accounts.isEmpty() ? !account.removed
                                         : wanted.remove(ServerDatabase::folded(account.name))) {
            m_accounts.append(account);
        }
    }
    if (!wanted.isEmpty()) {
        return Error{ErrorCode::NotFound,
                     QStringLiteral("there is no account '%1'").arg(*wanted.cbegin())};
    }
    return {};
}

// In one go: it is small.
Result<void> BackupRun::copyServer(ServerDatabase &server)
{
    const auto accounts = server.accounts();
    if (!accounts) {
        return accounts.error();
    }
    if (auto found = chooseFrom(*accounts); !found) {
        return found;
    }
    const auto path = m_folder->newDatabasePath();
    if (const auto made = m_folder->files().create(path); !made) { // with its mode
        return made.error();
    }
    {
        const auto copy = DatabaseCopy::start(server.database(), path, m_parts.vfsName);
        if (!copy) {
            return copy.error();
        }
        constexpr int allPages = -1;
        if (const auto copied = (*copy)->copyMore(allPages); !copied) {
            return copied.error();
        }
    }
    Result<void> read;
    m_generation.server = digestOf(m_folder->files(), path, &read);
    return read.and_then([this] { return m_folder->keepNewDatabase(m_generation.server); });
}

void BackupRun::nextAccount()
{
    if (isCancelled()) {
        finish(cancelled());
    } else if (!m_accounts.isEmpty()) {
        openAccount(m_accounts.takeFirst());
    } else if (m_generation.accounts.isEmpty()) {
        finish({}); // nothing to be kept; what was kept before stays
    } else {
        addGeneration();
    }
}

void BackupRun::openAccount(const AccountRecord &account)
{
    m_parts.stores.open(
        account.id,
        [self = shared_from_this(), account](const Result<std::shared_ptr<MailStore>> &store) {
            AccountBackup failed;
            failed.id = account.id;
            failed.name = account.name;
            if (!store) {
                failed.error = store.error();
                return self->accountDone(failed);
            }
            const auto opened = std::make_shared<Opened>();
            opened->store = *store;
            opened->database = static_cast<SqliteMailStore &>(**store).database();
            if (!opened->database) {
                failed.error = Error{ErrorCode::Unavailable, QStringLiteral("it was closed")};
                return self->accountDone(failed);
            }
            opened->job = std::make_unique<AccountBackupJob>(AccountBackupJob::Parts{
                account,
                QStringLiteral("%1/accounts/%2").arg(self->m_parts.dataDir).arg(account.id.value),
                self->m_parts.vfsName,
                self->m_folder,
                opened->database->contents(),
                self->m_request.readsAll,
                self->m_progress});
            self->backUp(opened);
        });
}

// Slice by slice, so that between two of them it is seen whether the account is wanted for
// something else: that waits until nobody has the database open.
void BackupRun::backUp(const std::shared_ptr<Opened> &opened)
{
    opened->isShut = !static_cast<SqliteMailStore &>(*opened->store).database();
    const auto more = std::make_shared<Result<bool>>(false);
    m_parts.executor.start(
        JobClass::Background,
        [self = shared_from_this(), opened, more] {
            if (!self->isCancelled() && !opened->isShut) {
                *more = opened->job->slice();
                return;
            }
            opened->job->close();
            *more = opened->isShut && !*self->m_parts.closing
                ? Error{ErrorCode::Unavailable,
                        QStringLiteral("The account was repaired or removed meanwhile.")}
                : cancelled();
        },
        [self = shared_from_this(), opened, more] {
            if (!opened->job->readsAccount()) {
                opened->database.reset();
            }
            if (*more && **more) {
                return self->backUp(opened);
            }
            auto report = opened->job->report();
            if (*more) {
                self->m_generation.accounts.append(opened->job->entry());
            } else {
                report.error = self->explained(more->error());
            }
            self->accountDone(report);
        });
}

void BackupRun::accountDone(AccountBackup report)
{
    if (report.error && report.error->code == ErrorCode::Cancelled) {
        finish(*report.error);
        return;
    }
    m_report.accounts.append(std::move(report));
    nextAccount();
}

void BackupRun::addGeneration()
{
    runSlices(
        m_parts.executor,
        [self = shared_from_this()] {
            return self->m_folder->add(self->m_generation).transform([] { return false; });
        },
        [self = shared_from_this()](const Result<void> &added) {
            if (!added) {
                return self->finish(added);
            }
            self->m_report.generation = self->m_generation.number;
            self->m_report.at = self->m_generation.at;
            self->prune();
        });
}

// The backup is there by now: what goes wrong here is told beside it.
void BackupRun::prune()
{
    const auto pruning = std::make_shared<BackupPruning>(m_folder, m_parts.vfsName, m_request.keep);
    runSlices(
        m_parts.executor,
        [self = shared_from_this(), pruning] {
            return self->isCancelled() ? Result<bool>(false) : pruning->slice();
        },
        [self = shared_from_this(), pruning](const Result<void> &pruned) {
            self->m_report.dropped = pruning->dropped();
            self->m_report.notes = pruning->notes();
            if (!pruned) {
                self->m_report.notes.append(
                    QStringLiteral("What is too old was not removed: %1").arg(pruned.error().text));
            }
            self->finish({});
        });
}

void BackupRun::finish(const Result<void> &outcome)
{
    m_done(outcome ? Result<BackupReport>(m_report) : explained(outcome.error()));
}

Error BackupRun::explained(const Error &error) const
{
    const auto folder = QDir::toNativeSeparators(m_folder->path());
    switch (error.code) {
    case ErrorCode::OverQuota:
        return {error.code,
                QStringLiteral("The disk of the backup folder %1 is full: make room there, or keep"
                               " fewer backups. (%2)")
                    .arg(folder, error.text)};
    case ErrorCode::Corrupt:
        return {error.code,
                QStringLiteral("%1 Earlier backups are kept. `postnook check ACCOUNT` says more.")
                    .arg(error.text)};
    default:
        return error;
    }
}

} // namespace Postnook::Sqlite
