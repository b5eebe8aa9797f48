#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QString>

namespace Postnook
{

enum class RemoteSecurity {
    Tls, // from the first octet
    StartTls,
    None, // loopback only
};

// Where a remote account is, and how to get into it. The password stays out of all logs.
struct RemoteAccess {
    QString host;
    quint16 port = 0;
    QString user;
    QString password;
    RemoteSecurity security = RemoteSecurity::Tls;
    QString caFile; // PEM; empty: the system's authorities
    QByteArray fingerprint; // SHA-256 of the certificate, 32 octets; then nothing else counts

    QString shownHost() const; // "imap.example.org:993"
};

constexpr quint16 ImapsPort = 993;
constexpr quint16 ImapPort = 143;

// "AB:CD:…", with or without colons, in any case. Invalid otherwise.
Result<QByteArray> parseFingerprint(const QString &text);
// "localhost" or an address of this machine's own.
bool isLoopbackHost(const QString &host);

} // namespace Postnook
