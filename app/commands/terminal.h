#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// The terminal or console that the program was started from.
bool standardInputIsTerminal();
bool standardErrorIsTerminal();

// Shows the question and reads a line without echo, on standard input. Blocks. Cancelled when the
// person presses Ctrl-C, Unavailable when the terminal cannot be used so.
Result<QByteArray> askHidden(const QString &question);

} // namespace Postnook
