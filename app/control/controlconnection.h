#pragma once

#include "app/control/controlhandlers.h"

#include <QObject>

class QLocalSocket;

namespace Postnook
{

// One process that asks: a line in, a line out, one request at a time. Main thread; a child of the
// ControlServer, deletes itself when the peer has gone.
class ControlConnection : public QObject
{
    Q_OBJECT

public:
    // Takes the socket. The handlers outlive this.
    ControlConnection(QLocalSocket *socket, const ControlHandlers &handlers, QObject *parent);

private:
    void readRequests();
    void reply(const Result<QJsonObject> &result);

    QLocalSocket *m_socket; // a child
    const ControlHandlers &m_handlers;
    bool m_busy = false; // a handler has not answered yet
};

} // namespace Postnook
