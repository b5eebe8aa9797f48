#include "core/session/sessionlog.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcSession, "postnook.session")
Q_LOGGING_CATEGORY(lcWire, "postnook.wire", QtInfoMsg)
Q_LOGGING_CATEGORY(lcAuth, "postnook.auth")

} // namespace Postnook
