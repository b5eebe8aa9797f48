#include "app/export/exportfile.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>

#ifdef Q_OS_WIN
#include <qt_windows.h>

#include <io.h>
#else
#include <fcntl.h>
#include <unistd.h>
#endif

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

// Less is no room for anything.
constexpr qint64 FullDiskBytes = 1'048'576;

} // namespace

Error exportError(const QString &path, const QString &systemText)
{
    const QStorageInfo disk(QFileInfo(path).absolutePath());
    if (disk.isValid() && disk.bytesAvailable() < FullDiskBytes) {
        return {ErrorCode::OverQuota,
                u"the disk of %1 is full; make room and run the same command again"_s.arg(
                    QDir::toNativeSeparators(path))};
    }
    return {ErrorCode::Unavailable,
            u"%1 cannot be written: %2"_s.arg(QDir::toNativeSeparators(path), systemText)};
}

Error ExportFile::error() const
{
    return exportError(m_file.fileName(), m_file.errorString());
}

Result<void> ExportFile::create(const QString &path)
{
    m_file.setFileName(path);
    const bool isOpen = m_file.open(QIODevice::ReadWrite | QIODevice::NewOnly,
                                    QFile::ReadOwner | QFile::WriteOwner);
    return isOpen ? Result<void>() : error();
}

Result<void> ExportFile::write(QByteArrayView bytes)
{
    return m_file.write(bytes.data(), bytes.size()) == bytes.size() ? Result<void>() : error();
}

Result<void> ExportFile::overwrite(qint64 position, QByteArrayView bytes)
{
    const qint64 end = m_file.pos();
    const bool isWritten = m_file.seek(position)
        && m_file.write(bytes.data(), bytes.size()) == bytes.size() && m_file.seek(end);
    return isWritten ? Result<void>() : error();
}

Result<void> ExportFile::truncate(qint64 position)
{
    const bool isCut = m_file.flush() && m_file.resize(position) && m_file.seek(position);
    return isCut ? Result<void>() : error();
}

Result<void> ExportFile::close(const std::optional<InternalDate> &date)
{
    if (!m_file.flush()) {
        return error();
    }
#ifdef Q_OS_WIN
    FlushFileBuffers(reinterpret_cast<HANDLE>(_get_osfhandle(m_file.handle())));
#endif
    if (date) {
        // Not every file system knows every time; the notes hold it too.
        static_cast<void>(m_file.setFileTime(QDateTime::fromSecsSinceEpoch(date->secondsUtc),
                                             QFileDevice::FileModificationTime));
    }
    m_file.close();
    return m_file.error() == QFile::NoError ? Result<void>() : error();
}

Result<void> ExportFile::remove()
{
    return m_file.remove() ? Result<void>() : error();
}

Result<void> syncFolderTree(const QString &folder)
{
#if defined(Q_OS_LINUX)
    // One call for all of the files: one for each would take as long as the whole export.
    const int handle = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_CLOEXEC);
    const bool isSynced = handle >= 0 && ::syncfs(handle) == 0;
    const QString text = qt_error_string();
    if (handle >= 0) {
        ::close(handle);
    }
    return isSynced ? Result<void>() : exportError(folder, text);
#elif defined(Q_OS_WIN)
    Q_UNUSED(folder); // each file was flushed when it was closed
    return {};
#else
    Q_UNUSED(folder);
    ::sync();
    return {};
#endif
}

} // namespace Postnook
