#include "storage/executor/seriallane.h"

namespace Postnook
{

void SerialLane::start(PoolExecutor::Work run, PoolExecutor::Work done)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.emplace_back(std::move(run), std::move(done));
    if (!m_active) {
        m_active = true;
        m_executor.start(JobClass::Write, [this] { runNext(); });
    }
}

void SerialLane::runNext()
{
    std::unique_lock lock(m_mutex);
    auto [run, done] = std::move(m_waiting.front());
    m_waiting.pop_front();
    lock.unlock();
    run();
    run = nullptr;
    m_executor.deliver(std::move(done));
    lock.lock();
    m_active = !m_waiting.empty();
    if (m_active) {
        m_executor.start(JobClass::Write, [this] { runNext(); });
    }
}

} // namespace Postnook
