#include "app/commands/setupclientcommand.h"

#include "app/commands/certcommand.h"
#include "app/commands/clientanswers.h"
#include "app/commands/outputfile.h"
#include "app/control/clientcontrol.h"
#include "app/control/controlrequest.h"
#include "app/control/knownaccount.h"
#include "app/setup/appleprofile.h"
#include "app/setup/certificatetext.h"
#include "app/setup/clienthost.h"
#include "app/setup/qrcode.h"
#include "app/setup/setuptext.h"
#include "app/setup/thunderbirdconfig.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"

#include <QDir>
#include <QJsonObject>

#include <algorithm>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// What the owner of the data folder tells.
struct ServerFacts {
    ClientAccess access;
    ServedCertificate served;
};

struct OutputFile {
    QString path;
    QByteArray bytes;
    QString use; // what a person does with it
};

Result<ServerFacts> askServer(const Settings &settings, const QString &account)
{
    Result<ClientAccess> access = Error{};
    Result<ServedCertificate> served = Error{};
    const auto next = [&](const QJsonObject &reply) -> std::optional<QJsonObject> {
        if (reply.contains("chain"_L1)) {
            served = servedCertificateFrom(reply);
            return std::nullopt;
        }
        access = clientAccessFrom(reply);
        return QJsonObject{{u"command"_s, u"cert.show"_s}, {u"make"_s, true}};
    };
    const QJsonObject first{{u"command"_s, u"client.access"_s}, {u"name"_s, account}};
    if (const auto asked = performRequests(settings, u"setup-client"_s, first, next); !asked) {
        return asked.error();
    }
    if (!access || !served) {
        return access ? served.error() : access.error();
    }
    return ServerFacts{*access, *served};
}

Result<MailServer> incomingServer(const ServerFacts &facts, const QString &wantedHost)
{
    MailServer server;
    server.user = facts.access.account;
    server.security = facts.access.portTls ? ConnectionSecurity::Tls : ConnectionSecurity::StartTls;
    server.port = facts.access.portTls.value_or(facts.access.portStartTls.value_or(0));
    if (server.port == 0) {
        return Error{ErrorCode::Invalid,
                     u"with port 0 the server takes a free one at each start, which no mail "
                     "program finds again: set %1 to a number in the settings"_s.arg(
                         facts.access.portTls ? u"bind-port-tls"_s : u"bind-port"_s)};
    }
    server.host =
        wantedHost.isEmpty() ? usualHost(facts.access, facts.served) : serverName(wantedHost);
    if (server.host.isEmpty()) {
        return Error{ErrorCode::Invalid,
                     wantedHost.isEmpty()
                         ? u"the certificate names no host: say how mail programs reach this "
                           "server, --host=NAME"_s
                         : u"--host=%1: must be a host name or an IP address"_s.arg(wantedHost)};
    }
    return server;
}

Result<ClientSetup>
makeSetup(const CommandLine &line, const ServerFacts &facts, const AskPerson &ask)
{
    const auto incoming = incomingServer(facts, line.options.value(u"host"_s));
    if (!incoming) {
        return incoming.error();
    }
    const auto answers = clientAnswers(line.options, facts.access.account, ask);
    if (!answers) {
        return answers.error();
    }
    ClientSetup setup;
    setup.incoming = *incoming;
    if (facts.access.portTls && facts.access.portStartTls.value_or(0) != 0) {
        setup.otherPort = facts.access.portStartTls;
    }
    setup.outgoing = answers->outgoing;
    setup.fullName = answers->fullName;
    setup.emailAddress = answers->emailAddress;
    setup.fingerprint = fingerprintOf(facts.served.chain.first());
    setup.authority = facts.served.authority();
    return setup;
}

// For a file's name on every system.
QString asFileName(QString text)
{
    for (QChar &c : text) {
        c = c.isLetterOrNumber() || u"-_.@"_s.contains(c) ? c : QChar(u'_');
    }
    return text;
}

QList<OutputFile> outputFiles(const ClientSetup &setup, const QString &folder)
{
    const QString base = folder + u'/';
    QList<OutputFile> files{
        {base + "postnook-"_L1 + asFileName(setup.incoming.user) + ".mobileconfig"_L1,
         appleProfile(setup),
         u"iPhone, iPad, Mac: send it there (AirDrop, or a mail to yourself), open it, then "
         "install it in the settings under Profiles"_s},
        {base + setup.emailDomain() + ".xml"_L1,
         thunderbirdConfig(setup),
         u"Thunderbird: copy it to the folder isp where Thunderbird is installed, then set up an "
         "account with your address"_s}};
    if (!setup.authority.isNull()) {
        files.append({base + "postnook-ca.crt"_L1,
                      setup.authority.toPem(),
                      u"the authority, for everything else: import it where the program or the "
                      "phone keeps certificates"_s});
    }
    return files;
}

