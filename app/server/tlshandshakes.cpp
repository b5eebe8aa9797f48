#include "app/server/tlshandshakes.h"

#include "app/server/netlog.h"
#include "app/server/sockettransport.h"
#include "app/server/tlsidentity.h"

#include <QDeadlineTimer>
#include <QSocketNotifier>
#include <QSslConfiguration>
#include <QSslSocket>

#include <algorithm>
#include <vector>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto ClockMs = 500; // a time limit is kept to this much

void closeDescriptor(qintptr descriptor)
{
    QTcpSocket socket;
    socket.setSocketDescriptor(descriptor);
    socket.abort();
}

} // namespace

// A connection that Qt's sockets know nothing of yet.
struct TlsHandshakes::Raw {
    Raw(qintptr fd, int timeoutMs)
        : descriptor(fd)
        , deadline(timeoutMs)
        , notifier(std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read))
    {
    }

    void close()
    {
        notifier.reset(); // two notifiers for one descriptor are not allowed
        closeDescriptor(descriptor);
    }

    qintptr descriptor;
    QDeadlineTimer deadline;
    std::unique_ptr<QSocketNotifier> notifier;
};

struct TlsHandshakes::Handshake {
    std::unique_ptr<QSslSocket> socket;
    QString peer;
    QDeadlineTimer deadline;
};

TlsHandshakes::TlsHandshakes(const TlsIdentity &tls,
                             HandshakeLimits limits,
                             Ready ready,
                             QObject *parent)
    : QObject(parent)
    , m_tls(tls)
    , m_limits(limits)
    , m_ready(std::move(ready))
{
    m_clock.setInterval(ClockMs);
    connect(&m_clock, &QTimer::timeout, this, &TlsHandshakes::cutLate);
}

TlsHandshakes::~TlsHandshakes()
{
    clear();
}

void TlsHandshakes::add(qintptr descriptor)
{
    if (m_silent.size() >= MaxSilent) {
        m_silent.front().close();
        m_silent.pop_front();
    }
    const auto raw = m_silent.emplace(m_silent.end(), descriptor, m_limits.timeoutMs);
    connect(raw->notifier.get(), &QSocketNotifier::activated, this, [this, raw] {
        raw->notifier->setEnabled(false);
        m_queued.splice(m_queued.end(), m_silent, raw);
        startQueued();
    });
    m_clock.start();
}

void TlsHandshakes::setLimits(const HandshakeLimits &limits)
{
    m_limits = limits;
    startQueued();
}

void TlsHandshakes::clear()
{
    for (RawList *list : {&m_silent, &m_queued}) {
        for (Raw &raw : *list) {
            raw.close();
        }
        list->clear();
    }
    for (Handshake &handshake : m_open) {
        handshake.socket->disconnect(this);
    }
    m_open.clear();
    m_clock.stop();
}

void TlsHandshakes::startQueued()
{
    while (!m_queued.empty() && static_cast<int>(m_open.size()) < m_limits.maxOpen) {
        Raw raw = std::move(m_queued.front());
        m_queued.pop_front();
        // Not now: its notifier may be the one that called us.
        raw.notifier.release()->deleteLater();
        start(raw.descriptor, raw.deadline);
    }
}

void TlsHandshakes::start(qintptr descriptor, QDeadlineTimer deadline)
{
    auto socket = std::make_unique<QSslSocket>();
    if (!socket->setSocketDescriptor(descriptor)) {
        return closeDescriptor(descriptor);
    }
    socket->setReadBufferSize(SocketReadBufferBytes);
    socket->setSslConfiguration(m_tls.configuration());
    QSslSocket *const key = socket.get();
    connect(key, &QSslSocket::encrypted, this, [this, key] { finish(key); });
    connect(key, &QSslSocket::disconnected, this, [this, key] { fail(key, key->errorString()); });
    m_open.push_back({std::move(socket), plainAddress(key->peerAddress()).toString(), deadline});
    key->startServerEncryption();
}

TlsHandshakes::Handshake TlsHandshakes::take(QSslSocket *socket)
{
    const auto it = std::find_if(m_open.begin(), m_open.end(), [socket](const Handshake &one) {
        return one.socket.get() == socket;
    });
    Q_ASSERT_X(it != m_open.end(), "TlsHandshakes", "each handshake ends once");
    Handshake taken = std::move(*it);
    m_open.erase(it);
    taken.socket->disconnect(this);
    return taken;
}

void TlsHandshakes::finish(QSslSocket *socket)
{
    m_ready(take(socket).socket);
    startQueued();
}

void TlsHandshakes::fail(QSslSocket *socket, const QString &reason)
{
    Handshake failed = take(socket);
    qCInfo(lcNet).noquote() << u"%1: the TLS handshake failed: %2"_s.arg(failed.peer, reason);
    failed.socket->abort();
    // Not now: this may be called by a signal of the socket's.
    failed.socket.release()->deleteLater();
    startQueued();
}

void TlsHandshakes::cutLate()
{
    for (RawList *list : {&m_silent, &m_queued}) {
        while (!list->empty() && list->front().deadline.hasExpired()) {
            list->front().close();
            list->pop_front();
        }
    }
    std::vector<QSslSocket *> late;
    for (const Handshake &handshake : m_open) {
        if (handshake.deadline.hasExpired()) {
            late.push_back(handshake.socket.get());
        }
    }
    for (QSslSocket *socket : late) {
        fail(socket, u"it takes too long"_s);
    }
    if (m_silent.empty() && m_queued.empty() && m_open.empty()) {
        m_clock.stop();
    }
}

} // namespace Postnook
