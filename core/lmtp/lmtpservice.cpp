#include "core/lmtp/lmtpservice.h"

#include "core/lmtp/lmtpsession.h"
#include "core/session/transport.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QPointer>

#include <chrono>
#include <utility>

namespace Postnook
{

namespace
{

using namespace std::chrono_literals;

constexpr QByteArrayView Stopping = "421 4.3.2 The server is stopping";

LmtpOptions withDefaults(LmtpOptions options)
{
    if (!options.nowUtc) {
        options.nowUtc = [] { return QDateTime::currentSecsSinceEpoch(); };
    }
    if (!options.monotonicMs) {
        QElapsedTimer timer;
        timer.start();
        options.monotonicMs = [timer] { return timer.elapsed(); };
    }
    return options;
}

} // namespace

LmtpService::LmtpService(Storage &storage, LmtpOptions options, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_options(withDefaults(std::move(options)))
{
    m_timer.setTimerType(Qt::CoarseTimer);
    m_timer.setInterval(1s);
    connect(&m_timer, &QTimer::timeout, this, &LmtpService::tick);
}

LmtpService::~LmtpService() = default;

void LmtpService::addConnection(std::unique_ptr<Transport> transport)
{
    const bool isFull = m_sessions.size() >= static_cast<size_t>(m_options.maxSessions);
    const quint64 number = ++m_lastNumber;
    auto session =
        std::make_unique<LmtpSession>(m_storage, m_options, std::move(transport), number);
    LmtpSession &added = *session;
    connect(&added, &LmtpSession::ended, this, [this, number] { remove(number); });
    m_sessions.emplace(number, std::move(session));
    m_timer.start();
    if (m_isShuttingDown || isFull) {
        added.end(isFull ? "421 4.3.2 Too many connections" : Stopping.toByteArray());
    } else {
        added.begin();
    }
}

// What `act` does may end sessions, which takes them out of the map.
template <typename Act>
void LmtpService::forEachSession(Act act)
{
    QList<QPointer<LmtpSession>> sessions;
    for (const auto &[number, session] : m_sessions) {
        sessions.append(session.get());
    }
    for (const auto &session : std::as_const(sessions)) {
        if (session) {
            act(*session);
        }
    }
}

void LmtpService::shutDown()
{
    m_isShuttingDown = true;
    forEachSession([](LmtpSession &session) { session.end(Stopping.toByteArray()); });
    if (m_sessions.empty()) {
        QMetaObject::invokeMethod(this, &LmtpService::drained, Qt::QueuedConnection);
    }
}

void LmtpService::remove(quint64 number)
{
    const auto it = m_sessions.find(number);
    if (it == m_sessions.end()) {
        return;
    }
    it->second.release()->deleteLater(); // it is the one that speaks
    m_sessions.erase(it);
    if (m_sessions.empty()) {
        m_timer.stop();
        if (m_isShuttingDown) {
            Q_EMIT drained();
        }
    }
}

void LmtpService::tick()
{
    forEachSession([now = m_options.monotonicMs()](LmtpSession &session) { session.tick(now); });
}

} // namespace Postnook
