#pragma once

#include "app/settings/hostname.h"

#include <QSslCertificate>
#include <QString>

#include <optional>

namespace Postnook
{

enum class ConnectionSecurity { Tls, StartTls, None };

// One server as a mail program has to be told of it. No password.
struct MailServer {
    QString host; // as serverName() gives it
    quint16 port = 0;
    ConnectionSecurity security = ConnectionSecurity::Tls;
    QString user;
};

// Everything a mail program wants to know of an account. The texts have no control characters.
struct ClientSetup {
    MailServer incoming; // IMAP: this server
    std::optional<quint16> otherPort; // of this server, with STARTTLS where `incoming` has TLS
    MailServer outgoing; // SMTP: the person's provider; Postnook does not send
    QString fullName;
    QString emailAddress; // with a domain that asciiHostName() takes
    QString fingerprint; // of this server's certificate, SHA-256
    QSslCertificate authority; // to be trusted; null: nothing has to be

    // "Postnook (alice)"
    QString title() const { return QStringLiteral("Postnook (%1)").arg(incoming.user); }
    QString emailDomain() const { return asciiHostName(emailAddress.section(u'@', -1)); }
};

} // namespace Postnook
