#include "app/server/stopsignals.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace Postnook
{

namespace
{

constexpr std::array Signals{SIGTERM, SIGINT, SIGHUP};

// A signal handler gets nothing but its number, so what it needs has to be static.
volatile std::sig_atomic_t s_writeEnd = -1;

extern "C" void onStopSignal(int)
{
    const int before = errno;
    for (const int number : Signals) {
        static_cast<void>(std::signal(number, SIG_DFL)); // the next one kills
    }
    const char byte = 0;
    static_cast<void>(!::write(s_writeEnd, &byte, 1));
    errno = before;
}

bool isIgnored(int number)
{
    struct sigaction now = {};
    return sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

} // namespace

struct StopSignals::Private {
    std::array<int, 2> pipe{-1, -1};
    std::unique_ptr<QSocketNotifier> notifier;
};

StopSignals::StopSignals(QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    // Output to a pipe whose reader has gone is an error to handle, not a reason to die.
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    if (::pipe(d->pipe.data()) != 0) {
        qFatal("no pipe for signals: %s", qPrintable(qt_error_string()));
    }
    for (const int end : d->pipe) {
        static_cast<void>(::fcntl(end, F_SETFD, FD_CLOEXEC));
        static_cast<void>(::fcntl(end, F_SETFL, O_NONBLOCK));
    }
    s_writeEnd = d->pipe[1];
    d->notifier = std::make_unique<QSocketNotifier>(d->pipe[0], QSocketNotifier::Read);
    connect(d->notifier.get(), &QSocketNotifier::activated, this, [this] {
        d->notifier->setEnabled(false);
        Q_EMIT stopRequested();
    });
    for (const int number : Signals) {
        if (!isIgnored(number)) {
            static_cast<void>(std::signal(number, onStopSignal));
        }
    }
}

StopSignals::~StopSignals()
{
    for (const int number : Signals) {
        if (!isIgnored(number)) {
            static_cast<void>(std::signal(number, SIG_DFL));
        }
    }
    for (const int end : d->pipe) {
        ::close(end);
    }
}

} // namespace Postnook
