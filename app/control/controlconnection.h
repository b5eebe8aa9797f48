#pragma once

#include "app/control/controlhandlers.h"

#include <QObject>

class QLocalSocket;

namespace Postnook
{

// One process that asks: a line in, a line out, one request at a time, until a request turns the
// connection into something else. Main thread; a child of the ControlServer, deletes itself when
// the peer has gone or the socket was handed over.
class ControlConnection : public QObject
{
    Q_OBJECT

public:
    // Takes the socket. The handlers outlive this.
    ControlConnection(QLocalSocket *socket, const ControlHandlers &handlers, QObject *parent);

private:
    void readRequests();
    void answer(const QJsonObject &request);
    void handOver(const QJsonObject &request, const HandoverHandler &handler);
    void reply(const Result<QJsonObject> &result);
    void replyAndGoOn(const Result<QJsonObject> &result);

    QLocalSocket *m_socket; // a child, until it is handed over
    const ControlHandlers &m_handlers;
    bool m_busy = false; // a handler has not answered yet, or the socket has gone
};

} // namespace Postnook
