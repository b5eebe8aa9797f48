#pragma once

#include "app/terminal/exitcode.h"

#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Postnook
{

class PortListener;

enum class PortKind { StartTls, Tls, Lmtp };

struct BoundPort {
    QHostAddress address;
    quint16 port = 0;
    PortKind kind = PortKind::StartTls;

    // "127.0.0.1:1143 (STARTTLS)", "[::1]:1993 (TLS)", "127.0.0.1:2400 (LMTP)". Scripts read it in
    // the log.
    QString toString() const;
};

// All the listening sockets of the server: each address with each port. Event loop thread.
class Listeners
{
public:
    using Connected = std::function<void(qintptr descriptor)>;

    Listeners();
    ~Listeners();
    Q_DISABLE_COPY_MOVE(Listeners)

    // Binds the port on every address. Port 0 finds one that is free on all of them. On an error
    // everything bound before is closed again.
    std::optional<StartError>
    bind(const QStringList &addresses, quint16 port, PortKind kind, const Connected &connected);
    void close();

    const QList<BoundPort> &ports() const { return m_ports; }

private:
    std::vector<std::unique_ptr<PortListener>> m_listeners;
    QList<BoundPort> m_ports;
};

} // namespace Postnook
