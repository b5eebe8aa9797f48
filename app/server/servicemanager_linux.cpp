#include "app/server/servicemanager.h"

#include "app/server/netlog.h"

#include <algorithm>
#include <limits>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// How often the watchdog is to hear of us in milliseconds, 0: there is none
// (sd_watchdog_enabled(3)).
int watchdogIntervalMs()
{
    const QByteArray process = qgetenv("WATCHDOG_PID");
    if (!process.isEmpty() && process.toLongLong() != getpid()) {
        return 0;
    }
    constexpr qint64 UsecPerMs = 1000;
    constexpr auto TimesPerTimeout = 2;
    const qint64 interval = qgetenv("WATCHDOG_USEC").toLongLong() / UsecPerMs / TimesPerTimeout;
    return static_cast<int>(std::clamp<qint64>(interval, 0, std::numeric_limits<int>::max()));
}

} // namespace

ServiceManager::ServiceManager(QObject *parent)
    : QObject(parent)
{
    if (const int interval = watchdogIntervalMs(); interval > 0) {
        connect(&m_watchdog, &QTimer::timeout, this, [] { send("WATCHDOG=1"); });
        m_watchdog.start(interval);
    }
}

void ServiceManager::ready(const QString &status)
{
    send("READY=1\nSTATUS=" + status.toUtf8());
}

void ServiceManager::stopping()
{
    send("STOPPING=1\nSTATUS=stopping");
}

// One datagram. Never waits: a service manager that reads nothing must not hold up the mail.
void ServiceManager::send(const QByteArray &state)
{
    QByteArray path = qgetenv("NOTIFY_SOCKET");
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.isEmpty() || path.size() >= static_cast<qsizetype>(sizeof(address.sun_path))) {
        return;
    }
    if (path.front() == '@') {
        path.front() = '\0'; // a name of the kernel's, not of a file (unix(7))
    }
    std::copy(path.begin(), path.end(), address.sun_path);
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path))
        + static_cast<socklen_t>(path.size());
    const auto sent = socket < 0 ? -1
                                 : sendto(socket,
                                          state.constData(),
                                          static_cast<size_t>(state.size()),
                                          MSG_NOSIGNAL,
                                          reinterpret_cast<const sockaddr *>(&address),
                                          size);
    if (sent < 0) {
        qCWarning(lcNet).noquote()
            << u"the service manager cannot be told: %1"_s.arg(qt_error_string());
    }
    if (socket >= 0) {
        ::close(socket);
    }
}

} // namespace Postnook
