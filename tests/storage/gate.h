#pragma once

#include <atomic>

namespace Postnook::Test
{

// Holds jobs on pool threads until the test lets them go. Open it before the jobs' futures are
// awaited, or they never end.
class Gate
{
public:
    // In the job.
    void pass()
    {
        ++m_arrived;
        m_arrived.notify_all();
        m_isOpen.wait(false);
    }

    // In the test.
    void waitForArrival(int jobs = 1)
    {
        for (int arrived = m_arrived; arrived < jobs; arrived = m_arrived) {
            m_arrived.wait(arrived);
        }
    }
    void open()
    {
        m_isOpen = true;
        m_isOpen.notify_all();
    }

private:
    std::atomic<int> m_arrived = 0;
    std::atomic<bool> m_isOpen = false;
};

} // namespace Postnook::Test
