#include "app/settings/settingkeys.h"

#include "app/settings/nearestname.h"

#include <QMap>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace Postnook
{

namespace
{

constexpr qint64 KiB = 1024;
constexpr qint64 MiB = 1024 * KiB;
constexpr qint64 GiB = 1024 * MiB;
constexpr qint64 TiB = 1024 * GiB;
constexpr qint64 Second = 1000;
constexpr qint64 Hour = 3600 * Second;
constexpr qint64 Day = 24 * Hour;
constexpr qint64 Year = 365 * Day;
constexpr qint64 MostInt = std::numeric_limits<int>::max();

QList<SettingKey> makeTable()
{
    using Group = SettingGroup;
    using Syntax = SettingSyntax;
    using Effect = SettingEffect;

    return {
        {"bind-addr"_L1,
         Group::Listening,
         Syntax::Addresses,
         Effect::AfterRestart,
         [](Settings &s) { return &s.bindAddresses; },
         "The addresses to listen on, separated by spaces. 127.0.0.1 and ::1 are this computer "
         "alone; 0.0.0.0 is every IPv4 address and :: every IPv6 address of this computer, so that "
         "other devices reach it too. Where the key is absent it is 0.0.0.0."_L1},
        {"bind-port"_L1,
         Group::Listening,
         Syntax::Port,
         Effect::AfterRestart,
         [](Settings &s) { return &s.bindPort; },
         "The port that begins in the clear and turns to TLS with STARTTLS. 0 picks a free one and "
         "says which; empty turns this port off."_L1},
        {"bind-port-tls"_L1,
         Group::Listening,
         Syntax::Port,
         Effect::AfterRestart,
         [](Settings &s) { return &s.bindPortTls; },
         "The port that speaks TLS from the first byte on. 0 picks a free one and says which; "
         "empty turns this port off. One of the two ports must be on."_L1},
        {"lmtp-port"_L1,
         Group::Listening,
         Syntax::Port,
         Effect::AfterRestart,
         [](Settings &s) { return &s.lmtpPort; },
         "Where a mail server on this computer, such as Postfix, may bring mail by LMTP: on "
         "127.0.0.1, whatever bind-addr says. It needs no password: every program on this computer "
         "can put mail into any account. 0 picks a free one and says which; empty is off."_L1},
        {"allow-plaintext-auth"_L1,
         Group::Listening,
         Syntax::Boolean,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.allowPlaintextAuth; },
         "Whether programs on this very computer may log in without TLS. For tests and tunnels. "
         "From other computers no password is ever taken without TLS."_L1},

        {"cert-path"_L1,
         Group::Certificate,
         Syntax::File,
         Effect::AtOnce,
         [](Settings &s) { return &s.certPath; },
         "The TLS certificate, a PEM file with the server's own first and the rest of its chain "
         "after it. When empty, the server makes one and renews it, in the folder tls of "
         "data-dir. A changed file is taken up without a restart."_L1},
        {"key-path"_L1,
         Group::Certificate,
         Syntax::File,
         Effect::AtOnce,
         [](Settings &s) { return &s.keyPath; },
         "The private key of that certificate, a PEM file without a pass phrase; RSA or EC. It "
         "may be the same file. Set both keys or none."_L1},
        {"cert-names"_L1,
         Group::Certificate,
         Syntax::Names,
         Effect::AtOnce,
         [](Settings &s) { return &s.certNames; },
         "Further names that mail programs use for this server: host names and IP addresses, "
         "separated by spaces, such as mail.example.org 203.0.113.7. The certificate that the "
         "server makes itself is good for localhost, the name of this computer, that with .local, "
         "and the addresses of the local network that bind-addr lets in, anyway."_L1},

        {"data-dir"_L1,
         Group::Files,
         Syntax::Folder,
         Effect::AfterRestart,
         [](Settings &s) { return &s.dataDir; },
         "The folder of all mail, accounts and the server's own certificate. One server at a time "
         "uses it; it belongs on a local disk. A relative path begins at the folder of this "
         "file; ~/ is the home folder. Backslashes are taken as they are."_L1},

        {"log-level"_L1,
         Group::Log,
         Syntax::Level,
         Effect::AtOnce,
         [](Settings &s) { return &s.logLevel; },
         "What the log prints; each level prints what the ones before it print, and more.\n"
         "error: what keeps the server from working, such as a disk that cannot be written.\n"
         "warn: what went wrong and may need a look, such as a certificate that expires.\n"
         "info: start and end, the addresses listened on, each login and each refused one.\n"
         "debug: each connection, and each command with its name, result and time.\n"
         "trace: each line of the protocol and each database statement.\n"
         "No level prints a password or the text of a message."_L1},
        {"log-file"_L1,
         Group::Log,
         Syntax::File,
         Effect::AfterRestart,
         [](Settings &s) { return &s.logFile; },
         "The file that the log goes to. When empty, it goes to the terminal (standard error) or, "
         "as a service of systemd, to the journal: journalctl --user -u postnook. A server that "
         "was started with --background and has neither writes to ~/.local/state/postnook on "
         "Linux, ~/Library/Logs/Postnook on macOS, and %LOCALAPPDATA%\\Postnook\\log on Windows."_L1},
        {"log-file-size"_L1,
         Group::Log,
         Syntax::Size,
         Effect::AfterRestart,
         [](Settings &s) { return &s.logFileBytes; },
         "A log file that is as large as this gets the end .1, the one of that name .2, and so on."_L1,
         64 * KiB,
         GiB},
        {"log-file-count"_L1,
         Group::Log,
         Syntax::Count,
         Effect::AfterRestart,
         [](Settings &s) { return &s.logFileCount; },
         "So many log files are kept, the one in use included; older ones are deleted."_L1,
         2,
         1000},

        {"undelete-retention"_L1,
         Group::Mail,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.storage.undeleteRetentionSeconds; },
         "How long a deleted message is kept in full, so that it can be brought back."_L1,
         0,
         100 * Year,
         Second},
        {"purge-trash-after"_L1,
         Group::Mail,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.purgeTrashAfterSeconds; },
         "How long a message may lie in the trash, as in 30d, before the server deletes it by "
         "itself; 0: for ever. It counts from when the message came there. Folders inside the "
         "trash are left alone. What is deleted so can be brought back like all else."_L1,
         0,
         100 * Year,
         Second},
        {"purge-junk-after"_L1,
         Group::Mail,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.purgeJunkAfterSeconds; },
         "The same for the junk folder."_L1,
         0,
         100 * Year,
         Second},
        {"sync-history"_L1,
         Group::Mail,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.storage.syncHistorySeconds; },
         "How long the number of a deleted message is remembered, so that a mail program that was "
         "away catches up quickly."_L1,
         0,
         100 * Year,
         Second},
        {"search-index"_L1,
         Group::Mail,
         Syntax::Boolean,
         Effect::AfterRestart,
         [](Settings &s) { return &s.searchIndex; },
         "Whether an index of all text is kept, which finds any part of a word at once. It is made "
         "in the background, takes about as much room as the text of the mail, and holds nothing "
         "that the mail does not: deleting the file search.db of an account is safe. Without it "
         "each search reads all messages."_L1},
        {"low-disk-warning"_L1,
         Group::Mail,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.storage.lowDiskBytes; },
         "With less room than this on the disk of data-dir, or less than a twentieth of a small "
         "one, mail programs show a warning and the search index stops growing."_L1,
         0,
         TiB},
        {"disk-reserve"_L1,
         Group::Mail,
         Syntax::Size,
         Effect::AfterRestart,
         [](Settings &s) { return &s.storage.diskReserveBytes; },
         "Room that is kept in data-dir, in the file reserve, at most a thirty-second of the disk. "
         "It is given up when the disk is full, so that mail can still be read, deleted and moved. "
         "New mail is refused from then on until there is room again."_L1,
         0,
         TiB},
        {"backup-folder"_L1,
         Group::Mail,
         Syntax::FolderOrNone,
         Effect::AtOnce,
         [](Settings &s) { return &s.backupFolder; },
         "Where the server saves all accounts by itself, best on another disk; empty for nowhere. "
         "It is what the command 'postnook backup' makes, and 'postnook restore' brings back."_L1},
        {"backup-every"_L1,
         Group::Mail,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.backupEverySeconds; },
         "How often. When the computer was off at the time, at the next start."_L1,
         Hour,
         Year,
         Second},
        {"backup-keep"_L1,
         Group::Mail,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.backupKeep; },
         "So many backups of each account stay."_L1,
         1,
         10'000},
        {"worker-pool-size"_L1,
         Group::Mail,
         Syntax::Count,
         Effect::AfterRestart,
         [](Settings &s) { return &s.storage.workers; },
         "Threads for work on disk and for passwords. The default is the number of processor "
         "cores."_L1,
         1,
         256},
        {"password-iterations"_L1,
         Group::Mail,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.scramIterations; },
         "How often a new password is hashed (RFC 7677). More makes a stolen "
         "database harder to guess and each login slower."_L1,
         4096,
         10'000'000},
        {"hide-capabilities"_L1,
         Group::Mail,
         Syntax::Capabilities,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.hiddenCapabilities; },
         "What is not announced to the mail programs of an account, for one that has a bug with "
         "it: an account, a colon, capabilities with commas between them; then a semicolon and the "
         "next account. The account * is everybody, as in: ann: IDLE, MOVE; *: REPLACE.\n"
         "What needs a hidden one is hidden with it."_L1},

        {"max-request-size"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.maxRequestSize; },
         "The largest message that is taken, more exactly: all literals of one command together. "
         "Mail programs are told it as APPENDLIMIT."_L1,
         64 * KiB,
         4 * GiB},
        {"max-line-size"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.lineBytes; },
         "The longest line of a command after login, without literals."_L1,
         KiB,
         16 * MiB},
        {"max-line-size-before-login"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.lineBytesBeforeLogin; },
         "The longest line of a command before login."_L1,
         KiB,
         MiB},
        {"max-literal-size"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.literalBytes; },
         "The largest literal after login that is no message."_L1,
         KiB,
         GiB},
        {"max-literal-size-before-login"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.literalBytesBeforeLogin; },
         "The largest literal before login, such as a password."_L1,
         KiB,
         MiB},
        {"max-command-literals-size"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.allLiteralBytes; },
         "All literals of one command after login together, messages aside."_L1,
         KiB,
         GiB},
        {"max-command-literals-size-before-login"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.allLiteralBytesBeforeLogin; },
         "All literals of one command before login together."_L1,
         KiB,
         MiB},
        {"max-bad-commands"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.badCommands; },
         "So many senseless commands in a row end a connection after login."_L1,
         1,
         MostInt},
        {"max-bad-commands-before-login"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.badCommandsBeforeLogin; },
         "So many senseless commands end a connection before login."_L1,
         1,
         MostInt},
        {"max-login-failures"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.loginFailures; },
         "So many failed logins end a connection."_L1,
         1,
         MostInt},
        {"max-connections"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.maxSessions; },
         "Connections at the same time, all together."_L1,
         1,
         1'000'000},
        {"max-connections-before-login"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.maxSessionsNotLoggedIn; },
         "Connections at the same time that have not logged in."_L1,
         1,
         1'000'000},
        {"max-connections-before-login-per-address"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.maxSessionsNotLoggedInPerAddress; },
         "The same from one address. This computer itself is exempt."_L1,
         1,
         1'000'000},
        {"max-connections-per-account"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.maxSessionsPerAccount; },
         "Connections at the same time of one account."_L1,
         1,
         1'000'000},
        {"max-tls-handshakes"_L1,
         Group::Limits,
         Syntax::Count,
         Effect::AtOnce,
         [](Settings &s) { return &s.maxTlsHandshakes; },
         "TLS handshakes at the same time on each address; further ones wait."_L1,
         1,
         10'000},
        {"output-buffer-size"_L1,
         Group::Limits,
         Syntax::Size,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.outputMarkBytes; },
         "With so much waiting for a slow mail program, its answer is not produced further until "
         "it has read some."_L1,
         16 * KiB,
         64 * MiB},

        {"login-timeout"_L1,
         Group::Timeouts,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.loginTimeoutMs; },
         "A connection must log in within this time."_L1,
         Second,
         Day},
        {"idle-timeout"_L1,
         Group::Timeouts,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.idleTimeoutMs; },
         "A connection that sends no command for so long is ended, IDLE aside. RFC 9051 asks for "
         "30 minutes at least."_L1,
         Second,
         7 * Day},
        {"send-timeout"_L1,
         Group::Timeouts,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.imap.sendTimeoutMs; },
         "A connection that takes nothing of its answer for so long is ended."_L1,
         Second,
         Day},
        {"tls-handshake-timeout"_L1,
         Group::Timeouts,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.tlsHandshakeTimeoutMs; },
         "A TLS handshake must be complete within this time."_L1,
         Second,
         Hour},
        {"shutdown-timeout"_L1,
         Group::Timeouts,
         Syntax::Duration,
         Effect::AtOnce,
         [](Settings &s) { return &s.shutdownTimeoutMs; },
         "When the server is told to end, commands in progress have so long to complete."_L1,
         0,
         Hour},
    };
}

} // namespace

