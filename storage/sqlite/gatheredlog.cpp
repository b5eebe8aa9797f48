#include "storage/sqlite/gatheredlog.h"

#include <QtEndian>

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <new>

namespace Postnook::Sqlite
{

namespace
{

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log: a frame is a header and a page; the
// header's second number is 0 but in the last frame of a transaction. A page has 512 bytes or more.
constexpr int FrameHeaderBytes = 24;
// No frame is begun beyond. With a page of 64 KiB, the largest there is, it must not come to
// 128 KiB: so much the VFS for Unix cannot write at once.
constexpr qsizetype EnoughGathered = 60LL * 1024;

// A log, as SQLite sees it. The file of the other VFS lies behind it in the memory that SQLite
// allocated for both.
struct LogFile {
    sqlite3_file base;
    sqlite3_file *file;
    // What is not written yet, and where it goes: frames of a transaction that is not committed.
    // Nobody but this connection knows of them, and a rollback leaves them behind.
    QByteArray gathered;
    sqlite3_int64 start;

    sqlite3_int64 end() const { return start + gathered.size(); }
    int flush();
    void forgetFrom(sqlite3_int64 offset);
    int write(const char *bytes, int count, sqlite3_int64 offset);
};

constexpr int LogFileBytes = (sizeof(LogFile) + alignof(std::max_align_t) - 1)
    / alignof(std::max_align_t) * alignof(std::max_align_t);

// After an error it is all tried again.
int LogFile::flush()
{
    if (gathered.isEmpty()) {
        return SQLITE_OK;
    }
    const int code = file->pMethods->xWrite(
        file, gathered.constData(), static_cast<int>(gathered.size()), start);
    if (code == SQLITE_OK) {
        gathered.resize(0); // keeps its memory
    }
    return code;
}

void LogFile::forgetFrom(sqlite3_int64 offset)
{
    gathered.resize(std::clamp<sqlite3_int64>(offset - start, 0, gathered.size()));
}

// SQLite gives headers and pages whole, but where a write may damage what lies beside it, which no
// VFS of its own says of a disk (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
int LogFile::write(const char *bytes, int count, sqlite3_int64 offset)
{
    const bool isHeader = count == FrameHeaderBytes;
    if (isHeader || offset == 0) {
        forgetFrom(offset); // the log goes on from here, after a rollback, or begins anew
    }
    if (isHeader && gathered.size() >= EnoughGathered) {
        if (const int code = flush(); code != SQLITE_OK) {
            return code;
        }
    }
    if (isHeader && gathered.isEmpty()) {
        start = offset;
    }
    if (offset == end() && (isHeader || !gathered.isEmpty())) {
        gathered.append(bytes, count);
        const bool isLast = isHeader && qFromBigEndian<quint32>(bytes + 4) != 0;
        return isLast ? flush() : SQLITE_OK;
    }
    // The page of the last frame, what is written over, and the header of the log.
    const int code = flush();
    return code == SQLITE_OK ? file->pMethods->xWrite(file, bytes, count, offset) : code;
}

LogFile &logFile(sqlite3_file *base)
{
    return *reinterpret_cast<LogFile *>(base);
}

int logClose(sqlite3_file *base)
{
    auto &log = logFile(base);
    auto *file = log.file;
    log.~LogFile();
    return file->pMethods->xClose(file);
}

int logRead(sqlite3_file *base, void *to, int count, sqlite3_int64 offset)
{
    auto &log = logFile(base);
    if (offset < log.end() && offset + count > log.start) {
        if (const int code = log.flush(); code != SQLITE_OK) {
            return code;
        }
    }
    return log.file->pMethods->xRead(log.file, to, count, offset);
}

int logWrite(sqlite3_file *base, const void *from, int count, sqlite3_int64 offset)
{
    return logFile(base).write(static_cast<const char *>(from), count, offset);
}

int logTruncate(sqlite3_file *base, sqlite3_int64 size)
{
    auto &log = logFile(base);
    log.forgetFrom(size);
    return log.file->pMethods->xTruncate(log.file, size);
}

int logSync(sqlite3_file *base, int flags)
{
    auto *file = logFile(base).file; // nothing that is gathered is to be safe yet
    return file->pMethods->xSync(file, flags);
}

int logFileSize(sqlite3_file *base, sqlite3_int64 *size)
{
    auto *file = logFile(base).file;
    return file->pMethods->xFileSize(file, size);
}

int logLock(sqlite3_file *base, int level)
{
    auto *file = logFile(base).file;
    return file->pMethods->xLock(file, level);
}

int logUnlock(sqlite3_file *base, int level)
{
    auto *file = logFile(base).file;
    return file->pMethods->xUnlock(file, level);
}

int logCheckReservedLock(sqlite3_file *base, int *isReserved)
{
    auto *file = logFile(base).file;
    return file->pMethods->xCheckReservedLock(file, isReserved);
}

int logFileControl(sqlite3_file *base, int operation, void *argument)
{
    auto *file = logFile(base).file;
    return file->pMethods->xFileControl(file, operation, argument);
}

int logSectorSize(sqlite3_file *base)
{
    auto *file = logFile(base).file;
    return file->pMethods->xSectorSize(file);
}

int logDeviceCharacteristics(sqlite3_file *base)
{
    auto *file = logFile(base).file;
    return file->pMethods->xDeviceCharacteristics(file);
}

constexpr sqlite3_io_methods s_logMethods = {
    1, // a log is neither shared memory nor mapped
    logClose,
    logRead,
    logWrite,
    logTruncate,
    logSync,
    logFileSize,
    logLock,
    logUnlock,
    logCheckReservedLock,
    logFileControl,
    logSectorSize,
    logDeviceCharacteristics,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

// Looked up each time: whoever has registered a VFS may do so again.
sqlite3_vfs *baseOf(sqlite3_vfs *vfs)
{
    return sqlite3_vfs_find(static_cast<const char *>(vfs->pAppData));
}

int vfsOpen(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *outFlags)
{
    auto *other = baseOf(vfs);
    if ((flags & SQLITE_OPEN_WAL) == 0) {
        return other->xOpen(other, name, base, flags, outFlags);
    }
    auto *file = reinterpret_cast<sqlite3_file *>(reinterpret_cast<char *>(base) + LogFileBytes);
    const int code = other->xOpen(other, name, file, flags, outFlags);
    if (code != SQLITE_OK) {
        if (file->pMethods != nullptr) {
            file->pMethods->xClose(file);
        }
        base->pMethods = nullptr;
        return code;
    }
    new (base) LogFile{{&s_logMethods}, file, {}, 0};
    return SQLITE_OK;
}

int vfsDelete(sqlite3_vfs *vfs, const char *name, int syncFolder)
{
    auto *other = baseOf(vfs);
    return other->xDelete(other, name, syncFolder);
}

int vfsAccess(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    auto *other = baseOf(vfs);
    return other->xAccess(other, name, flags, result);
}

int vfsFullPathname(sqlite3_vfs *vfs, const char *name, int size, char *result)
{
    auto *other = baseOf(vfs);
    return other->xFullPathname(other, name, size, result);
}

int vfsRandomness(sqlite3_vfs *vfs, int size, char *bytes)
{
    auto *other = baseOf(vfs);
    return other->xRandomness(other, size, bytes);
}

int vfsSleep(sqlite3_vfs *vfs, int microseconds)
{
    auto *other = baseOf(vfs);
    return other->xSleep(other, microseconds);
}

int vfsCurrentTime(sqlite3_vfs *vfs, double *julianDay)
{
    auto *other = baseOf(vfs);
    return other->xCurrentTime(other, julianDay);
}

int vfsGetLastError(sqlite3_vfs *vfs, int size, char *text)
{
    auto *other = baseOf(vfs);
    return other->xGetLastError(other, size, text);
}

// Registered from its making on, for as long as the process lives.
struct GatheringVfs {
    explicit GatheringVfs(const QByteArray &base);

    QByteArray base; // empty: the default
    QByteArray name;
    sqlite3_vfs vfs{};
};

GatheringVfs::GatheringVfs(const QByteArray &baseName)
    : base(baseName)
    , name("postnook-gathering-" + baseName)
{
    const auto *other = sqlite3_vfs_find(base.isEmpty() ? nullptr : base.constData());
    vfs.iVersion = 1; // no libraries are loaded
    vfs.szOsFile = LogFileBytes + other->szOsFile;
    vfs.mxPathname = other->mxPathname;
    vfs.zName = name.constData();
    vfs.pAppData = base.isEmpty() ? nullptr : base.data();
    vfs.xOpen = vfsOpen;
    vfs.xDelete = vfsDelete;
    vfs.xAccess = vfsAccess;
    vfs.xFullPathname = vfsFullPathname;
    vfs.xRandomness = vfsRandomness;
    vfs.xSleep = vfsSleep;
    vfs.xCurrentTime = vfsCurrentTime;
    vfs.xGetLastError = vfsGetLastError;
    sqlite3_vfs_register(&vfs, 0);
}

} // namespace

QByteArray gatheringVfs(const QByteArray &base)
{
    static std::mutex mutex;
    // Never destroyed: SQLite knows them to the end of the process.
    static auto &known = *new std::map<QByteArray, std::unique_ptr<GatheringVfs>>; // NOLINT
    const std::lock_guard lock(mutex);
    auto &vfs = known[base];
    if (!vfs) {
        vfs = std::make_unique<GatheringVfs>(base);
    }
    return vfs->name;
}

} // namespace Postnook::Sqlite
