#include "app/control/controllog.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcControl, "postnook.control")

} // namespace Postnook
