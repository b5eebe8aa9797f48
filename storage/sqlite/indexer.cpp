#include "storage/sqlite/indexer.h"

#include "storage/logging.h"

#include <algorithm>
#include <chrono>

namespace Postnook::Sqlite
{

namespace
{

using namespace std::chrono_literals;
constexpr std::chrono::milliseconds Quiet = 1s; // without a commit
constexpr std::chrono::milliseconds LongestPause = 30s; // however busy it is

} // namespace

Indexer::Indexer()
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Indexer::runSlice);
}

void Indexer::noteWork(const std::shared_ptr<MailDatabase> &database)
{
    if (m_isStopped || !database->hasSearchIndex()) {
        return;
    }
    if (m_waiting.empty()) {
        m_sinceSlice.start();
    }
    if (std::find(m_waiting.begin(), m_waiting.end(), database) == m_waiting.end()) {
        m_waiting.push_back(database);
    }
    m_isBusy = true;
    if (!m_isRunning) {
        wait();
    }
}

void Indexer::forget(const std::shared_ptr<MailDatabase> &database)
{
    std::erase(m_waiting, database);
}

void Indexer::setPaused(bool paused)
{
    m_isPaused = paused;
    if (!paused && !m_isRunning && !m_waiting.empty()) {
        wait();
    }
}

void Indexer::stop()
{
    m_isStopped = true;
    m_timer.stop();
    m_waiting.clear();
}

void Indexer::wait()
{
    const auto left = LongestPause - std::chrono::milliseconds(m_sinceSlice.elapsed());
    m_timer.start(std::clamp(left, 0ms, Quiet));
}

void Indexer::runSlice()
{
    if (m_waiting.empty() || m_isPaused) {
        return;
    }
    m_isRunning = true;
    m_isBusy = false;
    m_sinceSlice.start();
    const auto database = m_waiting.front();
    m_waiting.pop_front();
    database->startIndexing(
        MailStore::Indexing::GoOn,
        [this, database](const Result<bool> &hasMore) { sliceDone(database, hasMore); });
}

// The accounts take turns. What failed is tried again when mail comes.
void Indexer::sliceDone(const std::shared_ptr<MailDatabase> &database, const Result<bool> &hasMore)
{
    m_isRunning = false;
    if (!hasMore) {
        qCWarning(lcStorage, "indexing: %ls", qUtf16Printable(hasMore.error().text));
    }
    const bool goesOn = hasMore && *hasMore && !m_isStopped;
    if (goesOn && std::find(m_waiting.begin(), m_waiting.end(), database) == m_waiting.end()) {
        m_waiting.push_back(database);
    }
    if (m_waiting.empty()) {
        return;
    }
    if (m_isBusy) {
        wait();
    } else {
        runSlice();
    }
}

} // namespace Postnook::Sqlite
