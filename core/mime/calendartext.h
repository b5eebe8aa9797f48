#pragma once

#include <QString>

namespace Postnook::Mime
{

// RFC 5545 3.1 (RFC 6350 3.2 for vCards): a line that begins with a blank belongs to the one
// before, whose word it may go on with. Line ends become LF.
QString unfoldedLines(QStringView text);

// What an iCalendar text (RFC 5545) says of its first event or task, for a preview: summary,
// location and description.
QString calendarText(QStringView calendar);

} // namespace Postnook::Mime
