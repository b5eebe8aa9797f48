#include "storage/sqlite/restorerun.h"

#include "storage/logging.h"
#include "storage/sqlite/accountstores.h"
#include "storage/sqlite/slices.h"
#include "storage/sqlite/sqlitereadtxn.h"

#include <QDir>
#include <QStorageInfo>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr int MostOfName = 200; // so that there is room for what is added

Error cancelled()
{
    return {ErrorCode::Cancelled, QStringLiteral("The restore was stopped; nothing was changed.")};
}

bool isSameName(const QString &a, const QString &b)
{
    return ServerDatabase::folded(a) == ServerDatabase::folded(b);
}

const AccountRecord *findByName(const QList<AccountRecord> &accounts, const QString &name)
{
    const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const auto &account) {
        return isSameName(account.name, name);
    });
    return found == accounts.end() ? nullptr : &*found;
}

// Those that are asked for, each once, or else all that any of the backups has: a backup lacks an
// account when it was made of others alone, or when that account could not be read then.
QStringList namesToRestore(const QList<BackupGeneration> &generations, const QStringList &asked)
{
    QStringList all = asked;
    if (all.isEmpty()) {
        for (const auto &generation : generations) {
            for (const auto &account : generation.accounts) {
                all.append(account.name);
            }
        }
    }
    QStringList names;
    for (const auto &name : std::as_const(all)) {
        const bool isNew = std::none_of(names.begin(), names.end(), [&name](const auto &other) {
            return isSameName(other, name);
        });
        if (isNew) {
            names.append(name);
        }
    }
    return names;
}

// "ann.before-2026-11-29-1545"
QString nameOfKept(const QList<AccountRecord> &accounts, const QString &name, qint64 nowUtc)
{
    const auto time =
        QDateTime::fromSecsSinceEpoch(nowUtc).toString(QStringLiteral("yyyy-MM-dd-HHmm"));
    const auto base = QStringLiteral("%1.before-%2").arg(name.left(MostOfName), time);
    QString free = base;
    for (int i = 2; findByName(accounts, free) != nullptr; ++i) {
        free = QStringLiteral("%1-%2").arg(base).arg(i);
    }
    return free;
}

} // namespace

RestoreRun::RestoreRun(const BackupParts &parts,
                       RestoreRequest request,
                       std::shared_ptr<TransferProgress> progress,
                       Done done)
    : m_parts(parts)
    , m_request(std::move(request))
    , m_progress(std::move(progress))
    , m_done(std::move(done))
    , m_folder(std::make_shared<BackupFolder>(m_request.folder, parts.files))
{
}

void RestoreRun::start()
{
    runSlices(
        m_parts.executor,
        [self = shared_from_this()] { return self->choose(); },
        [self = shared_from_this()](const Result<void> &chosen) {
            chosen ? self->reserve() : self->finish(chosen);
        });
}

Result<bool> RestoreRun::choose()
{
    const auto all = m_folder->open().and_then([this] { return m_folder->generations(); });
    if (!all) {
        return all.error();
    }
    QList<BackupGeneration> usable;
    for (const auto &generation : *all) {
        const bool isAsked = m_request.generation == 0 || m_request.generation == generation.number;
        const bool isInTime = !m_request.at.isValid() || generation.at <= m_request.at;
        if (isAsked && generation.error && (m_request.generation != 0 || all->size() == 1)) {
            return *generation.error;
        }
        if (isAsked && isInTime && !generation.error) {
            usable.append(generation);
        }
    }
    if (usable.isEmpty()) {
        return Error{ErrorCode::NotFound,
                     QStringLiteral("There is no such backup in %1; --list shows what there is.")
                         .arg(QDir::toNativeSeparators(m_folder->path()))};
    }
    for (const auto &name : namesToRestore(usable, m_request.accounts)) {
        if (auto chosen = chooseFrom(usable, name); !chosen) {
            return chosen.error();
        }
    }
    return false;
}

