#pragma once

#include "app/settings/settings.h"
#include "app/settings/settingstemplate.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace Postnook
{

class Server;

// Whether this process may bind ports below 1024 here. Tries.
LowPorts lowPortsHere();

// The first `serve`, when there is no settings file yet: writes one and, once the server runs,
// tells a person what was made and what to do next.
class FirstRun
{
public:
    // Writes the template at the usual place. With ports 1143 and 1993 where low ones may not be
    // bound. An error leaves no file.
    static Result<FirstRun> prepare(const QString &settingsFile);

    // Lines for the terminal.
    QStringList report(const Server &server, const Settings &settings) const;

private:
    QString m_settingsFile;
    LowPorts m_lowPorts = LowPorts::Allowed;
};

} // namespace Postnook
