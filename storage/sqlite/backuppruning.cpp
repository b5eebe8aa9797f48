#include "storage/sqlite/backuppruning.h"

#include "storage/sqlite/contentstore.h"
#include "storage/sqlite/database.h"

#include <QHash>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr int FoldersPerSlice = 16;

// Newest first.
QSet<int> numbersToKeep(const QList<BackupGeneration> &generations, int keep)
{
    QHash<AccountId, int> counts;
    QSet<int> numbers;
    for (const auto &generation : generations) {
        for (const auto &account : generation.accounts) {
            if (++counts[account.id] <= keep) {
                numbers.insert(generation.number);
            }
        }
    }
    return numbers;
}

} // namespace

BackupPruning::BackupPruning(std::shared_ptr<const BackupFolder> folder,
                             QByteArray vfsName,
                             int keep)
    : m_folder(std::move(folder))
    , m_vfsName(std::move(vfsName))
    , m_keep(keep)
{
}

Result<bool> BackupPruning::slice()
{
    switch (m_step) {
    case 0:
        return dropGenerations();
    case 1:
        return dropDatabases();
    default:
        return dropFiles();
    }
}

Result<bool> BackupPruning::dropGenerations()
{
    const auto generations = m_folder->generations();
    if (!generations) {
        return generations.error();
    }
    for (const auto &generation : *generations) {
        if (generation.error) { // it may need anything
            m_notes.append(generation.error->text
                           + QStringLiteral(" No older backup is removed as long as it is there."));
            return false;
        }
    }
    const auto keep = numbersToKeep(*generations, m_keep);
    for (const auto &generation : *generations) {
        if (m_keep == 0 || keep.contains(generation.number)) {
            m_kept.append(generation);
            continue;
        }
        if (auto dropped = m_folder->drop(generation.number); !dropped) {
            return dropped.error();
        }
        ++m_dropped;
        for (const auto &account : generation.accounts) {
            if (!m_accounts.contains(account.id)) {
                m_accounts.append(account.id);
            }
        }
    }
    m_step = 1;
    return true;
}

// Also what backups that were cut short have left.
Result<bool> BackupPruning::dropDatabases()
{
    QSet<QString> needed;
    for (const auto &generation : std::as_const(m_kept)) {
        needed.insert(m_folder->databasePath(generation.server));
        for (const auto &account : generation.accounts) {
            needed.insert(m_folder->databasePath(account.database));
        }
    }
    const auto names = m_folder->files().list(m_folder->databasesFolder());
    if (!names) {
        return names.error();
    }
    for (const auto &name : *names) {
        const QString path = m_folder->databasesFolder() + u'/' + name;
        if (needed.contains(path)) {
            continue;
        }
        if (auto removed = m_folder->files().remove(path); !removed) {
            return removed.error();
        }
    }
    m_step = 2;
    return !m_accounts.isEmpty();
}

Result<bool> BackupPruning::dropFiles()
{
    if (m_folders.isEmpty()) {
        if (m_accounts.isEmpty()) {
            return false;
        }
        const auto account = m_accounts.takeLast();
        if (auto read = readNeededFiles(account); !read) {
            m_notes.append(read.error().text); // nothing of it is removed then
            return !m_accounts.isEmpty();
        }
        m_folders = contentFolders(m_folder->contentFolder(account));
    }
    for (int i = 0; i < FoldersPerSlice && !m_folders.isEmpty(); ++i) {
        const QString folder = m_folders.takeLast();
        const auto names = m_folder->files().list(folder);
        if (!names) {
            return names.error();
        }
        for (const auto &name : *names) {
            if (m_needed.contains(name)) {
                continue;
            }
            if (auto removed = m_folder->files().remove(folder + u'/' + name); !removed) {
                return removed.error();
            }
        }
    }
    return !m_folders.isEmpty() || !m_accounts.isEmpty();
}

Result<void> BackupPruning::readNeededFiles(AccountId account)
{
    m_needed.clear();
    for (const auto &generation : std::as_const(m_kept)) {
        for (const auto &entry : generation.accounts) {
            if (entry.id != account) {
                continue;
            }
            const auto database = Database::open(
                m_folder->databasePath(entry.database), Database::Mode::Frozen, m_vfsName);
            if (!database) {
                return database.error();
            }
            auto rows = (*database)->statement("SELECT file FROM content WHERE file IS NOT NULL");
            while (rows.next()) {
                m_needed.insert(QString::fromUtf8(rows.view(0)));
            }
            if (rows.error()) {
                return *rows.error();
            }
        }
    }
    return {};
}

} // namespace Postnook::Sqlite
