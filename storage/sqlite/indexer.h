#pragma once

#include "storage/sqlite/maildatabase.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <deque>

namespace Postnook::Sqlite
{

// Keeps the search indexes of open accounts up with their mail, slice by slice, once no mail has
// come for a second; where it never stops coming, a slice every now and then. Main thread.
class Indexer : public QObject
{
    Q_OBJECT

public:
    Indexer();

    // There may be something to index. Holds the database until that is done.
    void noteWork(const std::shared_ptr<MailDatabase> &database);
    // Lets go of it.
    void forget(const std::shared_ptr<MailDatabase> &database);
    void setPaused(bool paused);
    void stop();
    bool isIdle() const { return (m_waiting.empty() || m_isPaused) && !m_isRunning; }

private:
    void wait();
    void runSlice();
    void sliceDone(const std::shared_ptr<MailDatabase> &database, const Result<bool> &hasMore);

    std::deque<std::shared_ptr<MailDatabase>> m_waiting; // each once
    QTimer m_timer;
    QElapsedTimer m_sinceSlice; // or since there has been work
    bool m_isRunning = false;
    bool m_isBusy = false; // something came while the slice ran
    bool m_isPaused = false;
    bool m_isStopped = false;
};

} // namespace Postnook::Sqlite
