#include "app/commands/certcommand.h"

#include "app/commands/outputfile.h"
#include "app/commands/subcommandtable.h"
#include "app/control/controlrequest.h"
#include "app/settings/settings.h"
#include "app/setup/appleprofile.h"
#include "app/setup/certificatetext.h"
#include "app/terminal/console.h"

#include <QFileInfo>
#include <QJsonObject>

#include <optional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

enum class ExportFormat { Pem, Der, Mobileconfig };

std::optional<ExportFormat> formatNamed(const QString &name)
{
    if (name == "pem"_L1) {
        return ExportFormat::Pem;
    }
    if (name == "der"_L1) {
        return ExportFormat::Der;
    }
    return name == "mobileconfig"_L1 ? std::optional(ExportFormat::Mobileconfig) : std::nullopt;
}

ExportFormat formatByName(const QString &file)
{
    const QString suffix = QFileInfo(file).suffix().toLower();
    if (suffix == "mobileconfig"_L1) {
        return ExportFormat::Mobileconfig;
    }
    return suffix == "der"_L1 || suffix == "cer"_L1 ? ExportFormat::Der : ExportFormat::Pem;
}

QByteArray inFormat(const QSslCertificate &authority, ExportFormat format)
{
    switch (format) {
    case ExportFormat::Pem:
        return authority.toPem();
    case ExportFormat::Der:
        return authority.toDer();
    case ExportFormat::Mobileconfig:
        return appleTrustProfile(authority);
    }
    Q_UNREACHABLE();
}

Result<ServedCertificate>
ask(const Settings &settings, const QString &purpose, const QJsonObject &request)
{
    return performRequest(settings, purpose, request).and_then(servedCertificateFrom);
}

void print(const ServedCertificate &served)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    printResult(certificateText(served, now).chopped(1));
    for (const QString &warning : certificateWarnings(served, now)) {
        printMessage(warning);
    }
}

} // namespace

Result<ServedCertificate>
servedCertificate(const Settings &settings, const QString &purpose, MissingCertificate missing)
{
    return ask(
        settings,
        purpose,
        {{u"command"_s, u"cert.show"_s}, {u"make"_s, missing == MissingCertificate::IsMade}});
}

Result<QSslCertificate> authorityToTrust(const ServedCertificate &served)
{
    const QSslCertificate authority = served.authority();
    if (!authority.isNull()) {
        return authority;
    }
    return Error{ErrorCode::Invalid,
                 u"the certificate in %1 (cert-path) comes from '%2', whose own certificate is not "
                 "in that file; programs that know this authority need nothing, for others take "
                 "its certificate from where yours came from"_s.arg(
                     served.certPath, served.chain.last().issuerDisplayName())};
}

ExitCode runCertShow(const CommandLine &line, const Settings &settings)
{
    const auto served =
        servedCertificate(settings, line.command->name, MissingCertificate::IsError);
    if (!served) {
        return fail(served.error());
    }
    print(*served);
    return ExitCode::Ok;
}

ExitCode runCertRenew(const CommandLine &line, const Settings &settings)
{
    const auto renewed = ask(settings, line.command->name, {{u"command"_s, u"cert.renew"_s}});
    if (!renewed) {
        return fail(renewed.error());
    }
    print(*renewed);
    printMessage(renewed->madeCa
                     ? u"The authority is new too: mail programs have to be told to trust it, by "
                       "'postnook cert trust' here, by 'postnook cert export' elsewhere."_s
                     : u"Renewed, by the same authority: mail programs that trust it need "
                       "nothing."_s);
    return ExitCode::Ok;
}

ExitCode runCertExport(const CommandLine &line, const Settings &settings)
{
    const QString name = line.options.value(u"format"_s).toLower();
    const auto format = name.isEmpty() ? formatByName(line.arguments.first()) : formatNamed(name);
    if (!format) {
        printMessage(u"postnook: --format=%1: pem, der or mobileconfig is allowed"_s.arg(name));
        return ExitCode::Usage;
    }
    const auto served = servedCertificate(settings, line.command->name, MissingCertificate::IsMade);
    const auto authority =
        served ? authorityToTrust(*served) : Result<QSslCertificate>(served.error());
    if (!authority) {
        return fail(authority.error());
    }
    const QString path = line.arguments.first();
    const auto written =
        writeOutputFile(path,
                        inFormat(*authority, *format),
                        line.has(u"force"_s) ? ExistingFile::Replace : ExistingFile::Keep);
    if (!written) {
        fail(written.error());
        return ExitCode::CannotCreate;
    }
    printMessage(u"%1 holds the certificate of '%2', SHA-256 %3; nothing in it is secret."_s.arg(
        path, authority->subjectDisplayName(), fingerprintOf(*authority)));
    return ExitCode::Ok;
}

QString certExportDetails()
{
    return uR"(The file lets other computers and phones trust the certificates of this server: those to come
too, so that a renewal needs nothing. It holds no key. Without --format its name decides:

  .mobileconfig   a profile for iPhone, iPad and Mac. On an iPhone, turn it on after it is installed:
                  Settings, General, About, Certificate Trust Settings
  .der, .cer      the certificate in binary
  others          the certificate in PEM: Thunderbird, Android, mutt, mbsync, curl; as .crt also Windows
)"_s;
}

QString certRenewDetails()
{
    return uR"(The server does this by itself a month before the certificate ends, or when the names it is for
change. By the same authority, so that mail programs which trust that need nothing. A certificate that
you have from elsewhere (cert-path) is renewed where it came from.
)"_s;
}

} // namespace Postnook
