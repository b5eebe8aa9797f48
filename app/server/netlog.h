#pragma once

#include <QLoggingCategory>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcNet) // ports, connections, TLS handshakes

} // namespace Postnook
