#pragma once

#include "app/terminal/exitcode.h"
#include "storage/result.h"

#include <QString>

namespace Postnook
{

// The two streams of a command line program, in UTF-8: results for the next program in the pipe,
// messages for people.
void printResult(const QString &line);
void printMessage(const QString &line);
// Says what went wrong, and gives the exit code for it.
ExitCode fail(const Error &error);

} // namespace Postnook
