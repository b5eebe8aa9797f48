#include "app/commands/firstrun.h"

#include "app/server/certificates.h"
#include "app/server/server.h"

#include <QTcpServer>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto ImapPort = 143;

QString portOf(const Server &server, PortKind kind)
{
    const auto &ports = server.ports();
    const auto it = std::find_if(
        ports.begin(), ports.end(), [kind](const BoundPort &port) { return port.kind == kind; });
    return it == ports.end() ? QString() : QString::number(it->port);
}

} // namespace

// Only trying tells: rights, capabilities and sysctls all play in. A port that is taken counts as
// allowed, and is reported as taken when the server wants it.
LowPorts lowPortsHere()
{
    QTcpServer probe;
    const bool isForbidden = !probe.listen(QHostAddress::LocalHost, ImapPort)
        && probe.serverError() == QAbstractSocket::SocketAccessError;
    return isForbidden ? LowPorts::Forbidden : LowPorts::Allowed;
}

Result<FirstRun> FirstRun::prepare(const QString &settingsFile)
{
    FirstRun run;
    run.m_settingsFile = settingsFile;
    run.m_lowPorts = lowPortsHere();
    const auto written = writeSettingsTemplate(settingsFile, run.m_lowPorts);
    if (!written) {
        return written.error();
    }
    return run;
}

QStringList FirstRun::report(const Server &server, const Settings &settings) const
{
    QStringList lines{u"Postnook runs for the first time. It made"_s,
                      u"  "_s + m_settingsFile + u"  (settings, each one explained there)"_s,
                      u"  "_s + settings.dataDir + u"  (mail)"_s};
    if (!server.caPath().isEmpty()) {
        lines += u"  "_s + server.caPath() + u"  (its own certificate authority)"_s;
    }
    if (m_lowPorts == LowPorts::Forbidden) {
        lines +=
            u"Ports 143 and 993 need more rights than you have here, so it uses 1143 and 1993."_s;
    }
    lines += {QString(),
              u"Add an account, in another terminal:"_s,
              u"  postnook account add NAME"_s,
              QString(),
              u"Set up a mail program on this computer:"_s,
              u"  incoming mail (IMAP)   server localhost, user NAME"_s};
    const QString tls = portOf(server, PortKind::Tls);
    const QString startTls = portOf(server, PortKind::StartTls);
    if (!tls.isEmpty()) {
        lines += u"  port %1 with SSL/TLS"_s.arg(tls);
    }
    if (!startTls.isEmpty()) {
        lines += u"  port %1 with STARTTLS"_s.arg(startTls);
    }
    if (!server.caPath().isEmpty()) {
        lines += {u"  When it asks about the certificate, compare its SHA-256 fingerprint:"_s,
                  u"  "_s + server.certificate().fingerprint,
                  u"  or run this once, and it does not ask: postnook cert trust"_s};
    }
    lines += {QString(),
              u"For other mail programs, and with files that phones and Thunderbird read:"_s,
              u"  postnook setup-client NAME"_s};
    lines += {QString(), u"Ctrl-C stops the server."_s};
    return lines;
}

} // namespace Postnook
