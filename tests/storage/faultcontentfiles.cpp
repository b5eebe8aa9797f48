#include "tests/storage/faultcontentfiles.h"

#include <QDir>

namespace Postnook::Test
{

namespace
{

Error errorOf(DiskStatus status)
{
    switch (status) {
    case DiskStatus::Full:
        return {ErrorCode::OverQuota, QStringLiteral("the test's disk is full")};
    case DiskStatus::NotThere:
        return {ErrorCode::NotFound, QStringLiteral("no such file on the test's disk")};
    case DiskStatus::Ok:
    case DiskStatus::IoError:
        break;
    }
    return {ErrorCode::Unavailable, QStringLiteral("the test's disk has an I/O error")};
}

Result<void> resultOf(DiskStatus status)
{
    return status == DiskStatus::Ok ? Result<void>() : errorOf(status);
}

class NewFile : public Sqlite::NewFile
{
public:
    NewFile(FaultDisk *disk, FaultDisk::NodePtr node)
        : m_disk(disk)
        , m_node(std::move(node))
    {
    }

    Result<void> write(QByteArrayView bytes) override
    {
        const auto status = m_disk->write(m_node, m_sizeBytes, bytes);
        m_sizeBytes += status == DiskStatus::Ok ? quint64(bytes.size()) : 0;
        return resultOf(status);
    }

    Result<void> sync() override { return resultOf(m_disk->sync(m_node, false)); }

private:
    FaultDisk *m_disk;
    FaultDisk::NodePtr m_node;
    quint64 m_sizeBytes = 0;
};

class OpenFile : public Sqlite::OpenFile
{
public:
    OpenFile(FaultDisk *disk, FaultDisk::NodePtr node)
        : m_disk(disk)
        , m_node(std::move(node))
    {
    }

    Result<QByteArray> read(quint64 offset, qsizetype maxBytes) override
    {
        QByteArray bytes;
        const auto status = m_disk->read(m_node, offset, maxBytes, &bytes);
        return status == DiskStatus::Ok ? Result<QByteArray>(bytes) : errorOf(status);
    }

private:
    FaultDisk *m_disk;
    FaultDisk::NodePtr m_node;
};

} // namespace

Result<std::unique_ptr<Sqlite::NewFile>> FaultContentFiles::create(const QString &path)
{
    if (m_disk->exists(path.toUtf8())) {
        return Error{ErrorCode::AlreadyExists, QStringLiteral("the file exists")};
    }
    FaultDisk::NodePtr node;
    const auto status = m_disk->open(path.toUtf8(), true, true, &node);
    if (status != DiskStatus::Ok) {
        return errorOf(status);
    }
    return std::unique_ptr<Sqlite::NewFile>(std::make_unique<NewFile>(m_disk, node));
}

Result<std::unique_ptr<Sqlite::OpenFile>> FaultContentFiles::open(const QString &path)
{
    FaultDisk::NodePtr node;
    const auto status = m_disk->open(path.toUtf8(), false, false, &node);
    if (status != DiskStatus::Ok) {
        return errorOf(status);
    }
    return std::unique_ptr<Sqlite::OpenFile>(std::make_unique<OpenFile>(m_disk, node));
}

Result<bool> FaultContentFiles::makeFolder(const QString &path)
{
    bool made = false;
    const auto status = m_disk->makeFolder(path.toUtf8(), &made);
    QDir().mkpath(path); // for the empty database files, which the engine makes on the real disk
    return status == DiskStatus::Ok ? Result<bool>(made) : errorOf(status);
}

Result<void> FaultContentFiles::syncFolder(const QString &path)
{
    return resultOf(m_disk->syncFolder(path.toUtf8()));
}

Result<void> FaultContentFiles::remove(const QString &path)
{
    const auto status = m_disk->remove(path.toUtf8());
    return status == DiskStatus::NotThere ? Result<void>() : resultOf(status);
}

Result<void> FaultContentFiles::rename(const QString &from, const QString &to)
{
    return resultOf(m_disk->rename(from.toUtf8(), to.toUtf8()));
}

Result<qint64> FaultContentFiles::size(const QString &path)
{
    FaultDisk::NodePtr node;
    quint64 bytes = 0;
    auto status = m_disk->open(path.toUtf8(), false, false, &node);
    if (status == DiskStatus::Ok) {
        status = m_disk->size(node, &bytes);
    }
    return status == DiskStatus::Ok ? Result<qint64>(qint64(bytes)) : errorOf(status);
}

Result<QStringList> FaultContentFiles::list(const QString &folder)
{
    if (m_disk->isOff()) {
        return errorOf(DiskStatus::IoError);
    }
    const auto prefix = folder.toUtf8() + '/';
    QStringList names;
    for (const auto &path : m_disk->paths(prefix)) {
        const auto name = path.mid(prefix.size());
        if (!name.contains('/')) {
            names.append(QString::fromUtf8(name));
        }
    }
    return names;
}

} // namespace Postnook::Test
