#pragma once

#include "storage/sqlite/contentfiles.h"
#include "storage/store.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

namespace Postnook::Sqlite
{

// Room kept for the time when the disk is full: a file of that size, which is given up when a
// change finds no room, so that mail can still be deleted and moved. From then on until it is back
// nothing is taken that adds mail, which would only eat it up. Any thread.
class DiskReserve
{
public:
    // No file is kept with 0 bytes. `givenUp` is called once each time, in whatever thread.
    DiskReserve(QString path,
                qint64 bytes,
                std::shared_ptr<ContentFiles> files,
                std::function<void()> givenUp);

    // After a change found no room: whether there is some now that was not there before.
    bool giveUp();
    bool isSpent() const { return m_isSpent; }
    // Pool thread. Makes the file if it is not there and there is room for it and as much again.
    void restore(const DiskSpace &space);

private:
    bool isWhole(qint64 bytes) const;
    Result<void> write(qint64 bytes) const;

    const QString m_path;
    const qint64 m_bytes;
    const std::shared_ptr<ContentFiles> m_files;
    const std::function<void()> m_givenUp;
    std::atomic<bool> m_isSpent = false;
    std::mutex m_mutex; // guards what follows, and the file
    bool m_isKept = false;
};

} // namespace Postnook::Sqlite
