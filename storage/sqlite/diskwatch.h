#pragma once

#include "storage/executor/poolexecutor.h"
#include "storage/sqlite/diskreserve.h"

#include <QTimer>

namespace Postnook::Sqlite
{

// Looks every minute how much room the disk has, and sees to the reserve. Lives in the main thread;
// files are touched by pool jobs only.
class DiskWatch : public QObject
{
    Q_OBJECT

public:
    struct Parts {
        QString dataDir;
        qint64 reserveBytes = 0;
        qint64 lowBytes = 0;
        std::shared_ptr<ContentFiles> files;
        std::function<DiskSpace()> space; // pool thread
    };

    DiskWatch(PoolExecutor &executor, Parts parts);

    const std::shared_ptr<DiskReserve> &reserve() const { return m_reserve; }
    DiskState state() const { return m_state; }
    void look(std::function<void()> done = {});
    void setLowBytes(qint64 bytes); // and looks
    void stop() { m_timer.stop(); }

Q_SIGNALS:
    void changed(Postnook::DiskState state);

private:
    void onLooked(const DiskSpace &space);
    DiskState stateFor(const DiskSpace &space) const;

    PoolExecutor &m_executor;
    Parts m_parts;
    const std::shared_ptr<DiskReserve> m_reserve;
    QTimer m_timer;
    DiskState m_state = DiskState::Enough;
};

// Of the disk that holds the folder. Pool thread: a network drive may take its time.
DiskSpace spaceAt(const QString &folder);

} // namespace Postnook::Sqlite
