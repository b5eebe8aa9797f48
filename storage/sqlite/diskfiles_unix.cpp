#include "storage/sqlite/contentfiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace Postnook::Sqlite
{

namespace
{

Error fileError(const char *what, const QString &path, int number)
{
    const bool isFull = number == ENOSPC
#ifdef EDQUOT
        || number == EDQUOT
#endif
        ;
    return {
        isFull ? ErrorCode::OverQuota : ErrorCode::Unavailable,
        QStringLiteral("%1: %2: %3")
            .arg(QDir::toNativeSeparators(path), QString::fromUtf8(what), qt_error_string(number))};
}

// fsync() alone leaves the data in the drive's cache on macOS.
bool syncHandle(int handle)
{
#ifdef F_FULLFSYNC
    return ::fcntl(handle, F_FULLFSYNC) == 0 || ::fsync(handle) == 0;
#else
    return ::fsync(handle) == 0;
#endif
}

std::filesystem::path nativePath(const QString &path)
{
    return QFile::encodeName(path).toStdString();
}

class NewDiskFile : public NewFile
{
public:
    explicit NewDiskFile(const QString &path)
        : m_file(path)
    {
    }

    Result<void> create()
    {
        errno = 0;
        if (m_file.open(QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::Unbuffered,
                        QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
            return {};
        }
        const int number = errno;
        if (number == EEXIST) {
            return Error{ErrorCode::AlreadyExists, m_file.fileName()};
        }
        return fileError("create", m_file.fileName(), number);
    }

    Result<void> write(QByteArrayView bytes) override
    {
        while (!bytes.isEmpty()) {
            errno = 0;
            const auto written = m_file.write(bytes.data(), bytes.size());
            if (written <= 0) {
                return fileError("write", m_file.fileName(), errno);
            }
            bytes = bytes.sliced(written);
        }
        return {};
    }

    Result<void> sync() override
    {
        if (!syncHandle(m_file.handle())) {
            return fileError("sync", m_file.fileName(), errno);
        }
        return {};
    }

private:
    QFile m_file;
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
        if (m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)) {
            return {};
        }
        if (!m_file.exists()) {
            return Error{ErrorCode::NotFound, m_file.fileName()};
        }
        return Error{ErrorCode::Unavailable,
                     m_file.fileName() + QStringLiteral(": ") + m_file.errorString()};
    }

    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        if (!m_file.seek(static_cast<qint64>(offset))) {
            return failure();
        }
        QByteArray bytes(maxBytes, Qt::Uninitialized);
        const auto got = m_file.read(bytes.data(), maxBytes);
        if (got < 0) {
            return failure();
        }
        bytes.truncate(got);
        return bytes;
    }

private:
    Error failure() const
    {
        return {ErrorCode::Unavailable,
                m_file.fileName() + QStringLiteral(": ") + m_file.errorString()};
    }

    QFile m_file;
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
        const bool made = ::mkdir(QFile::encodeName(path).constData(), S_IRWXU) == 0;
        const int number = errno;
        if (!made && !QFileInfo(path).isDir()) {
            return fileError("make folder", path, number);
        }
        return made;
    }

    Result<void> syncFolder(const QString &path) override
    {
        const int handle =
            ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (handle < 0) {
            return fileError("open folder", path, errno);
        }
        const bool synced = syncHandle(handle);
        const int number = errno;
        ::close(handle);
        if (!synced) {
            return fileError("sync folder", path, number);
        }
        return {};
    }

    Result<void> remove(const QString &path) override
    {
        QFile file(path);
        if (!file.remove() && file.exists()) {
            return Error{ErrorCode::Unavailable, path + QStringLiteral(": ") + file.errorString()};
        }
        return {};
    }

    Result<void> rename(const QString &from, const QString &to) override
    {
        // Qt's own refuses to replace a file.
        std::error_code code;
        std::filesystem::rename(nativePath(from), nativePath(to), code);
        return code ? fileError("rename", from, code.value()) : Result<void>();
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
