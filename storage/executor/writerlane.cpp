#include "storage/executor/writerlane.h"

#include "storage/logging.h"

namespace Postnook
{

namespace
{

// Measured: beyond 128 jobs a commit gains nothing, and a group must not keep its first job
// waiting.
constexpr size_t MaxGroupJobs = 128;
constexpr quint64 MaxGroupBytes = 8ULL * 1024 * 1024;

// The same error would come again, or the disk cannot be trusted with another try.
bool isFinal(const Error &error)
{
    return error.code == ErrorCode::OverQuota || error.code == ErrorCode::Unavailable
        || error.code == ErrorCode::Corrupt;
}

} // namespace

WriterLane::WriterLane(PoolExecutor &executor, CommitEngine &engine, Publish publish)
    : m_executor(executor)
    , m_engine(engine)
    , m_publish(std::move(publish))
{
}

void WriterLane::start(WriteJob job, std::shared_ptr<const void> owner)
{
    enqueue({std::move(job), {}}, std::move(owner));
}

void WriterLane::startAlone(std::function<void()> work, std::shared_ptr<const void> owner)
{
    enqueue({{}, std::move(work)}, std::move(owner));
}

void WriterLane::enqueue(Entry entry, std::shared_ptr<const void> owner)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(std::move(entry));
    if (!m_active) {
        m_active = true;
        m_executor.start(JobClass::Write, [this, owner = std::move(owner)] { runNext(owner); });
    }
}

void WriterLane::runNext(const std::shared_ptr<const void> &owner)
{
    auto [group, alone] = takeNext();
    if (alone) {
        alone();
    } else {
        auto outcome = tryGroup(group);
        if (outcome.worthRepeating) {
            outcome = tryGroup(group);
        }
        deliver(std::move(group), std::move(outcome), owner);
        m_engine.settle();
    }
    const std::lock_guard lock(m_mutex);
    m_active = !m_waiting.empty();
    if (m_active) {
        m_executor.start(JobClass::Write, [this, owner] { runNext(owner); });
    }
}

std::pair<WriterLane::Group, std::function<void()>> WriterLane::takeNext()
{
    const std::lock_guard lock(m_mutex);
    Group group;
    quint64 bytes = 0;
    while (!m_waiting.empty() && group.size() < MaxGroupJobs) {
        auto &entry = m_waiting.front();
        bytes += entry.job.options.costBytes;
        if (!group.empty() && (entry.alone || bytes > MaxGroupBytes)) {
            break;
        }
        auto [job, alone] = std::move(entry);
        m_waiting.pop_front();
        if (alone) {
            return std::pair(Group(), std::move(alone));
        }
        group.push_back(std::move(job));
    }
    return std::pair(std::move(group), std::function<void()>());
}

bool WriterLane::madeRoomAfter(const Error &error)
{
    return error.code == ErrorCode::OverQuota && m_engine.makeRoom();
}

WriterLane::Outcome WriterLane::tryGroup(const Group &group)
{
    Outcome outcome;
    outcome.errors.resize(group.size());
    const auto failAll = [&outcome](const Error &error) {
        for (auto &jobError : outcome.errors) {
            jobError = jobError.value_or(error);
        }
    };
    if (const auto error = m_engine.begin()) {
        outcome.worthRepeating = madeRoomAfter(*error);
        failAll(*error);
        return outcome;
    }
    for (size_t i = 0; i < group.size(); ++i) {
        outcome.errors[i] = m_engine.run(group[i]);
        const bool isOpen = m_engine.isOpen();
        if (isOpen && outcome.errors[i] && madeRoomAfter(*outcome.errors[i])) {
            m_engine.rollback();
            outcome.worthRepeating = true;
            failAll(*outcome.errors[i]);
            return outcome;
        }
        if (!isOpen) {
            const auto error = outcome.errors[i].value_or(
                Error{ErrorCode::Internal, QStringLiteral("a job ended the transaction")});
            qCWarning(lcStorage, "a transaction was lost: %ls", qUtf16Printable(error.text));
            m_engine.rollback();
            outcome.worthRepeating = !isFinal(error) || madeRoomAfter(error);
            failAll(error);
            return outcome;
        }
    }
    auto notices = m_engine.commit();
    if (notices) {
        outcome.notices = std::move(*notices);
    } else {
        qCWarning(lcStorage, "a commit failed: %ls", qUtf16Printable(notices.error().text));
        outcome.worthRepeating = madeRoomAfter(notices.error());
        failAll(notices.error());
    }
    return outcome;
}

void WriterLane::deliver(Group group, Outcome outcome, const std::shared_ptr<const void> &owner)
{
    for (auto &job : group) {
        job.run = nullptr; // what it captured goes here, not in the main thread
    }
    m_executor.deliver(
        [this, keeper = owner, group = std::move(group), outcome = std::move(outcome)]() mutable {
            if (!outcome.notices.isEmpty()) {
                m_publish(outcome.notices);
            }
            keeper.reset(); // a done function may be the end of the whole storage
            for (size_t i = 0; i < group.size(); ++i) {
                group[i].done(outcome.errors[i]);
            }
        });
}

} // namespace Postnook
