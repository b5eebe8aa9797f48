#pragma once

#include "app/terminal/progressline.h"

#include <QString>

namespace Postnook
{

// The line on the terminal while mail is copied: which mailbox, how many of its messages, how fast,
// how long still. Silent where stderr is no terminal. For the mirror's thread.
class MirrorProgress
{
public:
    explicit MirrorProgress(bool isShown)
        : m_line(isShown)
    {
    }

    void begin(const QString &mailbox, qint64 messages);
    void show(qint64 done, qint64 bytes);
    void end() { m_line.end(); }

    struct State {
        QString mailbox;
        qint64 done = 0;
        qint64 total = 0;
        qint64 bytes = 0;
        qint64 elapsedMs = 0;
    };
    // Fit for 80 columns where the name of the mailbox is not too long.
    static QString line(const State &state);

private:
    ProgressLine m_line;
    State m_state;
};

} // namespace Postnook
