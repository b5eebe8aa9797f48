#include "app/server/stopsignals.h"

#include <qt_windows.h>

#include <atomic>

namespace Postnook
{

namespace
{

// The handler gets no argument of ours, so what it needs has to be static.
std::atomic<StopSignals *> s_instance = nullptr;

// Called by Windows in a thread of its own.
BOOL WINAPI onConsoleEvent(DWORD event)
{
    StopSignals *const instance = s_instance.exchange(nullptr);
    if (!instance) {
        return FALSE; // the second one: Windows ends the process
    }
    QMetaObject::invokeMethod(instance, &StopSignals::stopRequested, Qt::QueuedConnection);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) {
        // The console closes or the user logs off: Windows ends the process when this returns, or
        // after 5 seconds; the main thread exits before that.
        Sleep(INFINITE);
    }
    return TRUE;
}

} // namespace

struct StopSignals::Private {
};

StopSignals::StopSignals(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    s_instance = this;
    SetConsoleCtrlHandler(onConsoleEvent, TRUE);
}

StopSignals::~StopSignals()
{
    SetConsoleCtrlHandler(onConsoleEvent, FALSE);
    s_instance = nullptr;
}

} // namespace Postnook
