#pragma once

#include "storage/executor/commitengine.h"
#include "storage/executor/poolexecutor.h"

#include <vector>

namespace Postnook
{

// The one lane through which an account's mail changes. Jobs that queue while a commit runs become
// the next transaction, with one sync for all of them; nobody waits for company.
class WriterLane
{
public:
    using Publish = std::function<void(const QList<CommitNotice> &)>;

    // `publish` runs in the executor's thread just before the jobs' done functions.
    WriterLane(PoolExecutor &executor, CommitEngine &engine, Publish publish);

    // Any thread. `owner` keeps the lane and its engine alive until the jobs are through.
    void start(WriteJob job, std::shared_ptr<const void> owner);
    // Runs `work` by itself, between transactions.
    void startAlone(std::function<void()> work, std::shared_ptr<const void> owner);

private:
    struct Entry {
        WriteJob job;
        std::function<void()> alone;
    };
    struct Outcome {
        std::vector<std::optional<Error>> errors; // one for each job
        QList<CommitNotice> notices;
        bool worthRepeating = false;
    };
    using Group = std::vector<WriteJob>;

    void enqueue(Entry entry, std::shared_ptr<const void> owner);
    void runNext(const std::shared_ptr<const void> &owner);
    std::pair<Group, std::function<void()>> takeNext();
    Outcome tryGroup(const Group &group);
    bool madeRoomAfter(const Error &error);
    void deliver(Group group, Outcome outcome, const std::shared_ptr<const void> &owner);

    PoolExecutor &m_executor;
    CommitEngine &m_engine;
    const Publish m_publish;
    std::mutex m_mutex; // guards what follows
    std::deque<Entry> m_waiting;
    bool m_active = false;
};

} // namespace Postnook
