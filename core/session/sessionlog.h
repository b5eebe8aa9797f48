#pragma once

#include <QLoggingCategory>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcSession) // commands with tag and name, errors with their reference
Q_DECLARE_LOGGING_CATEGORY(lcWire) // what goes over the wire, secrets left out; off by default
Q_DECLARE_LOGGING_CATEGORY(lcAuth) // one line per login, good or bad

} // namespace Postnook
