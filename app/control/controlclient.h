#pragma once

#include "storage/result.h"

#include <QJsonObject>
#include <QLocalSocket>
#include <QString>

namespace Postnook
{

// A connection to the process that owns a data folder. Blocks: only for commands, which have
// nothing else to do.
class ControlClient
{
public:
    // False when nobody listens at the path.
    bool connectTo(const QString &controlSocket);
    // Sends one request and waits for its reply. Unavailable when none comes.
    Result<QJsonObject> ask(const QJsonObject &request);

private:
    QLocalSocket m_socket;
};

} // namespace Postnook
