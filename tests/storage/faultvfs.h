#pragma once

#include "tests/storage/faultdisk.h"

#include <sqlite3.h>

namespace Postnook::Test
{

// A FaultDisk as a SQLite VFS: databases, WALs and their shared memory live in it and nowhere
// else. Registered under its name from construction to destruction; the disk must outlive it, and
// it must outlive all connections.
class FaultVfs
{
public:
    FaultVfs(const QByteArray &name, FaultDisk *disk);
    ~FaultVfs();
    FaultVfs(const FaultVfs &) = delete;
    FaultVfs &operator=(const FaultVfs &) = delete;

    const QByteArray &name() const { return m_name; }

private:
    QByteArray m_name;
    sqlite3_vfs m_vfs{};
};

} // namespace Postnook::Test
