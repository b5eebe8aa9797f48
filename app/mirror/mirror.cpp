#include "app/mirror/mirror.h"

#include <algorithm>

namespace Postnook
{

using namespace Qt::StringLiterals;

namespace
{

constexpr int MaxWaitSeconds = 60;

} // namespace

int secondsBeforeTry(int number)
{
    constexpr int MaxDoublings = 6; // 64 s are more than the maximum
    return std::min(MaxWaitSeconds, 1 << std::clamp(number - 1, 0, MaxDoublings));
}

Mirror::Mirror(const MirrorRequest &request,
               MirrorProgress &progress,
               const std::atomic<bool> &stop,
               Wait wait,
               Tell tell)
    : m_request(request)
    , m_progress(progress)
    , m_stop(stop)
    , m_wait(std::move(wait))
    , m_tell(std::move(tell))
    , m_identity{request.remote.host, request.remote.user}
{
}

MirrorReport Mirror::run(const QString &controlSocket)
{
    int inARow = 0;
    for (;;) {
        const qint64 before = m_results.progressMade();
        const auto done = attempt(controlSocket);
        m_progress.end();
        if (done) {
            return report({});
        }
        const Error &error = done.error();
        inARow = m_results.progressMade() > before ? 1 : inARow + 1;
        if (error.code == ErrorCode::Busy && inARow <= m_request.retries && !m_stop) {
            const int seconds = secondsBeforeTry(inARow);
            m_tell(u"%1; trying again in %2 s"_s.arg(error.text).arg(seconds));
            if (m_wait(seconds)) {
                continue;
            }
        }
        return report(error);
    }
}

MirrorReport Mirror::report(const std::optional<Error> &failure) const
{
    MirrorReport report{m_results.reports(), {}, false};
    if (failure && m_stop) {
        report.wasStopped = true;
    } else {
        report.failure = failure;
    }
    return report;
}

Result<void> Mirror::attempt(const QString &controlSocket)
{
    LocalAccount local;
    if (auto opened = local.open(controlSocket, m_request.account); !opened) {
        return opened;
    }
    const auto server = RemoteServer::open(m_request.remote, m_stop);
    if (!server) {
        local.close();
        return server.error();
    }
    auto done = MirrorPass(m_request, m_identity, {**server, local, m_progress}, &m_results).run();
    if (done) {
        (*server)->logOut();
    }
    local.close();
    return done;
}

} // namespace Postnook
