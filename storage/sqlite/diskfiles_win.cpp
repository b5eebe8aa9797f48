#include "storage/sqlite/contentfiles.h"

#include <QDir>
#include <QFileInfo>

#include <qt_windows.h>

#include <algorithm>
#include <limits>
#include <string>

namespace Postnook::Sqlite
{

namespace
{

constexpr DWORD QuotaExceeded = 1295; // ERROR_DISK_QUOTA_EXCEEDED, which mingw-w64 10 lacks

// With the prefix that lifts the limit of 260 characters.
std::wstring nativePath(const QString &path)
{
    const QString native = QDir::toNativeSeparators(QDir::cleanPath(path));
    const bool isLocal = QDir::isAbsolutePath(path) && !native.startsWith(QStringLiteral("\\\\"));
    return (isLocal ? QStringLiteral("\\\\?\\") + native : native).toStdWString();
}

Error fileError(const char *what, const QString &path, DWORD number)
{
    const bool isFull =
        number == ERROR_DISK_FULL || number == ERROR_HANDLE_DISK_FULL || number == QuotaExceeded;
    return {isFull ? ErrorCode::OverQuota : ErrorCode::Unavailable,
            QStringLiteral("%1: %2: %3")
                .arg(QDir::toNativeSeparators(path),
                     QString::fromUtf8(what),
                     qt_error_string(static_cast<int>(number)))};
}

bool isMissing(DWORD number)
{
    return number == ERROR_FILE_NOT_FOUND || number == ERROR_PATH_NOT_FOUND;
}

// WriteFile() and ReadFile() take 32 bits.
DWORD atMost(qsizetype bytes)
{
    constexpr qsizetype Most = 1 << 30;
    return static_cast<DWORD>(std::min(bytes, Most));
}

class DiskFile
{
public:
    explicit DiskFile(QString path)
        : m_path(std::move(path))
    {
    }
    ~DiskFile()
    {
        if (m_handle != INVALID_HANDLE_VALUE) {
            CloseHandle(m_handle);
        }
    }
    Q_DISABLE_COPY_MOVE(DiskFile)

    // Others may read, rename and delete it meanwhile, as everywhere else: the cleaner must not
    // stumble over a FETCH.
    DWORD open(DWORD access, DWORD disposition, DWORD flags = FILE_ATTRIBUTE_NORMAL)
    {
        m_handle = CreateFileW(nativePath(m_path).c_str(),
                               access,
                               FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                               nullptr,
                               disposition,
                               flags,
                               nullptr);
        return m_handle == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
    }

    // Through the caches of the system and of the drive.
    DWORD flush() { return FlushFileBuffers(m_handle) ? ERROR_SUCCESS : GetLastError(); }

    const QString &path() const { return m_path; }
    HANDLE handle() const { return m_handle; }

private:
    QString m_path;
    HANDLE m_handle = INVALID_HANDLE_VALUE;
};

class NewDiskFile : public NewFile
{
public:
    explicit NewDiskFile(const QString &path)
        : m_file(path)
    {
    }

    // The data folder's access list, which keeps others out, is inherited.
    Result<void> create()
    {
        const DWORD number = m_file.open(GENERIC_WRITE, CREATE_NEW);
        if (number == ERROR_FILE_EXISTS) {
            return Error{ErrorCode::AlreadyExists, m_file.path()};
        }
        return number == ERROR_SUCCESS ? Result<void>()
                                       : fileError("create", m_file.path(), number);
    }

    Result<void> write(QByteArrayView bytes) override
    {
        while (!bytes.isEmpty()) {
            DWORD written = 0;
            if (!WriteFile(
                    m_file.handle(), bytes.data(), atMost(bytes.size()), &written, nullptr)) {
                return fileError("write", m_file.path(), GetLastError());
            }
            bytes = bytes.sliced(written);
        }
        return {};
    }

    Result<void> sync() override
    {
        const DWORD number = m_file.flush();
        return number == ERROR_SUCCESS ? Result<void>() : fileError("sync", m_file.path(), number);
    }

private:
    DiskFile m_file;
};

class OpenDiskFile : public OpenFile
{
public:
    explicit OpenDiskFile(const QString &path)
        : m_file(path)
    {
    }