// The newest that has it.
Result<void> RestoreRun::chooseFrom(const QList<BackupGeneration> &generations, const QString &name)
{
    for (const auto &generation : generations) {
        for (const auto &account : generation.accounts) {
            if (!isSameName(account.name, name)) {
                continue;
            }
            Chosen chosen;
            chosen.backedUp = account;
            chosen.record.id = account.id;
            chosen.report.backedUpName = account.name;
            chosen.report.generation = generation.number;
            chosen.report.at = generation.at;
            chosen.report.messages = account.messages;
            chosen.report.mailboxes = account.mailboxes;
            if (auto read = readCredentials(generation, &chosen.record); !read) {
                return read;
            }
            chosen.record.name = m_request.as.isEmpty() ? account.name : m_request.as;
            m_chosen.append(chosen);
            return {};
        }
    }
    return Error{ErrorCode::NotFound,
                 QStringLiteral("There is no account '%1' in the backup; --list shows what there"
                                " is.")
                     .arg(name)};
}

Result<void> RestoreRun::readCredentials(const BackupGeneration &generation,
                                         AccountRecord *record) const
{
    const auto path = m_folder->databasePath(generation.server);
    FileCopy reading(m_folder->files(), path, QString(), generation.server);
    Result<bool> more = true;
    while (more && *more) {
        more = reading.copyMore();
    }
    if (!more) {
        return more.error();
    }
    const auto database = Database::open(path, Database::Mode::Frozen, m_parts.vfsName);
    if (!database) {
        return database.error();
    }
    const auto found = ServerDatabase::accountIn(**database, record->id);
    if (!found) {
        return found.error();
    }
    *record = *found;
    return {};
}

void RestoreRun::reserve()
{
    m_parts.onServer(
        [self = shared_from_this()](ServerDatabase &server) { return self->findPlaces(server); },
        [self = shared_from_this()](const Result<void> &found) {
            found ? self->bringNext(0) : self->finish(found);
        });
}

Result<void> RestoreRun::findPlaces(ServerDatabase &server)
{
    if (m_request.onlyReads) {
        return {};
    }
    const auto accounts = server.accounts();
    if (!accounts) {
        return accounts.error();
    }
    qint64 bytes = 0;
    for (auto &chosen : m_chosen) {
        bytes += chosen.backedUp.databaseBytes + chosen.backedUp.fileBytes;
        if (auto found = findPlace(*accounts, &chosen); !found) {
            return found;
        }
    }
    const QStorageInfo disk(m_parts.dataDir);
    if (disk.bytesTotal() > 0 && disk.bytesAvailable() < bytes) {
        return Error{ErrorCode::OverQuota, QStringLiteral("%1 bytes are needed").arg(bytes)};
    }
    for (auto &chosen : m_chosen) {
        const auto reserved = server.reserve(chosen.record);
        if (!reserved) {
            return reserved.error();
        }
        chosen.reserved = *reserved;
        chosen.report.id = *reserved;
    }
    return {};
}

Result<void> RestoreRun::findPlace(const QList<AccountRecord> &accounts, Chosen *chosen) const
{
    auto &report = chosen->report;
    report.name = chosen->record.name;
    const auto *there = findByName(accounts, report.name);
    if (there == nullptr) {
        return {};
    }
    report.name = there->name;
    if (!m_request.replaces) {
        const auto what = there->removed
            ? QStringLiteral("There was an account '%1', whose mail is still kept.")
            : QStringLiteral("There is an account '%1' already.");
        return Error{ErrorCode::AlreadyExists,
                     what.arg(there->name)
                         + QStringLiteral(" --replace puts the backup in its place and keeps the"
                                          " mail that it has now under another name; --as=NAME"
                                          " restores beside it.")};
    }
    report.replaced = there->id;
    report.keepsPassword = !there->removed;
    report.keptAs = nameOfKept(accounts, there->name, m_parts.nowUtc());
    report.keptFolder = QStringLiteral("%1/accounts/%2").arg(m_parts.dataDir).arg(there->id.value);
    return {};
}

void RestoreRun::bringNext(qsizetype index)
{
    if (index == m_chosen.size()) {
        return finishNext(0);
    }
    auto &chosen = m_chosen[index];
    chosen.job = std::make_shared<AccountRestoreJob>(AccountRestoreJob::Parts{
        chosen.backedUp,
        m_folder,
        chosen.reserved
            ? QStringLiteral("%1/accounts/%2").arg(m_parts.dataDir).arg(chosen.reserved->value)
            : QString(),
        m_parts.vfsName,
        m_parts.nowUtc(),
        m_progress});
    runSlices(
        m_parts.executor,
        [self = shared_from_this(), job = chosen.job]() -> Result<bool> {
            if (!self->isCancelled()) {
                return job->slice();
            }
            job->close();
            return cancelled();
        },
        [self = shared_from_this(), index](const Result<void> &brought) {
            brought ? self->bringNext(index + 1) : self->finish(brought);
        });
}

