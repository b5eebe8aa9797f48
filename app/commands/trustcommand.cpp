#include "app/commands/trustcommand.h"

#include "app/commands/certcommand.h"
#include "app/commands/subcommandtable.h"
#include "app/settings/settings.h"
#include "app/setup/certificatetext.h"
#include "app/setup/trustplan.h"
#include "app/terminal/console.h"
#include "app/terminal/terminal.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// A repeated step ends by itself; this is for a program that lies about its success.
constexpr auto MostRepetitions = 10;

QString findCertutil()
{
#ifdef Q_OS_WIN
    // Not by the PATH, where NSS's program of the same name may come first.
    return qEnvironmentVariable("SystemRoot", u"C:\\Windows"_s) + u"\\System32\\certutil.exe"_s;
#else
    return QStandardPaths::findExecutable(u"certutil"_s);
#endif
}

// With the files that the steps read.
Result<TrustSurroundings> prepare(const QTemporaryDir &folder, const QSslCertificate &authority)
{
    TrustSurroundings around;
    around.system = thisSystem();
    around.home = QDir::homePath();
    around.certutil = findCertutil();
    around.authorityName = authority.subjectDisplayName();
    around.sha1 = QString::fromLatin1(authority.digest(QCryptographicHash::Sha1).toHex());
    if (around.system == TrustSystem::Linux) {
        around.profiles = mailProfiles(around.home);
        around.systemStore = systemStoreBelow({});
    }
    around.authorityFile = folder.filePath(u"postnook-ca.crt"_s);
    around.noPassword = folder.filePath(u"empty"_s);
    for (const auto &[path, bytes] : {std::pair(around.authorityFile, authority.toPem()),
                                      std::pair(around.noPassword, QByteArray())}) {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
            return Error{ErrorCode::Unavailable,
                         path + ": cannot be written: "_L1 + file.errorString()};
        }
    }
    return around;
}

// What the program said when it failed; nothing when it did its work.
std::optional<QString> runOnce(const TrustStep &step)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(step.program, step.arguments);
    // No time limit: macOS and Windows ask the person in a window.
    if (!process.waitForFinished(-1)) {
        return process.errorString();
    }
    if (process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0) {
        return {};
    }
    return QString::fromLocal8Bit(process.readAll()).trimmed();
}

std::optional<QString> runStep(const TrustStep &step)
{
    auto trouble = runOnce(step);
    if (!step.isRepeated || trouble) {
        return trouble;
    }
    for (int i = 1; i < MostRepetitions && !runOnce(step); ++i) { }
    return {};
}

// Only what was told can forget.
void keepProfilesThatTrust(TrustSurroundings *around)
{
    if (around->certutil.isEmpty()) {
        return; // a person will have to look
    }
    around->profiles.removeIf([around](const MailProfile &profile) {
        return runOnce(lookUpStep(*around, profile)).has_value();
    });
}

void printPlan(const TrustPlan &plan, const QString &what)
{
    printMessage(plan.steps.isEmpty()
                     ? u"There is no mail program here that this could be done for."_s
                     : what);
    for (const TrustStep &step : plan.steps) {
        printMessage(u"  "_s + step.what);
        printMessage(u"    "_s + step.program + u' ' + step.arguments.join(u' '));
    }
}

ExitCode runSteps(const TrustPlan &plan, const QString &success)
{
    ExitCode code = ExitCode::Ok;
    for (const TrustStep &step : plan.steps) {
        if (const auto trouble = runStep(step)) {
            printMessage(u"postnook: %1: this failed: %2"_s.arg(step.what, *trouble));
            if (!step.instead.isEmpty()) {
                printMessage(step.instead);
            }
            code = ExitCode::OsError;
        } else {
            printResult(success.arg(step.what));
        }
    }
    if (!plan.steps.isEmpty()) {
        printMessage(u"Mail programs that run now have to be started again."_s);
    }
    return code;
}

bool mayRun(const CommandLine &line, const TrustPlan &plan)
{
    if (plan.steps.isEmpty() || line.has(u"yes"_s)) {
        return true;
    }
    return standardInputIsTerminal() && askYes(u"Shall this be done?"_s);
}

ExitCode carryOut(const CommandLine &line, const QSslCertificate &authority)
{
    const bool isRemoving = line.has(u"remove"_s);
    const QTemporaryDir folder;
    auto around = prepare(folder, authority);
    if (!around) {
        return fail(around.error());
    }
    if (isRemoving) {
        keepProfilesThatTrust(&*around);
    }
    const TrustPlan plan = trustPlan(isRemoving ? TrustAction::Remove : TrustAction::Add, *around);
    printMessage(u"The authority is '%1', SHA-256 %2."_s.arg(authority.subjectDisplayName(),
                                                             fingerprintOf(authority)));
    printPlan(plan,
              isRemoving ? u"It is taken out of:"_s
                         : u"Its certificates are accepted from then on in:"_s);
    ExitCode code = ExitCode::Ok;
    if (mayRun(line, plan)) {
        code = runSteps(plan, isRemoving ? u"Taken out of %1."_s : u"Accepted in %1."_s);
    } else if (standardInputIsTerminal()) {
        printMessage(u"Nothing was changed."_s);
    } else {
        printMessage(u"postnook: nothing was changed, for there is no terminal to ask at; --yes "
                     "says that it shall be done"_s);
        code = ExitCode::Usage;
    }
    for (const QString &hint : plan.byHand) {
        printMessage(hint);
    }
    return code;
}

} // namespace

ExitCode runCertTrust(const CommandLine &line, const Settings &settings)
{
    const auto served = servedCertificate(settings, line.command->name, MissingCertificate::IsMade);
    const auto authority =
        served ? authorityToTrust(*served) : Result<QSslCertificate>(served.error());
    return authority ? carryOut(line, *authority) : fail(authority.error());
}

QString certTrustDetails()
{
    return uR"(Makes the mail programs of this computer accept the certificates of this server, without
administrator rights and for you alone: on Windows by your list of root authorities, on macOS by
your login keychain (both ask you in a window), on Linux by the profiles of Thunderbird and
SeaMonkey, for which NSS's certutil is needed. It shows what it is about to do and asks first. What
takes an administrator is printed as commands to copy.
)"_s;
}

} // namespace Postnook
