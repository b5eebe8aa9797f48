#include "app/commands/mirroroptions.h"

#include "app/commands/commandline.h"
#include "app/commands/newpassword.h"
#include "app/commands/passwordfile.h"
#include "app/control/knownaccount.h"
#include "app/terminal/terminal.h"

#include <optional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

constexpr int MinInterval = 10; // below, a server would take it for an attack
constexpr int MaxInterval = 7 * 24 * 3600;
constexpr int MaxRetries = 100;
constexpr int DefaultRetries = 5; // with growing waits: about half a minute without the server

Error invalid(const QString &text)
{
    return {ErrorCode::Invalid, text};
}

Result<RemoteSecurity> securityFrom(const CommandLine &line)
{
    const QString text = line.options.value(u"security"_s, u"tls"_s);
    if (text == "tls"_L1) {
        return RemoteSecurity::Tls;
    }
    if (text == "starttls"_L1) {
        return RemoteSecurity::StartTls;
    }
    if (text == "none"_L1) {
        return RemoteSecurity::None;
    }
    return invalid(u"--security is tls, starttls or none, not '%1'"_s.arg(text));
}

Result<int> numberFrom(const CommandLine &line, const QString &name, int fallback, int maximum)
{
    if (!line.has(name)) {
        return fallback;
    }
    const QString text = line.options.value(name);
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    if (!isNumber || number < 0 || number > maximum) {
        return invalid(
            u"--%1 is a number from 0 to %2, not '%3'"_s.arg(name).arg(maximum).arg(text));
    }
    return number;
}

Result<QString> passwordFrom(const CommandLine &line, const RemoteAccess &remote)
{
    if (line.has(u"password-file"_s)) {
        return readPasswordFile(line.options.value(u"password-file"_s));
    }
    if (!standardInputIsTerminal()) {
        return invalid(u"there is no terminal to ask for the password; use --password-file=FILE"_s);
    }
    return askHidden(u"Password of %1 at %2: "_s.arg(remote.user, remote.host))
        .and_then(passwordFromLine);
}

Result<void> readTrust(const CommandLine &line, RemoteAccess *remote)
{
    remote->caFile = line.options.value(u"ca"_s);
    if (line.has(u"fingerprint"_s)) {
        const auto fingerprint = parseFingerprint(line.options.value(u"fingerprint"_s));
        if (!fingerprint) {
            return fingerprint.error();
        }
        remote->fingerprint = *fingerprint;
    }
    if (line.has(u"ca"_s) && line.has(u"fingerprint"_s)) {
        return invalid(u"--ca and --fingerprint together: one of them says whom to trust"_s);
    }
    if (remote->security == RemoteSecurity::None && !isLoopbackHost(remote->host)) {
        return invalid(
            u"--security=none is for this computer itself (localhost) only: the password "
            "would be readable on its way"_s);
    }
    return {};
}

Result<RemoteAccess> remoteFrom(const CommandLine &line, const QString &account)
{
    RemoteAccess remote;
    remote.host = line.options.value(u"host"_s);
    if (remote.host.isEmpty()) {
        return invalid(u"'mirror' needs the server: --host=NAME"_s);
    }
    remote.user = line.options.value(u"user"_s, account);
    const auto security = securityFrom(line);
    if (!security) {
        return security.error();
    }
    remote.security = *security;
    const int usual = remote.security == RemoteSecurity::Tls ? ImapsPort : ImapPort;
    const auto port = numberFrom(line, u"port"_s, usual, 65'535);
    if (!port) {
        return port.error();
    }
    remote.port = static_cast<quint16>(*port);
    if (const auto trust = readTrust(line, &remote); !trust) {
        return trust.error();
    }
    const auto password = passwordFrom(line, remote);
    if (!password) {
        return password.error();
    }
    remote.password = *password;
    return remote;
}

} // namespace

Result<int> parseInterval(const QString &text)
{
    const QString unit = text.right(1);
    const int factor = unit == "s"_L1 ? 1 : unit == "m"_L1 ? 60 : unit == "h"_L1 ? 3600 : 0;
    bool isNumber = false;
    const int number = text.chopped(factor > 0 ? 1 : 0).toInt(&isNumber);
    const qint64 seconds = qint64(number) * factor;
    if (factor == 0 || !isNumber || seconds < MinInterval || seconds > MaxInterval) {
        return invalid(
            u"--every is a time like 90s, 15m or 2h, from 10s to 168h, not '%1'"_s.arg(text));
    }
    return static_cast<int>(seconds);
}

Result<MirrorOptions> mirrorOptionsFrom(const CommandLine &line)
{
    MirrorOptions options;
    MirrorRequest &request = options.request;
    const auto account = accountName(line.arguments.first());
    if (!account) {
        return account.error();
    }
    request.account = *account;
    request.choice = {line.values(u"mailbox"_s), line.values(u"exclude"_s)};
    request.mode = {line.has(u"delete"_s), line.has(u"dry-run"_s)};
    if (line.has(u"below"_s)) {
        const auto naming = MailboxNaming::below(line.options.value(u"below"_s));
        if (!naming) {
            return naming.error();
        }
        request.naming = *naming;
    }
    if (line.has(u"every"_s)) {
        const auto every = parseInterval(line.options.value(u"every"_s));
        if (!every) {
            return every.error();
        }
        options.everySeconds = *every;
    }
    const auto retries = numberFrom(line, u"retries"_s, DefaultRetries, MaxRetries);
    if (!retries) {
        return retries.error();
    }
    request.retries = *retries;
    const auto remote = remoteFrom(line, request.account);
    if (!remote) {
        return remote.error();
    }
    request.remote = *remote;
    return options;
}

} // namespace Postnook
