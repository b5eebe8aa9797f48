#pragma once

#include <QStringView>

namespace Postnook::Mime
{

// Lines that mail programs write into the text of a message, in the languages people use most.

// The name in "Name: value", without the asterisks of bold text; empty when it is not such a line.
QStringView fieldLabel(QStringView line);
// Whether it is that of the From field, which begins the header that Outlook puts above a quoted
// message.
bool isFromLabel(QStringView label);

// What stands between dashes: "----- Original Message -----".
QStringView dashedTitle(QStringView line);
bool isForwardTitle(QStringView line);

// "On Monday, Ann wrote:" begins in a way that is no name, and says who wrote.
bool startsAttribution(QStringView text);
bool saysWhoWrote(QStringView text);
bool endsWithColon(QStringView line);

// A line that telephones and newsletters add of themselves, and nobody wrote.
bool isAside(QStringView line);

} // namespace Postnook::Mime
