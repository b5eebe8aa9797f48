#pragma once

#include <QByteArrayList>
#include <QHash>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

namespace Postnook
{

// Capabilities that are not announced, to get on with a client that has a bug.
struct HiddenCapabilities {
    QHash<QString, QByteArrayList> byAccount; // account's name, case-folded -> names in upper case
    QByteArrayList forAll;

    // For an account; before login (no name) only what is hidden from all.
    QByteArrayList of(const QString &accountName) const
    {
        return forAll + byAccount.value(accountName.toCaseFolded());
    }

    friend bool operator==(const HiddenCapabilities &, const HiddenCapabilities &) = default;
};

// Everything about IMAP sessions that a person can set. Plain values, in the units of the names;
// app/settings fills it. The defaults are those of the design (reliability notes, section 3).
struct ImapOptions {
    quint64 maxRequestSize = 52'428'800; // all literals of one command together; APPENDLIMIT
    bool allowPlaintextAuth = false; // LOGIN and AUTH= without TLS, to loopback peers only

    HiddenCapabilities hiddenCapabilities;

    int lineBytesBeforeLogin = 32 * 1024; // the longest ID fits (RFC 2971 3.3)
    int lineBytes = 64 * 1024;
    quint64 literalBytesBeforeLogin = 4'096;
    quint64 literalBytes = 1'048'576; // one literal that is no message
    quint64 allLiteralBytesBeforeLogin = 16'384;
    quint64 allLiteralBytes = 4'194'304;
    int badCommandsBeforeLogin = 3; // then BYE
    int badCommands = 20; // in a row, then BYE
    int loginFailures = 3; // of one connection, then BYE

    int loginTimeoutMs = 60'000;
    int idleTimeoutMs = 30 * 60'000; // without a whole command; IDLE excepted
    int sendTimeoutMs = 5 * 60'000; // output waits and the client takes nothing

    int maxSessions = 4000;
    int maxSessionsNotLoggedIn = 200;
    int maxSessionsNotLoggedInPerAddress = 20; // loopback exempt
    int maxSessionsPerAccount = 200;

    qint64 outputMarkBytes = 262'144; // the producer pauses above
    int scramIterations = 65'536; // Auth::DefaultIterations; of new accounts

    // Changes this close to each other are told together. Nobody sees such a delay, and a client
    // that watches is written to twenty times a second at most.
    int mergeWindowMs = 50;
    // Of NOTIFY, waiting for a client that does not read or whose command runs; more are an
    // overflow (RFC 5465 5.8).
    int maxNotifications = 1000;

    // Injected in tests; empty: the system's.
    std::function<qint64()> nowUtc; // seconds since 1970
    std::function<qint64()> monotonicMs;
    std::function<QByteArray(int)> randomBytes;
    std::function<void(int, QObject *, std::function<void()>)> after; // Pacing::after
};

} // namespace Postnook
