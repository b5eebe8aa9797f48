#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

// The password in what was typed or piped: a line of UTF-8, of which only the line end goes.
// Invalid: empty, no UTF-8, or too long.
Result<QString> passwordFromLine(QByteArray line);

// Reads it from standard input, one line.
Result<QString> readPasswordFromStdin();
// Asks for it at the terminal, twice. Invalid when the two differ.
Result<QString> askNewPassword(const QString &account);

} // namespace Postnook
