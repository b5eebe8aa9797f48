#pragma once

#include <QString>

namespace Postnook
{

// The two streams of a command line program, in UTF-8: results for the next program in the pipe,
// messages for people.
void printResult(const QString &line);
void printMessage(const QString &line);

} // namespace Postnook
