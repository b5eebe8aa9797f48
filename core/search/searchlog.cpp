#include "core/search/searchlog.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcSearch, "postnook.search")

} // namespace Postnook