// All are there. What the accounts that they replace have used as UIDVALIDITY is only known now.
void RestoreRun::finishNext(qsizetype index)
{
    if (index == m_chosen.size()) {
        return activate();
    }
    const auto &replaced = m_chosen.at(index).report.replaced;
    if (!replaced) {
        return finishJob(index, 0);
    }
    m_parts.stores.open(
        *replaced,
        [self = shared_from_this(), index](const Result<std::shared_ptr<MailStore>> &opened) {
            if (!opened) { // perhaps it is being restored because it is damaged
                return self->finishJob(index, 0);
            }
            constexpr qint64 slack = 1000; // mailboxes that are made before it is replaced
            const auto used = std::make_shared<qint64>(0);
            auto &store = static_cast<SqliteMailStore &>(**opened);
            if (!store.database()) {
                return self->finishJob(index, 0);
            }
            store.database()->startRead(
                [used](ReadTxn &txn) {
                    auto row = static_cast<SqliteReadTxn &>(txn).reader().database().statement(
                        "SELECT value FROM counter WHERE name = 'uid_validity'");
                    *used = row.next() ? row.integer(0) + slack : 0;
                },
                [self, index, used, held = *opened](const std::optional<Error> &) {
                    self->finishJob(index, *used);
                },
                {});
        });
}

void RestoreRun::finishJob(qsizetype index, qint64 usedUidValidity)
{
    runSlices(
        m_parts.executor,
        [job = m_chosen.at(index).job, usedUidValidity] {
            return job->finish(usedUidValidity).transform([] { return false; });
        },
        [self = shared_from_this(), index](const Result<void> &finished) {
            finished ? self->finishNext(index + 1) : self->finish(finished);
        });
}

void RestoreRun::activate()
{
    if (m_request.onlyReads) {
        return finish({});
    }
    if (isCancelled()) {
        return finish(cancelled());
    }
    QList<ServerDatabase::Activation> activations;
    for (const auto &chosen : std::as_const(m_chosen)) {
        activations.append({*chosen.reserved,
                            chosen.report.name,
                            chosen.report.replaced,
                            chosen.report.keptAs,
                            chosen.report.keepsPassword});
    }
    m_parts.onServer([activations](ServerDatabase &server) { return server.activate(activations); },
                     [self = shared_from_this()](const Result<void> &activated) {
                         if (activated) {
                             for (auto &chosen : self->m_chosen) {
                                 chosen.reserved.reset(); // it is an account now
                             }
                         }
                         self->finish(activated);
                     });
}

void RestoreRun::finish(const Result<void> &outcome)
{
    if (!outcome) {
        return closeAll(outcome.error());
    }
    RestoreReport report;
    for (const auto &chosen : std::as_const(m_chosen)) {
        report.accounts.append(chosen.report);
    }
    m_done(report);
}

// Their files are closed by a job, then what was brought is deleted.
void RestoreRun::closeAll(const Error &error)
{
    m_parts.executor.start(
        JobClass::Background,
        [self = shared_from_this()] {
            for (const auto &chosen : std::as_const(self->m_chosen)) {
                if (chosen.job) {
                    chosen.job->close();
                }
            }
        },
        [self = shared_from_this(), error] {
            for (const auto &chosen : std::as_const(self->m_chosen)) {
                if (chosen.reserved) {
                    self->m_parts.purge(*chosen.reserved);
                }
            }
            self->m_done(self->explained(error));
        });
}

Error RestoreRun::explained(const Error &error) const
{
    switch (error.code) {
    case ErrorCode::OverQuota:
        return {error.code,
                QStringLiteral("There is not enough room on the disk of %1 for what is in the"
                               " backup; nothing was changed. (%2)")
                    .arg(QDir::toNativeSeparators(m_parts.dataDir), error.text)};
    case ErrorCode::Corrupt:
        return {error.code,
                QStringLiteral("%1 This backup cannot be restored; nothing was changed. --at"
                               " names an earlier one.")
                    .arg(error.text)};
    default:
        return error;
    }
}

} // namespace Postnook::Sqlite
