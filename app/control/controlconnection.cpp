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
        if (const auto handler = m_handlers.handoverFor(*request)) {
            handOver(*request, handler);
        } else {
            answer(*request);
        }
    }
    if (!m_busy && m_socket->bytesAvailable() >= ControlProtocol::MaxRequestBytes) {
        reply(Error{ErrorCode::TooBig, u"the request is too long"_s});
        m_socket->disconnectFromServer();
    }
}

void ControlConnection::answer(const QJsonObject &request)
{
    m_handlers.handle(request, [self = QPointer(this)](const Result<QJsonObject> &result) {
        if (self) {
            self->replyAndGoOn(result);
        }
    });
}

void ControlConnection::handOver(const QJsonObject &request, const HandoverHandler &handler)
{
    handler(request, [self = QPointer(this)](const Result<ControlHandover> &handover) {
        if (!self) {
            return;
        }
        if (!handover) {
            return self->replyAndGoOn(handover.error());
        }
        self->reply(handover->reply);
        std::unique_ptr<QLocalSocket> socket(self->m_socket);
        socket->disconnect(self);
        socket->setParent(nullptr);
        self->deleteLater();
        handover->take(std::move(socket));
    });
}

void ControlConnection::reply(const Result<QJsonObject> &result)
{
    m_socket->write(ControlProtocol::toLine(ControlProtocol::replyFor(result)));
}

void ControlConnection::replyAndGoOn(const Result<QJsonObject> &result)
{
    m_busy = false;
    reply(result);
    QMetaObject::invokeMethod(this, &ControlConnection::readRequests, Qt::QueuedConnection);
}

} // namespace Postnook
