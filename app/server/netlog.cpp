#include "app/server/netlog.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcNet, "postnook.net")

} // namespace Postnook
