#pragma once

#include <QElapsedTimer>
#include <QString>

#include <functional>

namespace Postnook
{

// The line on standard error that tells of work in progress, in its place, and takes itself away.
// For one thread.
class ProgressLine
{
public:
    explicit ProgressLine(bool isOnTerminal); // or nothing is shown
    ~ProgressLine() { end(); }
    Q_DISABLE_COPY_MOVE(ProgressLine)

    void begin(); // from now on time is counted
    // Asks for what to show, by the time in ms since begin(), as often as one can read it.
    void show(const std::function<QString(qint64 elapsedMs)> &text);
    void end();

private:
    const bool m_isOnTerminal;
    QElapsedTimer m_clock;
    qint64 m_lastShownMs = -1;
};

// "0:45", "1:02:03", as clocks show it.
QString clockText(qint64 seconds);

} // namespace Postnook
