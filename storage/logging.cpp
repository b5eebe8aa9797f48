#include "storage/logging.h"

namespace Postnook
{

Q_LOGGING_CATEGORY(lcStorage, "postnook.storage")
Q_LOGGING_CATEGORY(lcSql, "postnook.sql", QtWarningMsg)

} // namespace Postnook
