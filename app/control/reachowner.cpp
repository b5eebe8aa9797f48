#include "app/control/reachowner.h"

#include <QDeadlineTimer>
#include <QThread>

namespace Postnook
{

namespace
{

// How long another command's short ownership, or a server that is starting, is waited for.
constexpr auto PatienceMs = 10'000;
constexpr auto PollMs = 50;

} // namespace

Result<void> reachOwner(const QString &dataDir, const QString &purpose, const OwnerPaths &paths)
{
    const QDeadlineTimer deadline(PatienceMs);
    for (;;) {
        auto lock = OwnerLock::acquire(dataDir, purpose);
        if (lock) {
            paths.own(std::move(*lock));
            return {};
        }
        if (lock.error().code != ErrorCode::Busy) {
            return lock.error();
        }
        const auto holder = OwnerLock::holder(dataDir);
        if (holder && !holder->controlSocket.isEmpty() && paths.ask(holder->controlSocket)) {
            return {};
        }
        if (deadline.hasExpired()) {
            return lock.error();
        }
        QThread::msleep(PollMs);
    }
}

} // namespace Postnook
