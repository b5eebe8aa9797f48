#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// Where one of the three standard files is closed, it becomes /dev/null: else a database or socket
// would get its number, and all that is meant for it. Before any other file is opened.
void openStandardFiles();

// The terminal or console that the program was started from.
bool standardInputIsTerminal();
bool standardErrorIsTerminal();
bool standardOutputIsTerminal();

// What is printed is UTF-8, and consoles of Windows have to be told so.
void useUtf8OnTerminal();

// Shows the question and reads a line without echo, on standard input. Blocks. Cancelled when the
// person presses Ctrl-C, Unavailable when the terminal cannot be used so.
Result<QByteArray> askHidden(const QString &question);

// Shows the question and reads a line. Blocks. Cancelled when there is none.
Result<QString> askLine(const QString &question);
// The same for "y" or "yes"; anything else is no.
bool askYes(const QString &question);

// What stands before and behind a line on standard output for black letters on white, whatever the
// colours of the terminal are. Both empty where there is no terminal that does it.
struct Paint {
    QString before;
    QString after;
};
Paint blackOnWhite();

} // namespace Postnook
