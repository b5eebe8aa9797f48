#include "app/settings/logwriter.h"

#include "app/settings/logging.h"

#include <cstdio>
#include <utility>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

// A disk that takes nothing for a moment; some ten thousand lines.
constexpr qsizetype MaxWaitingBytes = 4LL * 1024 * 1024;

QByteArray lineAboutLost(qsizetype lines)
{
    return formatLogLine(QDateTime::currentDateTime(),
                         QtWarningMsg,
                         "postnook.log",
                         u"%1 lines are missing here: they could not be written"_s.arg(lines));
}

} // namespace

LogWriter::LogWriter(std::unique_ptr<LogFile> file)
    : m_file(std::move(file))
    , m_thread([this] { run(); })
{
}

LogWriter::~LogWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
        m_added.notify_one();
    }
    m_thread.join();
}

void LogWriter::add(const QByteArray &line)
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.size() + line.size() > MaxWaitingBytes) {
        ++m_lost;
        return;
    }
    m_waiting += line;
    m_added.notify_one();
}

void LogWriter::flush()
{
    std::unique_lock lock(m_mutex);
    m_written.wait(lock, [this] { return !m_isWriting && m_waiting.isEmpty(); });
}

void LogWriter::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_added.wait(lock, [this] { return !m_waiting.isEmpty() || m_isEnding; });
        if (m_waiting.isEmpty()) {
            return;
        }
        const QByteArray lines = std::exchange(m_waiting, {});
        const qsizetype lost = std::exchange(m_lost, 0);
        m_isWriting = true;
        lock.unlock();
        writeOut(lines, lost);
        lock.lock();
        m_isWriting = false;
        m_written.notify_all();
    }
}

void LogWriter::writeOut(QByteArray lines, qsizetype lost)
{
    const auto count = lines.count('\n');
    // What was unwritten came before these lines, what was lost after them.
    if (m_unwritten > 0) {
        lines.prepend(lineAboutLost(m_unwritten));
    }
    if (lost > 0) {
        lines += lineAboutLost(lost);
    }
    const auto written = m_file->write(lines);
    if (written) {
        m_unwritten = 0;
        m_isFailing = false;
        return;
    }
    m_unwritten += count + lost;
    if (!m_isFailing) {
        // The log cannot say it. Who looks at the terminal or the service's messages sees it once.
        const QByteArray text = "postnook: " + written.error().text.toUtf8() + '\n';
        static_cast<void>(
            std::fwrite(text.constData(), 1, static_cast<size_t>(text.size()), stderr));
        static_cast<void>(std::fflush(stderr));
    }
    m_isFailing = true;
}

} // namespace Postnook
