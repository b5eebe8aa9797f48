#include "app/server/listeners.h"

#include "app/server/netlog.h"
#include "app/server/portlistener.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

using ListenerList = std::vector<std::unique_ptr<PortListener>>;

constexpr auto FirstFreePort = 1024; // lower ones need a privilege on most systems
// Port 0: how often a port that is free on the first address may be taken on another one.
constexpr auto FreePortTries = 20;

QString endpoint(const QHostAddress &address, quint16 port)
{
    const bool isIpv6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    return (isIpv6 ? u"[%1]:%2"_s : u"%1:%2"_s).arg(address.toString(), QString::number(port));
}

struct KindWords {
    QString name;
    QString setting;
    QString otherPort;
};

KindWords wordsFor(PortKind kind)
{
    switch (kind) {
    case PortKind::StartTls:
        return {u"STARTTLS"_s, u"bind-port"_s, u"1143"_s};
    case PortKind::Tls:
        return {u"TLS"_s, u"bind-port-tls"_s, u"1993"_s};
    case PortKind::Lmtp:
        return {u"LMTP"_s, u"lmtp-port"_s, u"2400"_s};
    }
    Q_UNREACHABLE();
}

QString portAdvice(PortKind kind)
{
    const KindWords words = wordsFor(kind);
    return u"set %1 to another port, say %2"_s.arg(words.setting, words.otherPort);
}

QString privilegeAdvice(PortKind kind)
{
    QString advice = u"ports below 1024 need a privilege: "_s + portAdvice(kind);
#ifdef Q_OS_LINUX
    // Not by setcap: a service that may gain no privileges gets none from its file either, and an
    // update of the program would take them away.
    advice += u", or let every program use those from 143 on: sudo sysctl "
              "net.ipv4.ip_unprivileged_port_start=143 (in /etc/sysctl.d it lasts)"_s;
#endif
    return advice;
}

StartError bindError(const PortListener &listener, const BoundPort &wanted)
{
    const QString where = u"cannot listen on %1: "_s.arg(wanted.toString());
    switch (listener.serverError()) {
    case QAbstractSocket::AddressInUseError:
        return {ExitCode::Unavailable,
                where + u"another program uses this port; stop it, or "_s
                    + portAdvice(wanted.kind)};
    case QAbstractSocket::SocketAccessError:
        return {ExitCode::NoPermission,
                where + u"permission denied; "_s
                    + (wanted.port < FirstFreePort ? privilegeAdvice(wanted.kind)
                                                   : portAdvice(wanted.kind))};
    case QAbstractSocket::SocketAddressNotAvailableError:
        return {ExitCode::Unavailable,
                where + u"this machine has no such address now; correct bind-addr"_s};
    default:
        return {ExitCode::Unavailable, where + listener.errorString()};
    }
}

// ::1 and :: are there unless the machine has IPv6 switched off, which is no fault of the settings.
bool isIpv6Off(const PortListener &listener, const QHostAddress &address)
{
    const auto error = listener.serverError();
    const QList<QHostAddress> ipv6{QHostAddress::LocalHostIPv6, QHostAddress::AnyIPv6};
    return ipv6.contains(address)
        && (error == QAbstractSocket::SocketAddressNotAvailableError
            || error == QAbstractSocket::UnsupportedSocketOperationError);
}

// All with one port number: the one given, or the free one that the first address got.
std::optional<StartError>
listenOnAll(const QStringList &addresses, quint16 port, PortKind kind, ListenerList *listeners)
{
    std::optional<StartError> skipped;
    for (const QString &text : addresses) {
        const QHostAddress address(text);
        auto listener = std::make_unique<PortListener>();
        if (listener->listen(address, port)) {
            port = listener->serverPort();
            listeners->push_back(std::move(listener));
            continue;
        }
        const StartError error = bindError(*listener, {address, port, kind});
        if (!isIpv6Off(*listener, address)) {
            return error;
        }
        skipped = error;
        qCInfo(lcNet).noquote() << error.text;
    }
    return listeners->empty() ? skipped : std::nullopt;
}

} // namespace

QString BoundPort::toString() const
{
    return u"%1 (%2)"_s.arg(endpoint(address, port), wordsFor(kind).name);
}

Listeners::Listeners() = default;
Listeners::~Listeners() = default;

std::optional<StartError> Listeners::bind(const QStringList &addresses,
                                          quint16 port,
                                          PortKind kind,
                                          const Connected &connected)
{
    std::optional<StartError> error;
    for (int tries = port == 0 ? FreePortTries : 1; tries > 0; --tries) {
        ListenerList listeners;
        error = listenOnAll(addresses, port, kind, &listeners);
        if (error) {
            continue;
        }
        for (auto &listener : listeners) {
            QObject::connect(listener.get(), &PortListener::connected, listener.get(), connected);
            m_ports.append({listener->serverAddress(), listener->serverPort(), kind});
            m_listeners.push_back(std::move(listener));
        }
        return {};
    }
    close();
    return error;
}

void Listeners::close()
{
    m_listeners.clear();
    m_ports.clear();
}

} // namespace Postnook
