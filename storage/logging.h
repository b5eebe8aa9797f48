#pragma once

#include <QLoggingCategory>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcStorage)
Q_DECLARE_LOGGING_CATEGORY(lcSql) // statements and their time at debug level; off by default

} // namespace Postnook
