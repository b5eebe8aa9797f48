#pragma once

#include <QDeadlineTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <list>
#include <memory>

class QSslSocket;

namespace Postnook
{

class TlsIdentity;

struct HandshakeLimits {
    int timeoutMs = 10'000; // from the connection to the end of the handshake
    int maxOpen = 16;
};

// Takes the connections of the TLS port through their handshake. At most `maxOpen` go on at once,
// the rest waits, in order. One that has not sent a byte yet takes no turn, so that silent ones
// keep nobody out. Event loop thread.
class TlsHandshakes : public QObject
{
    Q_OBJECT

public:
    // Beyond this many, a new connection pushes out the one that has been silent for the longest.
    static constexpr auto MaxSilent = 512;

    using Ready = std::function<void(std::unique_ptr<QSslSocket>)>;

    // `tls` outlives this. `ready` gets every socket whose handshake is done.
    TlsHandshakes(const TlsIdentity &tls,
                  HandshakeLimits limits,
                  Ready ready,
                  QObject *parent = nullptr);
    ~TlsHandshakes() override;

    // Takes the connection.
    void add(qintptr descriptor);
    void setLimits(const HandshakeLimits &limits); // for those that begin from now on
    // Cuts all that are not done.
    void clear();

private:
    struct Raw;
    struct Handshake;
    using RawList = std::list<Raw>;

    void startQueued();
    void start(qintptr descriptor, QDeadlineTimer deadline);
    Handshake take(QSslSocket *socket);
    void finish(QSslSocket *socket);
    void fail(QSslSocket *socket, const QString &reason);
    void cutLate();

    const TlsIdentity &m_tls;
    HandshakeLimits m_limits;
    Ready m_ready;
    RawList m_silent; // oldest first; what they send stays in the system's buffer
    RawList m_queued; // have sent something and wait for their turn
    std::list<Handshake> m_open;
    QTimer m_clock; // one for all; runs while there is a connection
};

} // namespace Postnook
