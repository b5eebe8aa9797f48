#include "core/lmtp/lmtplog.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcLmtp, "postnook.lmtp")

} // namespace Postnook
