#pragma once

#include "storage/result.h"

#include <QHash>
#include <QJsonObject>
#include <QString>

#include <functional>
#include <memory>

class QLocalSocket;

namespace Postnook
{

// Called exactly once, in the main thread, perhaps before the handler returns.
using ControlDone = std::function<void(const Result<QJsonObject> &)>;
using ControlHandler = std::function<void(const QJsonObject &request, const ControlDone &done)>;

// What becomes of a connection that turns into something else once its request was answered.
struct ControlHandover {
    QJsonObject reply;
    std::function<void(std::unique_ptr<QLocalSocket>)> take;
};
using HandoverDone = std::function<void(const Result<ControlHandover> &)>;
using HandoverHandler = std::function<void(const QJsonObject &request, const HandoverDone &done)>;

// The control requests that this process knows. The same table serves the control socket of a
// running server and a command that owns the data folder itself.
class ControlHandlers
{
public:
    void add(const QString &command, const ControlHandler &handler);
    void addHandover(const QString &command, const HandoverHandler &handler);
    // Invalid for a command that nobody added.
    void handle(const QJsonObject &request, const ControlDone &done) const;
    // Null for other commands.
    HandoverHandler handoverFor(const QJsonObject &request) const;

private:
    QHash<QString, ControlHandler> m_handlers;
    QHash<QString, HandoverHandler> m_handovers;
};

} // namespace Postnook
