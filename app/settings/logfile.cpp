#include "app/settings/logfile.h"

#include <QDir>
#include <QFileInfo>

#include <filesystem>

#ifndef Q_OS_WIN
#include <sys/stat.h>
#endif

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

constexpr auto OwnerOnly = QFile::ReadOwner | QFile::WriteOwner;

// Replaces what is there, on every system; QFile::rename() does not.
bool renameOver(const QString &from, const QString &to)
{
    std::error_code failed;
    std::filesystem::rename(from.toStdU16String(), to.toStdU16String(), failed);
    return !failed;
}

// The longest run of whole lines of at most `room` bytes; one line in any case.
qsizetype bytesThatFit(QByteArrayView lines, qint64 room)
{
    if (lines.size() <= room) {
        return lines.size();
    }
    qsizetype end = room > 0 ? lines.first(room).lastIndexOf('\n') : -1;
    end = end >= 0 ? end : lines.indexOf('\n');
    return end >= 0 ? end + 1 : lines.size();
}

} // namespace

LogFile::LogFile(LogFileOptions options)
    : m_options(std::move(options))
    , m_file(m_options.path)
{
}

Result<std::unique_ptr<LogFile>> LogFile::open(const LogFileOptions &options)
{
    std::unique_ptr<LogFile> file(new LogFile(options));
    const QString folder = QFileInfo(options.path).absolutePath();
    if (!QDir().mkpath(folder)) {
        return Error{ErrorCode::Unavailable,
                     u"the folder %1 of the log file cannot be made"_s.arg(folder)};
    }
    if (const auto opened = file->reopen(); !opened) {
        return opened.error();
    }
    return file;
}

Result<void> LogFile::write(QByteArrayView lines)
{
    if (!isInPlace()) {
        if (const auto opened = reopen(); !opened) {
            return opened;
        }
    }
    while (!lines.isEmpty()) {
        const qint64 size = m_file.size();
        const qsizetype fitting = bytesThatFit(lines, m_options.maxBytes - size);
        if (size > 0 && size + fitting > m_options.maxBytes) {
            if (const auto rotated = rotate(); !rotated) {
                return rotated;
            }
            // One that could not be moved away is written on: see rotate().
            if (m_file.size() == 0) {
                continue;
            }
        }
        if (const auto written = writeToFile(lines.first(fitting)); !written) {
            return written;
        }
        lines = lines.sliced(fitting);
    }
    return {};
}

Result<void> LogFile::reopen()
{
    m_file.close();
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered, OwnerOnly)) {
        return failure();
    }
    return {};
}

Result<void> LogFile::rotate()
{
    const bool isFarTooLarge = m_file.size() >= 2 * m_options.maxBytes;
    m_file.close();
    // Left from a time when more were kept.
    for (int number = m_options.count; QFile::remove(nameOf(number)); ++number) { }
    for (int number = m_options.count - 1; number > 1; --number) {
        renameOver(nameOf(number - 1), nameOf(number));
    }
    const bool moved = renameOver(m_options.path, nameOf(1));
    if (const auto opened = reopen(); !opened) {
        return opened;
    }
    // In a folder where nothing can be renamed, or while another program reads it on Windows, the
    // file may grow to twice its size. Then the bound counts for more than old lines.
    if (!moved && isFarTooLarge && !m_file.resize(0)) {
        return failure();
    }
    return {};
}

Result<void> LogFile::writeToFile(QByteArrayView lines)
{
    if (m_file.write(lines.data(), lines.size()) != lines.size()) {
        return failure();
    }
    return {};
}

bool LogFile::isInPlace() const
{
    if (!m_file.isOpen()) {
        return false;
    }
#ifdef Q_OS_WIN
    return true; // an open file can be neither moved nor deleted
#else
    struct stat opened = {};
    struct stat named = {};
    return fstat(m_file.handle(), &opened) == 0
        && stat(QFile::encodeName(m_options.path).constData(), &named) == 0
        && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
#endif
}

QString LogFile::nameOf(int number) const
{
    return m_options.path + u'.' + QString::number(number);
}

Error LogFile::failure() const
{
    return {ErrorCode::Unavailable,
            u"the log file %1 cannot be written: %2"_s.arg(m_options.path, m_file.errorString())};
}

} // namespace Postnook
