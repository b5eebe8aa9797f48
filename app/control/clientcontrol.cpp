#include "app/control/clientcontrol.h"

#include "app/control/knownaccount.h"

#include <QJsonArray>
#include <QJsonObject>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

const QString PortTlsKey = u"portTls"_s;
const QString PortStartTlsKey = u"portStartTls"_s;

std::optional<quint16> portFrom(const QJsonObject &reply, const QString &key)
{
    return reply.contains(key) ? std::optional(static_cast<quint16>(reply.value(key).toInt()))
                               : std::nullopt;
}

} // namespace

Result<ClientAccess> clientAccessFrom(const QJsonObject &reply)
{
    ClientAccess access;
    access.account = reply.value("name"_L1).toString();
    const QJsonArray addresses = reply.value("addresses"_L1).toArray();
    for (const auto &address : addresses) {
        access.addresses += address.toString();
    }
    access.portTls = portFrom(reply, PortTlsKey);
    access.portStartTls = portFrom(reply, PortStartTlsKey);
    if (access.account.isEmpty() || access.addresses.isEmpty()
        || (!access.portTls && !access.portStartTls)) {
        return Error{ErrorCode::Invalid,
                     u"the running server does not tell where it listens; is it of another "
                     "version?"_s};
    }
    return access;
}

ClientControl::ClientControl(Storage &storage,
                             const Settings &settings,
                             RunningServer server,
                             QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_settings(settings)
    , m_server(std::move(server))
{
}

void ClientControl::addTo(ControlHandlers *handlers)
{
    handlers->add(u"client.access"_s,
                  [this](const auto &request, const auto &done) { access(request, done); });
}

void ClientControl::access(const QJsonObject &request, const ControlDone &done)
{
    findAccount(m_storage,
                request.value("name"_L1).toString(),
                RemovedAccounts::Hidden,
                this,
                [this, done](const Result<AccountRecord> &account) {
                    done(account.transform(
                        [this](const AccountRecord &record) { return replyFor(record.name); }));
                });
}

QJsonObject ClientControl::replyFor(const QString &account) const
{
    QJsonObject reply{{u"name"_s, account}};
    QStringList addresses = m_settings.bindAddresses;
    if (m_server.isThere()) {
        addresses.clear();
        const auto ports = m_server.ports();
        for (const BoundPort &port : ports) {
            if (port.kind == PortKind::Lmtp) {
                continue; // for mail servers
            }
            addresses.append(port.address.toString());
            reply.insert(port.kind == PortKind::Tls ? PortTlsKey : PortStartTlsKey, port.port);
        }
        addresses.removeDuplicates();
    } else {
        if (m_settings.bindPortTls) {
            reply.insert(PortTlsKey, *m_settings.bindPortTls);
        }
        if (m_settings.bindPort) {
            reply.insert(PortStartTlsKey, *m_settings.bindPort);
        }
    }
    reply.insert(u"addresses"_s, QJsonArray::fromStringList(addresses));
    return reply;
}

} // namespace Postnook
