#include "app/settings/logwriter.h"

#include "app/settings/logging.h"

#include <QMutexLocker>
#include <QThread>

#include <cstdio>

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
    , m_thread(QThread::create([this] { run(); }))
{
    m_thread->setObjectName(u"log"_s);
    m_thread->start(QThread::LowPriority);
}

LogWriter::~LogWriter()
{
    {
        const QMutexLocker lock(&m_mutex);
        m_isEnding = true;
        m_added.wakeOne();
    }
    m_thread->wait();
}

void LogWriter::add(const QByteArray &line)
{
    const QMutexLocker lock(&m_mutex);
    if (m_waiting.size() + line.size() > MaxWaitingBytes) {
        ++m_lost;
        return;
    }
    m_waiting += line;
    m_added.wakeOne();
}

void LogWriter::flush()
{
    const QMutexLocker lock(&m_mutex);
    while (m_isWriting || !m_waiting.isEmpty()) {
        m_written.wait(&m_mutex);
    }
}

void LogWriter::run()
{
    QMutexLocker lock(&m_mutex);
    while (true) {
        while (m_waiting.isEmpty() && !m_isEnding) {
            m_added.wait(&m_mutex);
        }
        if (m_waiting.isEmpty()) {
            return;
        }
        const QByteArray lines = std::exchange(m_waiting, {});
        const qsizetype lost = std::exchange(m_lost, 0);
        m_isWriting = true;
        lock.unlock();
        writeOut(lines, lost);
        lock.relock();
        m_isWriting = false;
        m_written.wakeAll();
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
