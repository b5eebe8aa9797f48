#pragma once

#include "storage/store.h"

#include <QRunnable>
#include <QThreadPool>

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

namespace Postnook
{

// Runs everything that can block or burn on a pool of its own and hands results back to the thread
// it lives in (the main thread). Free threads serve the classes of jobs in turn, so that none
// starves another; background jobs run one at a time and only when nothing else waits. There are as
// many threads as processors, and one more for each job that takes long: the system shares the
// processors among them. A job must not wait for another job: everything works with one thread.
class PoolExecutor : public QObject
{
    Q_OBJECT

public:
    using Work = std::function<void()>;

    explicit PoolExecutor(int threads); // 0: number of CPUs
    ~PoolExecutor() override; // waits for all jobs; what they deliver then is dropped

    // Any thread. `done`, if given, runs in the executor's thread after `run` has ended.
    void start(JobClass jobClass, Work run, Work done = {});
    // Any thread. Runs `work` in the executor's thread, by one posted event, in order of calls.
    void deliver(Work work);
    // Inside a job that takes long, as often as it likes: twice in a millisecond it lets go of the
    // processor. From the first time on another thread serves the other jobs in its place.
    static void letOthersRun();
    // Executor's thread: blocks until no job waits or runs and all was delivered.
    void drain();

private:
    static constexpr size_t ClassCount = 4;
    struct Job {
        JobClass jobClass = JobClass::Background;
        Work run;
        Work done;
    };

    // What the pool runs, on as many threads at a time as there is work for. One object for all of
    // them: a thread finds its jobs in m_waiting.
    class Worker : public QRunnable
    {
    public:
        explicit Worker(PoolExecutor &executor)
            : m_executor(executor)
        {
            setAutoDelete(false);
        }
        void run() override { m_executor.work(); }

    private:
        PoolExecutor &m_executor;
    };

    void work();
    void runJobs();
    void runJob(Job job, std::unique_lock<std::mutex> &lock);
    void giveUpPlace();
    bool retire();
    void deliverNext();
    // With m_mutex held:
    std::optional<Job> take(); // the next job that may run now
    bool mayRun(JobClass jobClass) const;
    bool mayRunAny() const;
    int places() const { return m_threads + m_longJobs; }
    void addWorker(); // if there is a place for one
    void waitUntilIdle();
    bool isQuiet(); // no job waits or runs, nothing is on its way

    const int m_threads;
    const int m_maxLongJobs;
    const int m_maxHashing;
    Worker m_worker{*this};
    QThreadPool m_pool;

    std::mutex m_mutex; // guards what follows
    std::condition_variable m_idle;
    std::array<std::deque<Job>, ClassCount> m_waiting;
    std::array<int, ClassCount> m_running{};
    size_t m_lastServed = 0;
    int m_workers = 0;
    int m_longJobs = 0; // that have given up their place
    std::deque<Work> m_deliveries; // one posted event each
};

} // namespace Postnook
