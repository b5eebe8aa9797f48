#pragma once

#include <QLoggingCategory>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcLmtp) // one line per message and recipient, stored or not

} // namespace Postnook
