#include "storage/sqlite/diskreserve.h"

#include "storage/logging.h"

#include <QRandomGenerator>

#include <algorithm>

namespace Postnook::Sqlite
{

namespace
{

constexpr qint64 PieceBytes = 1024LL * 1024;
constexpr qint64 MostOfDisk = 32; // a thirty-second of a small one

// Some file systems keep no room for octets that compress.
QByteArray incompressible()
{
    QByteArray bytes(PieceBytes, Qt::Uninitialized);
    QRandomGenerator random(1);
    random.generate(reinterpret_cast<quint32 *>(bytes.begin()),
                    reinterpret_cast<quint32 *>(bytes.end()));
    return bytes;
}

} // namespace

DiskReserve::DiskReserve(QString path,
                         qint64 bytes,
                         std::shared_ptr<ContentFiles> files,
                         std::function<void()> givenUp)
    : m_path(std::move(path))
    , m_bytes(bytes)
    , m_files(std::move(files))
    , m_givenUp(std::move(givenUp))
{
}

bool DiskReserve::giveUp()
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_isKept) {
            return false;
        }
        m_isKept = false;
        m_isSpent = true;
        if (const auto removed = m_files->remove(m_path); !removed) {
            qCWarning(lcStorage, "reserve: %ls", qUtf16Printable(removed.error().text));
            return false;
        }
    }
    m_givenUp();
    return true;
}

void DiskReserve::restore(const DiskSpace &space)
{
    const std::lock_guard lock(m_mutex);
    const auto bytes = std::min(m_bytes, space.totalBytes / MostOfDisk);
    if (m_isKept || bytes <= 0) {
        return;
    }
    if (isWhole(bytes)) { // of the process before
        m_isKept = true;
        m_isSpent = false;
        return;
    }
    static_cast<void>(m_files->remove(m_path));
    const auto written = space.availableBytes >= 2 * bytes
        ? write(bytes)
        : Result<void>(Error{ErrorCode::OverQuota, QStringLiteral("no room for it")});
    m_isKept = written.has_value();
    m_isSpent = !written && written.error().code == ErrorCode::OverQuota;
    if (!written) {
        static_cast<void>(m_files->remove(m_path));
        qCDebug(lcStorage, "reserve: %ls", qUtf16Printable(written.error().text));
    }
}

bool DiskReserve::isWhole(qint64 bytes) const
{
    const auto file = m_files->open(m_path);
    const auto last =
        file ? (*file)->read(static_cast<quint64>(bytes - 1), 1) : Result<QByteArray>(file.error());
    return last && last->size() == 1;
}

Result<void> DiskReserve::write(qint64 bytes) const
{
    const auto file = m_files->create(m_path);
    if (!file) {
        return file.error();
    }
    const auto piece = incompressible();
    for (qint64 left = bytes; left > 0; left -= PieceBytes) {
        const auto size = std::min(left, PieceBytes);
        if (auto written = (*file)->write(QByteArrayView(piece).first(size)); !written) {
            return written;
        }
    }
    return (*file)->sync();
}

} // namespace Postnook::Sqlite
