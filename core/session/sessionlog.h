#pragma once

#include <QByteArray>
#include <QLoggingCategory>
#include <QString>

namespace Postnook
{

Q_DECLARE_LOGGING_CATEGORY(lcSession) // commands with tag and name, errors with their reference
Q_DECLARE_LOGGING_CATEGORY(lcWire) // what goes over the wire, secrets left out; off by default
Q_DECLARE_LOGGING_CATEGORY(lcAuth) // one line per login, good or bad

class Transport;

// The line for a try to log in, of a form that stays: who reads logs for attacks goes by it. No
// user: the command was refused before it was looked at.
void logLogin(bool isGood,
              const QString &user,
              const Transport &peer,
              const QByteArray &mechanism,
              const QString &reason);

} // namespace Postnook
