#include "app/server/stopsignals.h"

#include <qt_windows.h>

#include <atomic>

namespace Postnook
{

namespace
{

// The handlers get no argument of ours, so what they need has to be static.
std::atomic<StopSignals *> s_instance = nullptr;

// False the second time: then Windows ends the process.
bool requestStop()
{
    StopSignals *const instance = s_instance.exchange(nullptr);
    return instance
        && QMetaObject::invokeMethod(instance, &StopSignals::stopRequested, Qt::QueuedConnection);
}

// Called by Windows in a thread of its own.
BOOL WINAPI onConsoleEvent(DWORD event)
{
    if (!requestStop()) {
        return FALSE;
    }
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) {
        // The console closes: Windows ends the process when this returns, or after 5 seconds; the
        // main thread exits before that.
        Sleep(INFINITE);
    }
    return TRUE;
}

// The user logs off or shuts down: the same, by the window below.
LRESULT CALLBACK onWindowMessage(HWND window, UINT message, WPARAM wParam, LPARAM lParam)
{
    if (message == WM_ENDSESSION && wParam != FALSE) {
        requestStop();
        Sleep(INFINITE);
    }
    return DefWindowProcW(window, message, wParam, lParam);
}

// Of a log-off, consoles are told only in programs without user32.dll, which Qt needs. All others
// hear of it by a window, and it has to be one at the top: nobody sees it.
DWORD WINAPI watchSession(void *)
{
    WNDCLASSW kind = {};
    kind.lpfnWndProc = onWindowMessage;
    kind.hInstance = GetModuleHandleW(nullptr);
    kind.lpszClassName = L"PostnookSession";
    RegisterClassW(&kind);
    const HWND window = CreateWindowExW(WS_EX_TOOLWINDOW,
                                        kind.lpszClassName,
                                        L"Postnook",
                                        WS_POPUP,
                                        0,
                                        0,
                                        0,
                                        0,
                                        nullptr,
                                        nullptr,
                                        kind.hInstance,
                                        nullptr);
    MSG message = {};
    while (window && GetMessageW(&message, nullptr, 0, 0) > 0) {
        DispatchMessageW(&message);
    }
    if (window) {
        DestroyWindow(window);
    }
    UnregisterClassW(kind.lpszClassName, kind.hInstance);
    return 0;
}

} // namespace

struct StopSignals::Private {
    HANDLE thread = nullptr;
    DWORD threadId = 0;
};

StopSignals::StopSignals(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    s_instance = this;
    SetConsoleCtrlHandler(onConsoleEvent, TRUE);
    d->thread = CreateThread(nullptr, 0, watchSession, nullptr, 0, &d->threadId);
}

StopSignals::~StopSignals()
{
    SetConsoleCtrlHandler(onConsoleEvent, FALSE);
    // Otherwise a stop was asked for, the thread may sleep for good, and goes with the process.
    if (s_instance.exchange(nullptr)) {
        PostThreadMessageW(d->threadId, WM_QUIT, 0, 0);
        constexpr DWORD PatienceMs = 1000;
        WaitForSingleObject(d->thread, PatienceMs);
    }
    CloseHandle(d->thread);
}

} // namespace Postnook
