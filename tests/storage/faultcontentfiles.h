#pragma once

#include "storage/sqlite/contentfiles.h"
#include "tests/storage/faultdisk.h"

namespace Postnook::Test
{

// The SQLite engine's message files on a FaultDisk, which must outlive it.
class FaultContentFiles : public Sqlite::ContentFiles
{
public:
    explicit FaultContentFiles(FaultDisk *disk)
        : m_disk(disk)
    {
    }

    Result<std::unique_ptr<Sqlite::NewFile>> create(const QString &path) override;
    Result<std::unique_ptr<Sqlite::OpenFile>> open(const QString &path) override;
    Result<bool> makeFolder(const QString &path) override;
    Result<void> syncFolder(const QString &path) override;
    Result<void> remove(const QString &path) override;
    Result<void> rename(const QString &from, const QString &to) override;
    Result<qint64> size(const QString &path) override;
    Result<QStringList> list(const QString &folder) override;

private:
    FaultDisk *m_disk;
};

} // namespace Postnook::Test
