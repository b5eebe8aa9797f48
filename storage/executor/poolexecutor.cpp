#include "storage/executor/poolexecutor.h"

#include <QCoreApplication>
#include <QThread>

#include <openssl/crypto.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace Postnook
{

namespace
{

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Served in turn.
constexpr std::array ForegroundClasses{JobClass::Write, JobClass::Interactive, JobClass::Hashing};

constexpr size_t slot(JobClass jobClass)
{
    return static_cast<size_t>(jobClass);
}

// Each has a thread, a connection to a database and what it reads. More of them keep their places,
// and where all places are kept, others wait for one of them to end.
constexpr int LongJobsPerThread = 16;

// A system may leave what wakes up on a busy core waiting for some milliseconds; whoever lets go of
// the core more often loses it for longer.
constexpr auto TimeBetweenOthers = 500us;

thread_local PoolExecutor *executorOfThread = nullptr; // NOLINT(*-avoid-non-const-global-variables)
thread_local bool hasGivenUpPlace = false; // NOLINT(*-avoid-non-const-global-variables)
thread_local Clock::time_point othersRan; // NOLINT(*-avoid-non-const-global-variables)

} // namespace

PoolExecutor::PoolExecutor(int threads)
    : m_threads(threads > 0 ? threads : std::max(1, QThread::idealThreadCount()))
    , m_maxLongJobs(m_threads * LongJobsPerThread)
    , m_maxHashing(std::max(1, m_threads / 2))
{
    m_pool.setMaxThreadCount(m_threads + m_maxLongJobs);
}

PoolExecutor::~PoolExecutor()
{
    waitUntilIdle();
    m_pool.waitForDone();
}

void PoolExecutor::start(JobClass jobClass, Work run, Work done)
{
    const std::lock_guard lock(m_mutex);
    m_waiting[slot(jobClass)].push_back({jobClass, std::move(run), std::move(done)});
    addWorker();
}

void PoolExecutor::addWorker()
{
    if (m_workers < places()) {
        ++m_workers;
        m_pool.start(&m_worker);
    }
}

void PoolExecutor::deliver(Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_deliveries.push_back(std::move(work));
    }
    // The event carries nothing: Qt may drop a posted functor in the thread that posted it, and
    // what the work holds belongs to the main thread by then.
    QMetaObject::invokeMethod(this, &PoolExecutor::deliverNext, Qt::QueuedConnection);
}

void PoolExecutor::deliverNext()
{
    Work work;
    {
        const std::lock_guard lock(m_mutex);
        work = std::move(m_deliveries.front());
        m_deliveries.pop_front();
    }
    work(); // may drain(), or be the end of this object
}

void PoolExecutor::drain()
{
    // What is delivered may start further jobs.
    while (!isQuiet()) {
        waitUntilIdle();
        QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
    }
}

bool PoolExecutor::isQuiet()
{
    const std::lock_guard lock(m_mutex);
    return m_workers == 0 && m_deliveries.empty();
}

void PoolExecutor::waitUntilIdle()
{
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return m_workers == 0; });
}

void PoolExecutor::work()
{
    executorOfThread = this;
    do {
        runJobs();
        // What libcrypto keeps for this thread goes while the executor still waits for it: the
        // thread's own end would come after waitForDone().
        OPENSSL_thread_stop();
    } while (!retire());
}

// Whether this thread may go: nothing came meanwhile, or there is no place for it any more.
bool PoolExecutor::retire()
{
    const std::lock_guard lock(m_mutex);
    if (m_workers <= places() && mayRunAny()) {
        return false;
    }
    --m_workers;
    if (m_workers == 0) {
        m_idle.notify_all();
    }
    return true;
}

void PoolExecutor::runJobs()
{
    std::unique_lock lock(m_mutex);
    while (m_workers <= places()) {
        auto job = take();
        if (!job) {
            return;
        }
        runJob(std::move(*job), lock);
    }
}

void PoolExecutor::letOthersRun()
{
    if (Clock::now() - othersRan < TimeBetweenOthers) {
        return;
    }
    if (executorOfThread != nullptr && !hasGivenUpPlace) {
        executorOfThread->giveUpPlace();
    }
    QThread::yieldCurrentThread();
    othersRan = Clock::now();
}

void PoolExecutor::giveUpPlace()
{
    const std::lock_guard lock(m_mutex);
    if (m_longJobs == m_maxLongJobs) {
        return;
    }
    hasGivenUpPlace = true;
    ++m_longJobs;
    if (mayRunAny()) {
        addWorker();
    }
}

void PoolExecutor::runJob(Job job, std::unique_lock<std::mutex> &lock)
{
    ++m_running[slot(job.jobClass)];
    lock.unlock();
    othersRan = Clock::now();
    hasGivenUpPlace = false;
    job.run();
    job.run = nullptr; // what it captured goes before the result is seen
    if (job.done) {
        deliver(std::move(job.done));
    }
    lock.lock();
    --m_running[slot(job.jobClass)];
    m_longJobs -= hasGivenUpPlace ? 1 : 0;
}

bool PoolExecutor::mayRun(JobClass jobClass) const
{
    if (m_waiting[slot(jobClass)].empty()) {
        return false;
    }
    const int running = m_running[slot(jobClass)];
    switch (jobClass) {
    case JobClass::Hashing:
        return running < m_maxHashing;
    case JobClass::Background:
        return running == 0;
    case JobClass::Write:
    case JobClass::Interactive:
        break;
    }
    return true;
}

bool PoolExecutor::mayRunAny() const
{
    constexpr std::array all{
        JobClass::Write, JobClass::Interactive, JobClass::Hashing, JobClass::Background};
    return std::any_of(all.begin(), all.end(), [this](JobClass c) { return mayRun(c); });
}

std::optional<PoolExecutor::Job> PoolExecutor::take()
{
    auto chosen = JobClass::Background;
    for (size_t i = 1; i <= ForegroundClasses.size(); ++i) {
        const auto candidate = (m_lastServed + i) % ForegroundClasses.size();
        if (mayRun(ForegroundClasses[candidate])) {
            m_lastServed = candidate;
            chosen = ForegroundClasses[candidate];
            break;
        }
    }
    if (!mayRun(chosen)) {
        return std::nullopt;
    }
    auto &queue = m_waiting[slot(chosen)];
    auto job = std::move(queue.front());
    queue.pop_front();
    return job;
}

} // namespace Postnook
