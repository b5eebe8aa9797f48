#pragma once

#include <QLoggingCategory>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcSearch) // how each search was done, at debug level; no words of it

} // namespace Postnook
