#include "app/control/controlhandlers.h"

namespace Postnook
{

using namespace Qt::StringLiterals;

void ControlHandlers::add(const QString &command, const ControlHandler &handler)
{
    m_handlers.insert(command, handler);
}

void ControlHandlers::addHandover(const QString &command, const HandoverHandler &handler)
{
    m_handovers.insert(command, handler);
}

HandoverHandler ControlHandlers::handoverFor(const QJsonObject &request) const
{
    return m_handovers.value(request.value("command"_L1).toString());
}

void ControlHandlers::handle(const QJsonObject &request, const ControlDone &done) const
{
    const QString command = request.value("command"_L1).toString();
    const auto handler = m_handlers.value(command);
    if (!handler) {
        return done(Error{ErrorCode::Invalid,
                          u"the running server does not know the request '%1'; is it of another "
                          "version?"_s.arg(command)});
    }
    handler(request, done);
}

} // namespace Postnook
