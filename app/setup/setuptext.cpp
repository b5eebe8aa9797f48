#include "app/setup/setuptext.h"

#include "app/setup/certificatetext.h"
#include "app/terminal/texttable.h"

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString inWords(ConnectionSecurity security)
{
    switch (security) {
    case ConnectionSecurity::Tls:
        return u"SSL/TLS"_s;
    case ConnectionSecurity::StartTls:
        return u"STARTTLS"_s;
    case ConnectionSecurity::None:
        return u"none"_s;
    }
    Q_UNREACHABLE();
}

TextTable tableOf(const MailServer &server)
{
    TextTable table(u"ll"_s);
    table.add({u"server"_s, server.host});
    table.add({u"port"_s, QString::number(server.port)});
    table.add({u"security"_s, inWords(server.security)});
    table.add({u"user name"_s, server.user});
    return table;
}

} // namespace

QString setupText(const ClientSetup &setup)
{
    TextTable person(u"ll"_s);
    person.add({u"name"_s, setup.fullName});
    person.add({u"address"_s, setup.emailAddress});

    TextTable incoming = tableOf(setup.incoming);
    incoming.add({u"password"_s, u"the one of the account; normal password"_s});
    if (setup.otherPort) {
        incoming.add({u"or"_s, u"port %1 with STARTTLS"_s.arg(*setup.otherPort)});
    }

    TextTable outgoing = tableOf(setup.outgoing);
    outgoing.add({u"password"_s, u"the one that your provider gave you"_s});

    TextTable certificate(u"ll"_s);
    certificate.add({u"SHA-256"_s, setup.fingerprint});
    if (!setup.authority.isNull()) {
        certificate.add({u"authority"_s, setup.authority.subjectDisplayName()});
        certificate.add({u"SHA-256"_s, fingerprintOf(setup.authority)});
    }
    return u"You\n"_s + person.text() + u"Incoming mail, IMAP: this server\n"_s + incoming.text()
        + u"Outgoing mail, SMTP: your provider's server, for Postnook does not send\n"_s
        + outgoing.text() + u"Certificate, should a program ask about it: compare\n"_s
        + certificate.text();
}

} // namespace Postnook