Result<void> writeFiles(const QList<OutputFile> &files, ExistingFile existing)
{
    const QString folder = QFileInfo(files.first().path).absolutePath();
    if (!QDir().mkpath(folder)) {
        return Error{ErrorCode::Unavailable, folder + ": the folder cannot be made"_L1};
    }
    for (const OutputFile &file : files) {
        if (const auto written = writeOutputFile(file.path, file.bytes, existing); !written) {
            return written;
        }
    }
    return {};
}

void printQrCode(const ClientSetup &setup)
{
    const auto code = QrCode::of(thunderbirdQrText(setup));
    if (!code) {
        return printMessage(code.error().text);
    }
    const Paint paint = blackOnWhite();
    printResult(u"Thunderbird on Android: choose \"Import settings\", then scan this code"_s);
    printResult(code->text(paint.before, paint.after).chopped(1));
}

// What a person should know before he believes the settings.
void printWarnings(const CommandLine &line, const ServerFacts &facts, const MailServer &server)
{
    if (isLoopbackOnly(facts.access.addresses)) {
        const QString config =
            line.configFile.isEmpty() ? QString() : u"--config \"%1\" "_s.arg(line.configFile);
        printMessage(
            u"The server listens to this computer alone: phones and other computers do not reach "
            "it. To change that, run: postnook %1config set \"bind-addr=0.0.0.0 ::\", then start "
            "the server again and run this once more."_s.arg(config));
    }
    const QSslCertificate &certificate = facts.served.chain.first();
    if (!isGoodFor(certificate, server.host)) {
        printMessage(
            facts.served.isOwn()
                ? u"The certificate is not made for %1, so mail programs will complain: "
                  "add it to cert-names in the settings, then start the server again."_s.arg(
                      server.host)
                : u"The certificate is not made for %1, so mail programs will complain. "
                  "It is good for %2."_s.arg(server.host, namesOf(certificate).join(u", "_s)));
    }
    for (const QString &warning :
         certificateWarnings(facts.served, QDateTime::currentDateTimeUtc())) {
        printMessage(warning);
    }
}

AskPerson personAtTerminal()
{
    if (!standardInputIsTerminal()) {
        return {};
    }
    return [](const QString &question) { return askLine(question); };
}

ExitCode setUp(const CommandLine &line, const ServerFacts &facts)
{
    const auto setup = makeSetup(line, facts, personAtTerminal());
    if (!setup) {
        fail(setup.error());
        return setup.error().code == ErrorCode::Invalid ? ExitCode::Usage
                                                        : exitCodeFor(setup.error());
    }
    const QString folder =
        line.options.value(u"output"_s, "postnook-"_L1 + asFileName(setup->incoming.user));
    const auto files = outputFiles(*setup, folder);
    const auto written =
        writeFiles(files, line.has(u"force"_s) ? ExistingFile::Replace : ExistingFile::Keep);
    if (!written) {
        fail(written.error());
        return ExitCode::CannotCreate;
    }
    printResult(setupText(*setup).chopped(1));
    printResult(u"Files, without passwords"_s);
    for (const OutputFile &file : files) {
        printResult(u"  %1\n    %2"_s.arg(QDir::toNativeSeparators(file.path), file.use));
    }
    if (!isLoopbackOnly(facts.access.addresses)) {
        printQrCode(*setup);
    }
    printWarnings(line, facts, setup->incoming);
    return ExitCode::Ok;
}

} // namespace

ExitCode runSetupClient(const CommandLine &line, const Settings &settings)
{
    const auto account = accountName(line.arguments.first());
    if (!account) {
        return fail(account.error());
    }
    const auto facts = askServer(settings, *account);
    return facts ? setUp(line, *facts) : fail(facts.error());
}

QString setupClientDetails()
{
    return uR"(Prints what a mail program has to be told to use the account, and writes files that tell it:

  postnook-ACCOUNT.mobileconfig   a profile for iPhone, iPad and Mac: account, servers, authority
  DOMAIN.xml                      settings that Thunderbird finds by the domain of your address
  postnook-ca.crt                 the authority of this server's certificate

Postnook does not send mail: your provider's server does, so the command asks for it, or takes it
from the options. No password is asked for or written; mail programs ask when they need one.

Thunderbird reads DOMAIN.xml from the folder isp of its program folder, which takes an
administrator: /usr/lib/thunderbird/isp on Linux, C:\Program Files\Mozilla Thunderbird\isp on
Windows, Thunderbird.app/Contents/Resources/isp on macOS. Whoever runs the web server of the domain
can serve it as https://autoconfig.DOMAIN/mail/config-v1.1.xml instead. As a snap or flatpak it
reads only the latter; type the settings in by hand there.

The QR code is for Thunderbird on Android. It is left out while the server listens to this computer
alone, for no phone would reach it.
)"_s;
}

} // namespace Postnook
