#include "app/commands/accountcommand.h"

#include "app/commands/newpassword.h"
#include "app/commands/passwordfile.h"
#include "app/commands/settingsfile.h"
#include "app/commands/subcommandtable.h"
#include "app/control/controlprotocol.h"
#include "app/control/controlrequest.h"
#include "app/control/datafolder.h"
#include "app/control/knownaccount.h"
#include "app/terminal/console.h"
#include "core/auth/scram.h"

#include <QJsonArray>
#include <QRandomGenerator>

#include <array>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr auto SaltWords = Auth::SaltBytes / 4;

QByteArray randomSalt()
{
    std::array<quint32, SaltWords> words{};
    QRandomGenerator::system()->fillRange(words.data(), SaltWords);
    return {reinterpret_cast<const char *>(words.data()), sizeof(words)};
}

Result<int> iterationsOf(const CommandLine &line, const Settings &settings)
{
    if (!line.has(u"iterations"_s)) {
        return settings.imap.scramIterations;
    }
    const QString value = line.options.value(u"iterations"_s);
    const int iterations = value.toInt();
    if (iterations < Auth::MinIterations || iterations > Auth::MaxIterations) {
        return Error{ErrorCode::Invalid,
                     u"--iterations=%1: a number from %2 to %3 is allowed"_s.arg(value)
                         .arg(Auth::MinIterations)
                         .arg(Auth::MaxIterations)};
    }
    return iterations;
}

Result<QString> newPassword(const CommandLine &line, const QString &account)
{
    if (line.has(u"password-stdin"_s)) {
        return readPasswordFromStdin();
    }
    if (line.has(u"password-file"_s)) {
        return readPasswordFile(line.options.value(u"password-file"_s));
    }
    return askNewPassword(account);
}

// Derived here, so that the password never leaves this process.
Result<QJsonObject>
newCredentials(const CommandLine &line, const Settings &settings, const QString &account)
{
    const auto iterations = iterationsOf(line, settings);
    if (!iterations) {
        return iterations.error();
    }
    const auto password = newPassword(line, account);
    if (!password) {
        return password.error();
    }
    return Auth::deriveCredentials(*password, randomSalt(), *iterations)
        .transform(ControlProtocol::toJson);
}

// Sends the command's own request about the account, and says how it went.
ExitCode perform(const CommandLine &line,
                 const Settings &settings,
                 QJsonObject request,
                 const QString &success)
{
    const QString command = line.command->name;
    request.insert("command"_L1, QString(command).replace(u' ', u'.'));
    const auto reply = performRequest(settings, command, request);
    if (!reply) {
        return fail(reply.error());
    }
    printMessage(success.arg(reply->value("name"_L1).toString()));
    return ExitCode::Ok;
}

ExitCode setPassword(const CommandLine &line,
                     const Settings &settings,
                     const Result<QString> &name,
                     const QString &success)
{
    if (!name) {
        return fail(name.error());
    }
    const auto credentials = newCredentials(line, settings, *name);
    if (!credentials) {
        return fail(credentials.error());
    }
    return perform(line, settings, {{u"name"_s, *name}, {u"credentials"_s, *credentials}}, success);
}

} // namespace

ExitCode runAccountAdd(const CommandLine &line)
{
    const auto settings = usableSettings(loadSettingsFor(line));
    if (!settings) {
        return ExitCode::Config;
    }
    if (const auto folder = ensureDataFolder(settings->dataDir); !folder) {
        fail(folder.error());
        return ExitCode::CannotCreate;
    }
    return setPassword(
        line, *settings, newAccountName(line.arguments.first()), u"The account '%1' is ready."_s);
}

ExitCode runAccountPasswd(const CommandLine &line, const Settings &settings)
{
    return setPassword(line,
                       settings,
                       accountName(line.arguments.first()),
                       u"The account '%1' has a new password."_s);
}

ExitCode runAccountList(const CommandLine &line, const Settings &settings)
{
    const auto reply =
        performRequest(settings, line.command->name, {{u"command"_s, u"account.list"_s}});
    if (!reply) {
        return fail(reply.error());
    }
    const auto names = reply->value("accounts"_L1).toArray();
    for (const auto &name : names) {
        printResult(name.toString());
    }
    return ExitCode::Ok;
}

ExitCode runAccountRemove(const CommandLine &line, const Settings &settings)
{
    const auto name = accountName(line.arguments.first());
    if (!name) {
        return fail(name.error());
    }
    const bool purge = line.has(u"purge"_s);
    return perform(line,
                   settings,
                   {{u"name"_s, *name}, {u"purge"_s, purge}},
                   purge ? u"The account '%1' and its mail are gone."_s
                         : u"The account '%1' is removed; its mail is kept."_s);
}

QString accountAddDetails()
{
    return uR"(Asks for the password twice, unless one of the options says where it comes from. The name is what
people type into their mail program as the user name. The account begins with INBOX, Drafts, Sent, Junk,
Trash and Archive. An account that was removed, and whose mail was kept, comes back with it.
)"_s;
}

QString accountPasswdDetails()
{
    return uR"(Asks for the new password twice, unless one of the options says where it comes from. Mail programs
that are connected are sent away, and have to be told the new one.
)"_s;
}

QString accountRemoveDetails()
{
    return uR"(Mail programs that are connected are sent away. The mail stays on the disk, where nobody sees it, and
'postnook account add' with the same name brings it back; with --purge it is deleted for good, which
nothing undoes but a backup.
)"_s;
}

} // namespace Postnook
