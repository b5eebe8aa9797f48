#include "app/server/stopsignals.h"

#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace Postnook
{

namespace
{

constexpr std::array StoppingSignals{SIGTERM, SIGINT};

// What goes through the pipe.
constexpr char StopByte = 'S';
constexpr char HangUpByte = 'H';

// A signal handler gets nothing but its number, so what it needs has to be static.
volatile std::sig_atomic_t s_writeEnd = -1;

extern "C" void onStopSignal(int)
{
    const int before = errno;
    for (const int number : StoppingSignals) {
        static_cast<void>(std::signal(number, SIG_DFL)); // the next one kills
    }
    static_cast<void>(!::write(s_writeEnd, &StopByte, 1));
    errno = before;
}

extern "C" void onHangUp(int)
{
    const int before = errno;
    static_cast<void>(!::write(s_writeEnd, &HangUpByte, 1));
    errno = before;
}

constexpr std::array StandardStreams{STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};

bool isOnTerminal()
{
    return std::any_of(StandardStreams.begin(), StandardStreams.end(), [](int stream) {
        return ::isatty(stream) == 1;
    });
}

bool isIgnored(int number)
{
    struct sigaction now = {};
    return sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

} // namespace

struct StopSignals::Private {
    // The closing of a terminal takes it away before the signal comes.
    bool hasTerminalGone() const { return wasOnTerminal && !isOnTerminal(); }

    std::array<int, 2> pipe{-1, -1};
    bool wasOnTerminal = false;
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
    d->wasOnTerminal = isOnTerminal();
    d->notifier = std::make_unique<QSocketNotifier>(d->pipe[0], QSocketNotifier::Read);
    connect(d->notifier.get(), &QSocketNotifier::activated, this, [this] {
        char byte = StopByte;
        static_cast<void>(!::read(d->pipe[0], &byte, 1));
        if (byte == HangUpByte && !d->hasTerminalGone()) {
            Q_EMIT reloadRequested();
        } else {
            d->notifier->setEnabled(false);
            Q_EMIT stopRequested();
        }
    });
    for (const int number : StoppingSignals) {
        if (!isIgnored(number)) {
            static_cast<void>(std::signal(number, onStopSignal));
        }
    }
    if (!isIgnored(SIGHUP)) {
        static_cast<void>(std::signal(SIGHUP, onHangUp));
    }
}

StopSignals::~StopSignals()
{
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        if (!isIgnored(number)) {
            static_cast<void>(std::signal(number, SIG_DFL));
        }
    }
    for (const int end : d->pipe) {
        ::close(end);
    }
}

} // namespace Postnook