const QList<SettingKey> &settingKeys()
{
    static const QList<SettingKey> table = makeTable();
    return table;
}

const SettingKey *findSettingKey(QStringView name)
{
    const auto &keys = settingKeys();
    const auto found = std::find_if(keys.cbegin(), keys.cend(), [name](const SettingKey &key) {
        return name.compare(key.name, Qt::CaseInsensitive) == 0;
    });
    return found == keys.cend() ? nullptr : &*found;
}

QString nearestSettingKey(const QString &name)
{
    // What other servers call it, and people.
    static const QMap<QString, QString> otherNames{
        {u"listen"_s, u"bind-addr"_s},
        {u"address"_s, u"bind-addr"_s},
        {u"host"_s, u"bind-addr"_s},
        {u"interface"_s, u"bind-addr"_s},
        {u"port"_s, u"bind-port"_s},
        {u"imap-port"_s, u"bind-port"_s},
        {u"tls-port"_s, u"bind-port-tls"_s},
        {u"ssl-port"_s, u"bind-port-tls"_s},
        {u"imaps-port"_s, u"bind-port-tls"_s},
        {u"cert"_s, u"cert-path"_s},
        {u"certificate"_s, u"cert-path"_s},
        {u"ssl-cert"_s, u"cert-path"_s},
        {u"tls-cert"_s, u"cert-path"_s},
        {u"key"_s, u"key-path"_s},
        {u"private-key"_s, u"key-path"_s},
        {u"ssl-key"_s, u"key-path"_s},
        {u"tls-key"_s, u"key-path"_s},
        {u"mail-dir"_s, u"data-dir"_s},
        {u"mail-location"_s, u"data-dir"_s},
        {u"verbosity"_s, u"log-level"_s},
        {u"retention"_s, u"undelete-retention"_s},
        {u"threads"_s, u"worker-pool-size"_s},
        {u"workers"_s, u"worker-pool-size"_s},
        {u"timeout"_s, u"idle-timeout"_s},
    };
    const QString other = otherNames.value(name.toLower());
    if (!other.isEmpty()) {
        return other;
    }
    QStringList names;
    for (const SettingKey &key : settingKeys()) {
        names.append(key.name);
    }
    const QString nearest = nearestName(name, names);
    return nearest.isEmpty() ? otherNames.value(nearestName(name, otherNames.keys(), 1)) : nearest;
}

} // namespace Postnook