    Result<void> open()
    {
        const DWORD number = m_file.open(GENERIC_READ, OPEN_EXISTING);
        if (isMissing(number)) {
            return Error{ErrorCode::NotFound, m_file.path()};
        }
        return number == ERROR_SUCCESS ? Result<void>() : fileError("open", m_file.path(), number);
    }

    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        QByteArray bytes(maxBytes, Qt::Uninitialized);
        qsizetype done = 0;
        while (done < maxBytes) {
            const quint64 position = offset + static_cast<quint64>(done);
            OVERLAPPED at = {};
            at.Offset = static_cast<DWORD>(position & std::numeric_limits<DWORD>::max());
            at.OffsetHigh = static_cast<DWORD>(position >> 32U);
            DWORD got = 0;
            if (!ReadFile(m_file.handle(), bytes.data() + done, atMost(maxBytes - done), &got, &at)
                && GetLastError() != ERROR_HANDLE_EOF) {
                return fileError("read", m_file.path(), GetLastError());
            }
            if (got == 0) {
                break;
            }
            done += got;
        }
        bytes.truncate(done);
        return bytes;
    }

private:
    DiskFile m_file;
};

class DiskFiles : public ContentFiles
{
public:
    Result<std::unique_ptr<NewFile>> create(const QString &path) override
    {
        auto file = std::make_unique<NewDiskFile>(path);
        if (auto created = file->create(); !created) {
            return created.error();
        }
        return std::unique_ptr<NewFile>(std::move(file));
    }

    Result<std::unique_ptr<OpenFile>> open(const QString &path) override
    {
        auto file = std::make_unique<OpenDiskFile>(path);
        if (auto opened = file->open(); !opened) {
            return opened.error();
        }
        return std::unique_ptr<OpenFile>(std::move(file));
    }

    Result<bool> makeFolder(const QString &path) override
    {
        const bool made = CreateDirectoryW(nativePath(path).c_str(), nullptr) != 0;
        const DWORD number = GetLastError();
        if (!made && !QFileInfo(path).isDir()) {
            return fileError("make folder", path, number);
        }
        return made;
    }

    // NTFS writes the entry of a file to its log before FlushFileBuffers() of the file returns.
    // Where the system lets a folder be flushed too, that is done as well; some file systems do
    // not.
    Result<void> syncFolder(const QString &path) override
    {
        DiskFile folder(path);
        const DWORD opened = folder.open(GENERIC_WRITE, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS);
        if (isMissing(opened)) {
            return fileError("open folder", path, opened);
        }
        const DWORD flushed = opened == ERROR_SUCCESS ? folder.flush() : ERROR_ACCESS_DENIED;
        const bool isDone = flushed == ERROR_SUCCESS || flushed == ERROR_ACCESS_DENIED
            || flushed == ERROR_INVALID_FUNCTION || flushed == ERROR_INVALID_HANDLE
            || flushed == ERROR_NOT_SUPPORTED;
        return isDone ? Result<void>() : fileError("sync folder", path, flushed);
    }

    Result<void> remove(const QString &path) override
    {
        if (DeleteFileW(nativePath(path).c_str()) || isMissing(GetLastError())) {
            return {};
        }
        return fileError("remove", path, GetLastError());
    }

    Result<void> rename(const QString &from, const QString &to) override
    {
        const bool isDone = MoveFileExW(nativePath(from).c_str(),
                                        nativePath(to).c_str(),
                                        MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)
            != 0;
        return isDone ? Result<void>() : fileError("rename", from, GetLastError());
    }

    Result<qint64> size(const QString &path) override
    {
        const QFileInfo info(path);
        if (!info.isFile()) {
            return Error{ErrorCode::NotFound, path};
        }
        return info.size();
    }

    Result<QStringList> list(const QString &folder) override
    {
        return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::NoSort);
    }
};

} // namespace

std::shared_ptr<ContentFiles> diskFiles()
{
    return std::make_shared<DiskFiles>();
}

} // namespace Postnook::Sqlite
