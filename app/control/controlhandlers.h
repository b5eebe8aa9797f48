#pragma once

#include "storage/result.h"

#include <QHash>
#include <QJsonObject>
#include <QString>

#include <functional>

namespace Postnook
{

// Called exactly once, in the main thread, perhaps before the handler returns.
using ControlDone = std::function<void(const Result<QJsonObject> &)>;
using ControlHandler = std::function<void(const QJsonObject &request, const ControlDone &done)>;

// The control requests that this process knows. The same table serves the control socket of a
// running server and a command that owns the data folder itself.
class ControlHandlers
{
public:
    void add(const QString &command, ControlHandler handler);
    // Invalid for a command that nobody added.
    void handle(const QJsonObject &request, const ControlDone &done) const;

private:
    QHash<QString, ControlHandler> m_handlers;
};

} // namespace Postnook
