#include "app/control/controlserver.h"

#include "app/control/controlconnection.h"

#include <QLocalSocket>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// Each is one command that a person runs; more at a time is a script gone wild.
constexpr auto MaxConnections = 32;

} // namespace

ControlServer::ControlServer(ControlHandlers handlers, QObject *parent)
    : QObject(parent)
    , m_handlers(std::move(handlers))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::acceptPending);
}

ControlServer::~ControlServer() = default;

Result<void> ControlServer::listen(const QString &path)
{
    QLocalServer::removeServer(path);
    if (!m_server.listen(path)) {
        return Error{ErrorCode::Unavailable,
                     u"cannot open the control socket %1: %2"_s.arg(path, m_server.errorString())};
    }
    return {};
}

bool ControlServer::hasConnections() const
{
    return m_server.hasPendingConnections()
        || !findChildren<ControlConnection *>(Qt::FindDirectChildrenOnly).isEmpty();
}

void ControlServer::acceptPending()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        if (findChildren<ControlConnection *>(Qt::FindDirectChildrenOnly).size()
            >= MaxConnections) {
            delete socket;
            continue;
        }
        // Owned by this server; goes by itself when its peer does.
        new ControlConnection(socket, m_handlers, this);
    }
}

} // namespace Postnook
