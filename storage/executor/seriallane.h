#pragma once

#include "storage/executor/poolexecutor.h"

namespace Postnook
{

// Runs jobs one after another on the pool, so that they may share something without locks.
class SerialLane
{
public:
    // The executor is drained before the lane goes.
    explicit SerialLane(PoolExecutor &executor)
        : m_executor(executor)
    {
    }

    // Any thread. `done` runs in the executor's thread.
    void start(PoolExecutor::Work run, PoolExecutor::Work done);

private:
    void runNext();

    PoolExecutor &m_executor;
    std::mutex m_mutex;
    std::deque<std::pair<PoolExecutor::Work, PoolExecutor::Work>> m_waiting;
    bool m_active = false;
};

} // namespace Postnook
