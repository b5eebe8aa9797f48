#pragma once

#include "app/settings/logging.h"
#include "core/session/imapoptions.h"
#include "storage/store.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace Postnook
{

// Everything a person can set, as plain values. The member initialisers here, in ImapOptions and
// in StorageOptions are the defaults; defaultSettings() adds those that the machine decides, and
// what a server does about a full disk.
// Each member has one row in the table of settingkeys.cpp.
struct Settings {
    QStringList bindAddresses{QStringLiteral("0.0.0.0")}; // valid IP addresses, no duplicates
    std::optional<quint16> bindPort = 143; // empty: off; 0: any free port
    std::optional<quint16> bindPortTls = 993; // the same; never both off
    std::optional<quint16> lmtpPort; // of this machine only; the same
    QString certPath; // both empty: the server's own certificate, in data-dir/tls
    QString keyPath;
    QStringList certNames; // for that one, beside what it holds anyway: host names and addresses
    LogLevel logLevel = LogLevel::Info;
    QString logFile; // empty: standard error, or defaultLogFile() in the background
    qint64 logFileBytes = 10LL * 1024 * 1024; // of one of
    int logFileCount = 5; // these files
    QString dataDir; // absolute
    int tlsHandshakeTimeoutMs = 10'000;
    int maxTlsHandshakes = 16; // open at once, the rest waits
    int shutdownTimeoutMs = 4'000; // for sessions to end after SIGTERM

    // max-request-size, allow-plaintext-auth, limits and timeouts of sessions
    ImapOptions imap;
    // worker-pool-size (never 0 here), retention
    StorageOptions storage;
    bool searchIndex = true; // see storageOptions()
    qint64 purgeTrashAfterSeconds = 0; // 0: never
    qint64 purgeJunkAfterSeconds = 0;
    // The backups that the server makes by itself.
    QString backupFolder; // absolute; empty: none
    qint64 backupEverySeconds = 86'400;
    int backupKeep = 7; // of each account
};

// What Storage::open() is to be given: `storage`, with what the search index is made of.
StorageOptions storageOptions(const Settings &settings);

// With data-dir and the number of workers of this machine.
Settings defaultSettings();

// Where the platform keeps them, e.g. ~/.local/share/postnook and ~/.config/postnook/postnook.ini.
QString defaultDataDir();
QString defaultConfigPath();
// The log of a server in the background, where no journal takes it:
// ~/.local/state/postnook/postnook.log, ~/Library/Logs/Postnook/postnook.log,
// %LOCALAPPDATA%\Postnook\log\postnook.log.
QString defaultLogFile();

} // namespace Postnook
