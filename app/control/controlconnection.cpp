#include "app/control/controlconnection.h"

#include "app/control/controlprotocol.h"

#include <QLocalSocket>
#include <QPointer>

namespace Postnook
{

using namespace Qt::StringLiterals;

ControlConnection::ControlConnection(QLocalSocket *socket,
                                     const ControlHandlers &handlers,
                                     QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_handlers(handlers)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(ControlProtocol::MaxRequestBytes);
    connect(m_socket, &QLocalSocket::readyRead, this, &ControlConnection::readRequests);
    connect(m_socket, &QLocalSocket::disconnected, this, &QObject::deleteLater);
    // What came before the connections above were made.
    QMetaObject::invokeMethod(this, &ControlConnection::readRequests, Qt::QueuedConnection);
}

void ControlConnection::readRequests()
{
    while (!m_busy && m_socket->canReadLine()) {
        const auto request = ControlProtocol::parseRequest(m_socket->readLine());
        if (!request) {
            reply(request.error());
            continue;
        }
        m_busy = true;
        m_handlers.handle(*request, [self = QPointer(this)](const Result<QJsonObject> &result) {
            if (self) {
                self->m_busy = false;
                self->reply(result);
                QMetaObject::invokeMethod(
                    self, &ControlConnection::readRequests, Qt::QueuedConnection);
            }
        });
    }
    if (!m_busy && m_socket->bytesAvailable() >= ControlProtocol::MaxRequestBytes) {
        reply(Error{ErrorCode::TooBig, u"the request is too long"_s});
        m_socket->disconnectFromServer();
    }
}

void ControlConnection::reply(const Result<QJsonObject> &result)
{
    m_socket->write(ControlProtocol::toLine(ControlProtocol::replyFor(result)));
}

} // namespace Postnook
