#pragma once

#include <condition_variable>
#include <mutex>

namespace Postnook::Test
{

// Holds jobs on pool threads until the test lets them go. Open it before the jobs' futures are
// awaited, or they never end. (Not by std::atomic's wait(), which hangs with MinGW 12.)
class Gate
{
public:
    // In the job.
    void arrive()
    {
        const std::lock_guard lock(m_mutex);
        ++m_arrived;
        m_changed.notify_all();
    }
    void pass()
    {
        arrive();
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isOpen; });
    }
    bool isOpen()
    {
        const std::lock_guard lock(m_mutex);
        return m_isOpen;
    }

    // In the test.
    void waitForArrival(int jobs = 1)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this, jobs] { return m_arrived >= jobs; });
    }
    void open()
    {
        const std::lock_guard lock(m_mutex);
        m_isOpen = true;
        m_changed.notify_all();
    }

private:
    std::mutex m_mutex; // guards what follows
    std::condition_variable m_changed;
    int m_arrived = 0;
    bool m_isOpen = false;
};

} // namespace Postnook::Test
