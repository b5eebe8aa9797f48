#pragma once

#include "app/settings/logfile.h"

#include <QByteArray>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace Postnook
{

// Writes lines to a log file in a thread of its own, so that nobody who logs waits for a disk.
// What comes faster than the disk takes it is lost, and so is what a full disk has no room for; a
// line of the log then says how many lines that were.
class LogWriter
{
public:
    explicit LogWriter(std::unique_ptr<LogFile> file);
    // Writes what waits.
    ~LogWriter();
    Q_DISABLE_COPY_MOVE(LogWriter)

    // In any thread: one line with its end.
    void add(const QByteArray &line);
    // Waits until everything added before is written.
    void flush();

private:
    void run();
    void writeOut(QByteArray lines, qsizetype lost);

    std::mutex m_mutex; // of the members up to the next comment
    std::condition_variable m_added;
    std::condition_variable m_written;
    QByteArray m_waiting;
    qsizetype m_lost = 0; // lines
    bool m_isWriting = false;
    bool m_isEnding = false;

    // Of the thread alone.
    std::unique_ptr<LogFile> m_file;
    qsizetype m_unwritten = 0; // lines
    bool m_isFailing = false;

    std::thread m_thread;
};

} // namespace Postnook
