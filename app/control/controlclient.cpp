#include "app/control/controlclient.h"

#include "app/control/controlprotocol.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto ConnectTimeoutMs = 5'000;
// Purging a large mailbox takes its time; every other request is answered within milliseconds.
constexpr auto ReplyTimeoutMs = 10 * 60'000;

} // namespace

bool ControlClient::connectTo(const QString &controlSocket)
{
    m_socket.connectToServer(controlSocket);
    return m_socket.waitForConnected(ConnectTimeoutMs);
}

Result<QJsonObject> ControlClient::ask(const QJsonObject &request)
{
    m_socket.write(ControlProtocol::toLine(request));
    while (!m_socket.canReadLine()) {
        if (!m_socket.waitForReadyRead(ReplyTimeoutMs)
            || m_socket.bytesAvailable() > ControlProtocol::MaxReplyBytes) {
            return Error{ErrorCode::Unavailable,
                         u"the running server did not answer: %1"_s.arg(m_socket.errorString())};
        }
    }
    return ControlProtocol::parseReply(m_socket.readLine());
}

} // namespace Postnook
