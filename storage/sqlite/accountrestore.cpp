#include "storage/sqlite/accountrestore.h"

#include "storage/executor/poolexecutor.h"
#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/verification.h"

#include <QElapsedTimer>

#include <array>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint64 SliceMs = 15;

} // namespace

AccountRestoreJob::AccountRestoreJob(Parts parts)
    : m_parts(std::move(parts))
{
}

Result<bool> AccountRestoreJob::slice()
{
    QElapsedTimer clock;
    clock.start();
    auto more = work();
    while (more && *more && clock.elapsed() < SliceMs) {
        more = work();
    }
    if (!more) {
        close();
    }
    return more;
}

void AccountRestoreJob::close()
{
    m_texts.reset();
    m_databaseCopy.reset();
    m_database.reset();
}

Result<bool> AccountRestoreJob::work()
{
    constexpr std::array<Step, 4> steps{&AccountRestoreJob::checkVersion,
                                        &AccountRestoreJob::bringDatabase,
                                        &AccountRestoreJob::openDatabase,
                                        &AccountRestoreJob::bringTexts};
    const auto more = (this->*steps[m_step])();
    if (more && !*more) {
        ++m_step;
        return m_step < steps.size();
    }
    return more;
}

QString AccountRestoreJob::targetPath(const char *name) const
{
    return m_parts.target + u'/' + QString::fromLatin1(name);
}

Result<bool> AccountRestoreJob::checkVersion()
{
    const auto known = static_cast<int>(mailSchema(m_parts.nowUtc).steps.size());
    if (m_parts.account.schema > known) {
        return Error{ErrorCode::NotPermitted,
                     QStringLiteral("The backup of %1 was made by a newer version of Postnook"
                                    " (mail database, version %2; this program knows up to %3)."
                                    " Restore it with that version, or a newer one.")
                         .arg(m_parts.account.name)
                         .arg(m_parts.account.schema)
                         .arg(known)};
    }
    m_parts.progress->totalBytes += m_parts.account.databaseBytes + m_parts.account.fileBytes;
    if (onlyReads()) {
        return false;
    }
    const auto parent = m_parts.target.left(m_parts.target.lastIndexOf(u'/'));
    for (const auto &path : {parent, m_parts.target}) {
        if (auto made = m_parts.folder->files().makeFolder(path); !made) {
            return made.error();
        }
    }
    return false;
}

Result<bool> AccountRestoreJob::bringDatabase()
{
    if (!m_databaseCopy) {
        m_databaseCopy =
            std::make_unique<FileCopy>(m_parts.folder->files(),
                                       m_parts.folder->databasePath(m_parts.account.database),
                                       onlyReads() ? QString() : targetPath("mail.db"),
                                       m_parts.account.database);
    }
    const auto more = m_databaseCopy->copyMore();
    m_parts.progress->doneBytes += m_databaseCopy->lastBytes();
    return more;
}

// Brings it to this program's version; a backup that is only read stays as it is.
Result<bool> AccountRestoreJob::openDatabase()
{
    m_databaseCopy.reset();
    const auto schema = mailSchema(m_parts.nowUtc);
    auto database = onlyReads()
        ? Database::open(m_parts.folder->databasePath(m_parts.account.database),
                         Database::Mode::Frozen,
                         m_parts.vfsName)
        : Database::open(targetPath("mail.db"), Database::Mode::Writer, m_parts.vfsName);
    if (!database) {
        return database.error();
    }
    m_database = std::move(*database);
    if (auto migrated = onlyReads() ? Result<void>() : migrate(*m_database, schema); !migrated) {
        return migrated.error();
    }
    const bool isCurrent =
        !onlyReads() || m_parts.account.schema == static_cast<int>(schema.steps.size());
    const auto faults = isCurrent ? findFaults(*m_database, [] { PoolExecutor::letOthersRun(); })
                                  : Result<QStringList>(QStringList());
    if (!faults) {
        return faults.error();
    }
    if (!faults->isEmpty()) {
        return Error{ErrorCode::Corrupt, faults->first()};
    }
    m_texts = std::make_unique<TextTransfer>(
        *m_database,
        m_parts.folder->files(),
        TextTransfer::Parts{m_parts.folder->contentFolder(m_parts.account.id),
                            onlyReads() ? QString() : targetPath("content"),
                            [this](const QString &name) { return makeFolderOf(name); }});
    return false;
}

Result<bool> AccountRestoreJob::bringTexts()
{
    const auto more = m_texts->more();
    m_parts.progress->doneBytes += m_texts->lastBytes();
    if (more && !*more) {
        m_texts.reset();
    }
    return more;
}

Result<void> AccountRestoreJob::makeFolderOf(const QString &contentName)
{
    const auto content = targetPath("content");
    const QString first = content + u'/' + contentName.at(0);
    for (const auto &path : {content, first, first + u'/' + contentName.at(1)}) {
        if (m_folders.contains(path)) {
            continue;
        }
        auto &files = m_parts.folder->files();
        const auto made = files.makeFolder(path);
        const auto synced =
            made ? files.syncFolder(path.left(path.lastIndexOf(u'/'))) : Result<void>(made.error());
        if (!synced) {
            return synced;
        }
        m_folders.insert(path);
    }
    return {};
}

Result<void> AccountRestoreJob::finish(qint64 usedUidValidity)
{
    if (!onlyReads()) {
        if (auto renewed = renewUidValidities(*m_database, usedUidValidity, m_parts.nowUtc);
            !renewed) {
            close();
            return renewed;
        }
        m_database->checkpoint(Database::Checkpoint::Truncate);
    }
    close();
    if (onlyReads()) {
        return {};
    }
    const auto parent = m_parts.target.left(m_parts.target.lastIndexOf(u'/'));
    return m_parts.folder->files()
        .syncFolder(m_parts.target)
        .and_then([&] { return m_parts.folder->files().syncFolder(parent); })
        .and_then([&] {
            return m_parts.folder->files().syncFolder(parent.left(parent.lastIndexOf(u'/')));
        });
}

} // namespace Postnook::Sqlite
