#pragma once

#include <QByteArray>
#include <QString>

namespace Postnook
{

struct CommandRow;

// The wire in the log (category postnook.wire, log level trace): a line at a time, without
// passwords and without the text of messages. `who` is Session::logName().
void logReceived(const QString &who, const QByteArray &text, const CommandRow &row);
void logSent(const QString &who, const QByteArray &bytes);

} // namespace Postnook
