#include "storage/sqlite/contentstore.h"

#include "storage/logging.h"

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr int NameAttempts = 8; // names have 128 random bits: more means a broken generator
constexpr int NameLength = 32;

} // namespace

bool isContentName(const QString &name)
{
    return name.size() == NameLength && std::all_of(name.begin(), name.end(), [](QChar c) {
               return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
           });
}

SpoolFile::SpoolFile(std::shared_ptr<ContentStore> store,
                     QString name,
                     std::unique_ptr<NewFile> file)
    : m_store(std::move(store))
    , m_name(std::move(name))
    , m_file(std::move(file))
{
}

SpoolFile::~SpoolFile() // NOLINT(bugprone-exception-escape): only for want of memory
{
    m_file.reset();
    if (m_kept) {
        m_store->forget(m_name);
    } else {
        m_store->discard(m_name);
    }
}

Result<void> SpoolFile::finish()
{
    if (auto synced = m_file->sync(); !synced) {
        return synced;
    }
    m_file.reset();
    return m_store->m_files->syncFolder(m_store->folderOf(m_name));
}

ContentStore::ContentStore(QString folder,
                           std::shared_ptr<ContentFiles> files,
                           std::function<quint64()> random64,
                           Background background,
                           std::shared_ptr<DiskReserve> reserve)
    : m_folder(std::move(folder))
    , m_files(std::move(files))
    , m_random64(std::move(random64))
    , m_background(std::move(background))
    , m_reserve(std::move(reserve))
{
}

Result<void> ContentStore::mayAdd() const
{
    return m_reserve->isSpent()
        ? Result<void>(Error{ErrorCode::OverQuota, QStringLiteral("what is left is for deleting")})
        : Result<void>();
}

QString contentPath(const QString &folder, const QString &name)
{
    return QStringLiteral("%1/%2/%3/%4").arg(folder, name.at(0), name.at(1), name);
}

QStringList contentFolders(const QString &folder)
{
    static constexpr QLatin1String Digits("0123456789abcdef");
    QStringList result;
    for (const auto first : Digits) {
        for (const auto second : Digits) {
            result.append(QStringLiteral("%1/%2/%3").arg(folder).arg(first).arg(second));
        }
    }
    return result;
}

QString ContentStore::folderOf(const QString &name) const
{
    return QStringLiteral("%1/%2/%3").arg(m_folder, name.at(0), name.at(1));
}

QString ContentStore::pathOf(const QString &name) const
{
    return contentPath(m_folder, name);
}

Result<void> ContentStore::ensureFolder(const QString &path)
{
    if (m_durableFolders.contains(path)) {
        return {};
    }
    if (auto made = m_files->makeFolder(path); !made) {
        return made.error();
    }
    // Also when it was there already: an earlier process may have died between the two steps.
    const auto parent = path.left(path.lastIndexOf(u'/'));
    if (auto synced = m_files->syncFolder(parent); !synced) {
        return synced;
    }
    m_durableFolders.insert(path);
    return {};
}

Result<void> ContentStore::ensureFoldersOf(const QString &name)
{
    const std::lock_guard lock(m_foldersMutex);
    const auto first = m_folder + u'/' + name.at(0);
    for (const auto &folder : {m_folder, first, folderOf(name)}) {
        if (auto ensured = ensureFolder(folder); !ensured) {
            return ensured;
        }
    }
    return {};
}

Result<std::unique_ptr<SpoolFile>> ContentStore::newFile()
{
    if (auto allowed = mayAdd(); !allowed) {
        return allowed.error();
    }
    for (int attempt = 0; attempt < NameAttempts; ++attempt) {
        const auto name = QStringLiteral("%1%2")
                              .arg(m_random64(), 16, 16, QLatin1Char('0'))
                              .arg(m_random64(), 16, 16, QLatin1Char('0'));
        if (auto ensured = ensureFoldersOf(name); !ensured) {
            return ensured.error();
        }
        noteLive(name);
        auto file = m_files->create(pathOf(name));
        if (file) {
            return std::make_unique<SpoolFile>(shared_from_this(), name, std::move(*file));
        }
        forget(name);
        if (file.error().code != ErrorCode::AlreadyExists) {
            return file.error();
        }
    }
    return Error{ErrorCode::Internal, QStringLiteral("no free name for a content file")};
}

Result<std::unique_ptr<OpenFile>> ContentStore::open(const QString &name)
{
    if (!isContentName(name)) {
        return Error{ErrorCode::Corrupt, QStringLiteral("a row names the file \"%1\"").arg(name)};
    }
    return m_files->open(pathOf(name));
}

Result<void> ContentStore::remove(const QString &name)
{
    return isContentName(name) ? m_files->remove(pathOf(name)) : Result<void>();
}

void ContentStore::noteLive(const QString &name)
{
    const std::lock_guard lock(m_mutex);
    m_live.insert(name);
}

void ContentStore::forget(const QString &name)
{
    const std::lock_guard lock(m_mutex);
    m_live.remove(name);
}

void ContentStore::discard(const QString &name)
{
    const auto remove = [self = shared_from_this(), name] {
        if (auto removed = self->remove(name); !removed) {
            qCWarning(lcStorage, "left to the cleaner: %ls", qUtf16Printable(removed.error().text));
        }
        self->forget(name);
    };
    // Sessions drop staged content in the main thread, which must not touch files.
    if (!m_background || !m_background(remove)) {
        remove();
    }
}

Result<QStringList> ContentStore::settledFiles(const QString &folder)
{
    auto names = m_files->list(folder);
    if (names) {
        const std::lock_guard lock(m_mutex);
        names->removeIf(
            [this](const QString &name) { return !isContentName(name) || m_live.contains(name); });
    }
    return names;
}

} // namespace Postnook::Sqlite
