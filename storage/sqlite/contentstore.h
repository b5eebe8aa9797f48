#pragma once

#include "storage/sqlite/diskreserve.h"

#include <QSet>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace Postnook::Sqlite
{

class ContentStore;

// Messages up to this size live in the database, larger ones in files of their own. Measured: small
// mail in rows is 3 to 4 times as fast as in files, large mail in files up to twice as fast.
constexpr quint64 MaxBytesInRow = 64ULL * 1024;

// A content file that no committed row may name yet. Removed by the destructor unless kept; until
// then the cleaner leaves it alone.
class SpoolFile
{
public:
    SpoolFile(std::shared_ptr<ContentStore> store, QString name, std::unique_ptr<NewFile> file);
    ~SpoolFile(); // NOLINT(bugprone-exception-escape): only for want of memory
    SpoolFile(const SpoolFile &) = delete;
    SpoolFile &operator=(const SpoolFile &) = delete;

    const QString &name() const { return m_name; }
    const ContentStore *store() const { return m_store.get(); }
    Result<void> write(QByteArrayView bytes) { return m_file->write(bytes); }
    Result<void> finish(); // syncs the file and its folder, closes
    void setKept(bool kept) { m_kept = kept; }

private:
    std::shared_ptr<ContentStore> m_store;
    QString m_name;
    std::unique_ptr<NewFile> m_file;
    std::atomic<bool> m_kept = false;
};

// Where a content file lies below an account's content folder; names are of two characters or more.
QString contentPath(const QString &folder, const QString &name);
// The folders that files may lie in.
QStringList contentFolders(const QString &folder);

// Names come from the database and from folders: a damaged or hostile one must lead nowhere.
bool isContentName(const QString &name);

// The content folder of one account: names, folders and the files in them. Thread-safe; outlives
// the account's database as long as somebody holds staged content.
class ContentStore : public std::enable_shared_from_this<ContentStore>
{
public:
    // Runs a job in the background. Empty or refused (false): the caller does it at once.
    using Background = std::function<bool(std::function<void()>)>;

    ContentStore(QString folder,
                 std::shared_ptr<ContentFiles> files,
                 std::function<quint64()> random64,
                 Background background,
                 std::shared_ptr<DiskReserve> reserve);

    // OverQuota while there is only room for what has to work on a full disk.
    Result<void> mayAdd() const;
    bool giveUpReserve() { return m_reserve->giveUp(); } // whether that made room

    Result<std::unique_ptr<SpoolFile>> newFile();
    Result<std::unique_ptr<OpenFile>> open(const QString &name);
    Result<void> remove(const QString &name);

    // While somebody holds it, the cleaner removes no file: a backup may be yet to copy it.
    std::shared_ptr<const void> holdFiles() const { return m_held; }
    bool areFilesHeld() const { return m_held.use_count() > 1; }

    // For the cleaner: the folders that hold files, and in one of them those files that no
    // StagedContent has in hand.
    QStringList folders() const { return contentFolders(m_folder); }
    Result<QStringList> settledFiles(const QString &folder);

private:
    friend class SpoolFile;
    QString pathOf(const QString &name) const;
    QString folderOf(const QString &name) const;
    Result<void> ensureFoldersOf(const QString &name);
    Result<void> ensureFolder(const QString &path);
    void noteLive(const QString &name);
    void discard(const QString &name); // removes the file, then forgets that it was live
    void forget(const QString &name);

    const QString m_folder;
    const std::shared_ptr<ContentFiles> m_files;
    const std::function<quint64()> m_random64;
    const Background m_background;
    const std::shared_ptr<DiskReserve> m_reserve;
    const std::shared_ptr<const int> m_held = std::make_shared<int>();

    std::mutex m_mutex; // guards what follows; never held over the disk, the main thread takes it
    QSet<QString> m_live;
    std::mutex m_foldersMutex; // guards what follows, and the making of folders
    QSet<QString> m_durableFolders; // known to be there after a power loss
};

} // namespace Postnook::Sqlite

namespace Postnook
{

struct StagedContent::Data {
    QByteArray bytes; // of a small message
    std::unique_ptr<Sqlite::SpoolFile> file; // of a large one
};

} // namespace Postnook
