#pragma once

#include <QLoggingCategory>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcControl) // what the owner of a data folder does beside serving

} // namespace Postnook
