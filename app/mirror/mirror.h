#pragma once

#include "app/mirror/mirrorpass.h"

#include <atomic>
#include <functional>

namespace Postnook
{

// A whole run: every mailbox of the remote account that was asked for. A lost connection, to either
// side, is opened again and the run goes on where it was, a bounded number of times. Blocks; for a
// thread of its own.
class Mirror
{
public:
    // Waits for so many seconds; false when it was stopped meanwhile.
    using Wait = std::function<bool(int seconds)>;
    // A line for people, about what goes on.
    using Tell = std::function<void(const QString &line)>;

    // All outlive this. `stop`: any thread may set it.
    Mirror(const MirrorRequest &request,
           MirrorProgress &progress,
           const std::atomic<bool> &stop,
           Wait wait,
           Tell tell);

    MirrorReport run(const QString &controlSocket);

private:
    Result<void> attempt(const QString &controlSocket);
    MirrorReport report(const std::optional<Error> &failure) const;

    const MirrorRequest &m_request;
    MirrorProgress &m_progress;
    const std::atomic<bool> &m_stop;
    Wait m_wait;
    Tell m_tell;
    RemoteIdentity m_identity;
    MirrorResults m_results;
};

// How long to wait before the n-th try in a row, from 1: longer and longer, a minute at most.
int secondsBeforeTry(int number);

} // namespace Postnook
