#include "tests/storage/faultvfs.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace Postnook::Test
{

namespace
{

struct OpenFile;

// What SQLite's connections to one file share: locks and the WAL's shared memory.
struct Shared {
    std::mutex mutex;
    int sharedLocks = 0;
    const OpenFile *writer = nullptr; // RESERVED and above
    const OpenFile *exclusive = nullptr; // PENDING and above
    std::array<int, SQLITE_SHM_NLOCK> shmShared{};
    std::array<const OpenFile *, SQLITE_SHM_NLOCK> shmExclusive{};
    std::vector<std::unique_ptr<char[]>> regions; // as long as somebody has them mapped
    int mappers = 0;
};

struct OpenFile {
    FaultDisk *disk = nullptr;
    FaultDisk::NodePtr node;
    std::shared_ptr<Shared> shared;
    QByteArray removeAtClose; // path, or empty
    int lock = SQLITE_LOCK_NONE;
    bool isMapped = false;
    std::array<bool, SQLITE_SHM_NLOCK> shmShared{};
};

// What SQLite allocates for us.
struct VfsFile {
    sqlite3_file base;
    OpenFile *open;
};

OpenFile &openFile(sqlite3_file *file)
{
    return *reinterpret_cast<VfsFile *>(file)->open;
}

FaultDisk &diskOf(sqlite3_vfs *vfs)
{
    return *static_cast<FaultDisk *>(vfs->pAppData);
}

sqlite3_vfs *systemVfs()
{
    return sqlite3_vfs_find(nullptr);
}

int code(DiskStatus status, int ioError)
{
    switch (status) {
    case DiskStatus::Ok:
        return SQLITE_OK;
    case DiskStatus::Full:
        return SQLITE_FULL;
    case DiskStatus::NotThere:
    case DiskStatus::IoError:
        break;
    }
    return ioError;
}

void dropShmLocks(OpenFile &file, int first, int count)
{
    for (auto i = size_t(first); i < size_t(first + count); ++i) {
        if (file.shmShared[i]) {
            file.shmShared[i] = false;
            --file.shared->shmShared[i];
        }
        if (file.shared->shmExclusive[i] == &file) {
            file.shared->shmExclusive[i] = nullptr;
        }
    }
}

void unmap(OpenFile &file)
{
    dropShmLocks(file, 0, SQLITE_SHM_NLOCK);
    if (file.isMapped) {
        file.isMapped = false;
        if (--file.shared->mappers == 0) {
            file.shared->regions.clear();
        }
    }
}

// Down to SHARED or NONE.
void unlock(OpenFile &file, int level)
{
    auto &shared = *file.shared;
    if (shared.writer == &file) {
        shared.writer = nullptr;
    }
    if (shared.exclusive == &file) {
        shared.exclusive = nullptr;
    }
    if (level == SQLITE_LOCK_NONE && file.lock != SQLITE_LOCK_NONE) {
        --shared.sharedLocks;
    }
    file.lock = level;
}

int fileClose(sqlite3_file *base)
{
    const std::unique_ptr<OpenFile> file(&openFile(base));
    {
        const std::lock_guard lock(file->shared->mutex);
        unmap(*file);
        if (file->lock > SQLITE_LOCK_NONE) {
            unlock(*file, SQLITE_LOCK_NONE);
        }
    }
    if (!file->removeAtClose.isEmpty()) {
        file->disk->remove(file->removeAtClose);
    }
    return SQLITE_OK;
}

int fileRead(sqlite3_file *base, void *to, int size, sqlite3_int64 offset)
{
    auto &file = openFile(base);
    QByteArray bytes;
    const auto status = file.disk->read(file.node, quint64(offset), size, &bytes);
    if (status != DiskStatus::Ok) {
        return SQLITE_IOERR_READ;
    }
    std::memcpy(to, bytes.constData(), size_t(bytes.size()));
    if (bytes.size() == size) {
        return SQLITE_OK;
    }
    std::memset(static_cast<char *>(to) + bytes.size(), 0, size_t(size - bytes.size()));
    return SQLITE_IOERR_SHORT_READ;
}

int fileWrite(sqlite3_file *base, const void *from, int size, sqlite3_int64 offset)
{
    auto &file = openFile(base);
    const QByteArrayView bytes(static_cast<const char *>(from), size);
    return code(file.disk->write(file.node, quint64(offset), bytes), SQLITE_IOERR_WRITE);
}

int fileTruncate(sqlite3_file *base, sqlite3_int64 size)
{
    auto &file = openFile(base);
    return code(file.disk->truncate(file.node, quint64(size)), SQLITE_IOERR_TRUNCATE);
}

int fileSync(sqlite3_file *base, int /*flags*/)
{
    auto &file = openFile(base);
    const auto status = file.disk->sync(file.node, true);
    return status == DiskStatus::Ok ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}

int fileSize(sqlite3_file *base, sqlite3_int64 *size)
{
    auto &file = openFile(base);
    quint64 bytes = 0;
    const auto status = file.disk->size(file.node, &bytes);
    *size = sqlite3_int64(bytes);
    return code(status, SQLITE_IOERR_FSTAT);
}

int fileLock(sqlite3_file *base, int level)
{
    auto &file = openFile(base);
    auto &shared = *file.shared;
    const std::lock_guard lock(shared.mutex);
    if (file.lock >= level) {
        return SQLITE_OK;
    }
    if (file.lock == SQLITE_LOCK_NONE) {
        if (shared.exclusive != nullptr) {
            return SQLITE_BUSY;
        }
        ++shared.sharedLocks;
        file.lock = SQLITE_LOCK_SHARED;
    }
    if (level >= SQLITE_LOCK_RESERVED) {
        if (shared.writer != nullptr && shared.writer != &file) {
            return SQLITE_BUSY;
        }
        shared.writer = &file;
        file.lock = std::max(file.lock, SQLITE_LOCK_RESERVED);
    }
    if (level >= SQLITE_LOCK_PENDING) {
        shared.exclusive = &file;
        file.lock = SQLITE_LOCK_PENDING;
        if (level == SQLITE_LOCK_EXCLUSIVE) {
            if (shared.sharedLocks > 1) {
                return SQLITE_BUSY;
            }
            file.lock = SQLITE_LOCK_EXCLUSIVE;
        }
    }
    return SQLITE_OK;
}

int fileUnlock(sqlite3_file *base, int level)
{
    auto &file = openFile(base);
    const std::lock_guard lock(file.shared->mutex);
    if (file.lock > level) {
        unlock(file, level);
    }
    return SQLITE_OK;
}

int fileCheckReservedLock(sqlite3_file *base, int *isReserved)
{
    auto &file = openFile(base);
    const std::lock_guard lock(file.shared->mutex);
    *isReserved = file.shared->writer != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int fileControl(sqlite3_file *, int, void *)
{
    return SQLITE_NOTFOUND;
}

int sectorSize(sqlite3_file *)
{
    return 4096;
}

// As SQLite's own layers say of every disk: a write does not damage the bytes beside it.
int deviceCharacteristics(sqlite3_file *)
{
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int shmMap(sqlite3_file *base, int region, int size, int extend, void volatile **memory)
{
    auto &file = openFile(base);
    *memory = nullptr;
    if (file.disk->mapShared(file.node) != DiskStatus::Ok) {
        return SQLITE_IOERR_SHMMAP;
    }
    auto &regions = file.shared->regions;
    const std::lock_guard lock(file.shared->mutex);
    file.shared->mappers += file.isMapped ? 0 : 1;
    file.isMapped = true;
    while (extend != 0 && regions.size() <= size_t(region)) {
        regions.push_back(std::make_unique<char[]>(size_t(size)));
    }
    if (size_t(region) < regions.size()) {
        *memory = regions[size_t(region)].get();
    }
    return SQLITE_OK;
}

int shmLock(sqlite3_file *base, int first, int count, int flags)
{
    auto &file = openFile(base);
    auto &shared = *file.shared;
    const std::lock_guard lock(shared.mutex);
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
        dropShmLocks(file, first, count);
        return SQLITE_OK;
    }
    const bool wantsExclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
    for (auto i = size_t(first); i < size_t(first + count); ++i) {
        const int others = shared.shmShared[i] - (file.shmShared[i] ? 1 : 0);
        const auto *holder = shared.shmExclusive[i];
        if ((holder != nullptr && holder != &file) || (wantsExclusive && others > 0)) {
            return SQLITE_BUSY;
        }
    }
    for (auto i = size_t(first); i < size_t(first + count); ++i) {
        if (wantsExclusive) {
            shared.shmExclusive[i] = &file;
        } else if (!file.shmShared[i]) {
            file.shmShared[i] = true;
            ++shared.shmShared[i];
        }
    }
    return SQLITE_OK;
}

void shmBarrier(sqlite3_file *base)
{
    const std::lock_guard lock(openFile(base).shared->mutex);
}

int shmUnmap(sqlite3_file *base, int /*remove*/)
{
    auto &file = openFile(base);
    const std::lock_guard lock(file.shared->mutex);
    unmap(file);
    return SQLITE_OK;
}

constexpr sqlite3_io_methods s_methods = {
    2,
    fileClose,
    fileRead,
    fileWrite,
    fileTruncate,
    fileSync,
    fileSize,
    fileLock,
    fileUnlock,
    fileCheckReservedLock,
    fileControl,
    sectorSize,
    deviceCharacteristics,
    shmMap,
    shmLock,
    shmBarrier,
    shmUnmap,
    nullptr, // no memory map of the database: version 2
    nullptr,
};

int vfsOpen(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *outFlags)
{
    auto *vfsFile = reinterpret_cast<VfsFile *>(base);
    vfsFile->base.pMethods = nullptr;
    auto &disk = diskOf(vfs);
    auto file = std::make_unique<OpenFile>();
    file->disk = &disk;
    if (path == nullptr) {
        file->node = disk.anonymous();
    } else {
        // The engine makes its database files without SQLite, to give them their mode.
        const auto status = disk.open(path,
                                      (flags & (SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB)) != 0,
                                      (flags & SQLITE_OPEN_EXCLUSIVE) != 0,
                                      &file->node);
        if (status != DiskStatus::Ok) {
            return code(status, SQLITE_CANTOPEN);
        }
        if ((flags & SQLITE_OPEN_DELETEONCLOSE) != 0) {
            file->removeAtClose = path;
        }
    }
    file->shared = std::static_pointer_cast<Shared>(
        disk.attached(file->node, [] { return std::make_shared<Shared>(); }));
    vfsFile->open = file.release();
    vfsFile->base.pMethods = &s_methods;
    if (outFlags != nullptr) {
        *outFlags = flags;
    }
    return SQLITE_OK;
}

int vfsDelete(sqlite3_vfs *vfs, const char *path, int syncFolder)
{
    auto &disk = diskOf(vfs);
    const QByteArray name(path);
    const auto status = disk.remove(name);
    if (status != DiskStatus::Ok) {
        return status == DiskStatus::NotThere ? SQLITE_IOERR_DELETE_NOENT : SQLITE_IOERR_DELETE;
    }
    if (syncFolder != 0) {
        return code(disk.syncFolder(name.left(name.lastIndexOf('/'))), SQLITE_IOERR_DIR_FSYNC);
    }
    return SQLITE_OK;
}

int vfsAccess(sqlite3_vfs *vfs, const char *path, int /*flags*/, int *result)
{
    auto &disk = diskOf(vfs);
    *result = disk.exists(path) ? 1 : 0;
    return disk.isOff() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int vfsFullPathname(sqlite3_vfs *, const char *path, int size, char *result)
{
    sqlite3_snprintf(size, result, "%s", path);
    return SQLITE_OK;
}

int vfsRandomness(sqlite3_vfs *, int size, char *bytes)
{
    return systemVfs()->xRandomness(systemVfs(), size, bytes);
}

int vfsSleep(sqlite3_vfs *, int microseconds)
{
    return systemVfs()->xSleep(systemVfs(), microseconds);
}

int vfsCurrentTime(sqlite3_vfs *, double *julianDay)
{
    return systemVfs()->xCurrentTime(systemVfs(), julianDay);
}

int vfsGetLastError(sqlite3_vfs *, int, char *)
{
    return 0;
}

} // namespace

FaultVfs::FaultVfs(const QByteArray &name, FaultDisk *disk)
    : m_name(name)
{
    m_vfs.iVersion = 1;
    m_vfs.szOsFile = int(sizeof(VfsFile));
    m_vfs.mxPathname = 1024;
    m_vfs.zName = m_name.constData();
    m_vfs.pAppData = disk;
    m_vfs.xOpen = vfsOpen;
    m_vfs.xDelete = vfsDelete;
    m_vfs.xAccess = vfsAccess;
    m_vfs.xFullPathname = vfsFullPathname;
    m_vfs.xRandomness = vfsRandomness;
    m_vfs.xSleep = vfsSleep;
    m_vfs.xCurrentTime = vfsCurrentTime;
    m_vfs.xGetLastError = vfsGetLastError;
    sqlite3_vfs_register(&m_vfs, 0);
}

FaultVfs::~FaultVfs()
{
    sqlite3_vfs_unregister(&m_vfs);
}

} // namespace Postnook::Test
