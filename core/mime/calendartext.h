#pragma once

#include <QString>

namespace Postnook::Mime
{

// What an iCalendar text (RFC 5545) says of its first event or task, for a preview: summary,
// location and description.
QString calendarText(QStringView calendar);

} // namespace Postnook::Mime
