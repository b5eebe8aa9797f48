#pragma once

#include <QObject>

#include <functional>

namespace Postnook
{

// How close changes are told one after the other.
struct Pacing {
    int windowMs = 0; // 0: each at once
    // Calls `then` after so many milliseconds, unless the context is gone; empty: a QTimer.
    std::function<void(int ms, QObject *context, std::function<void()> then)> after = {};
};

// Runs a piece of work at once when it is asked for, but not twice within the window: what comes
// meanwhile is done together at its end. So a single message is told without delay, and a burst of
// them costs each watcher one write a window. Nothing runs when nobody asks. Main thread; a member
// of the object whose work it paces.
class Pace : public QObject
{
    Q_OBJECT

public:
    Pace(Pacing pacing, std::function<void()> run);
    void request();

private:
    void onWindowEnded();

    Pacing m_pacing;
    std::function<void()> m_run;
    bool m_isInWindow = false;
    bool m_isWanted = false;
};

} // namespace Postnook
