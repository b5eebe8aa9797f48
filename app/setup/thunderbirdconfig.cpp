#include "app/setup/thunderbirdconfig.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QXmlStreamWriter>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

QString socketType(ConnectionSecurity security)
{
    switch (security) {
    case ConnectionSecurity::Tls:
        return u"SSL"_s;
    case ConnectionSecurity::StartTls:
        return u"STARTTLS"_s;
    case ConnectionSecurity::None:
        return u"plain"_s;
    }
    Q_UNREACHABLE();
}

void writeServer(QXmlStreamWriter &xml,
                 const QString &element,
                 const QString &type,
                 const MailServer &server)
{
    xml.writeStartElement(element);
    xml.writeAttribute(u"type"_s, type);
    xml.writeTextElement(u"hostname"_s, server.host);
    xml.writeTextElement(u"port"_s, QString::number(server.port));
    xml.writeTextElement(u"socketType"_s, socketType(server.security));
    xml.writeTextElement(u"username"_s, server.user);
    xml.writeTextElement(u"authentication"_s, u"password-cleartext"_s); // within TLS
    xml.writeEndElement();
}

// protocol, host, port, security, authentication, user
QJsonArray qrServer(const MailServer &server)
{
    constexpr auto ImapOrSmtp = 0;
    constexpr auto Password = 1;
    const int security = server.security == ConnectionSecurity::Tls ? 3
        : server.security == ConnectionSecurity::StartTls           ? 2
                                                                    : 0;
    return {ImapOrSmtp, server.host, int(server.port), security, Password, server.user};
}

// With escapes for all other characters: a QR code does not say in which charset it is, and those
// who read it guess.
QByteArray inAscii(const QByteArray &json)
{
    QByteArray ascii;
    const QString text = QString::fromUtf8(json);
    for (const QChar c : text) {
        const char16_t code = c.unicode();
        ascii += code < 0x80 ? QByteArray(1, static_cast<char>(code))
                             : "\\u" + QByteArray::number(code, 16).rightJustified(4, '0');
    }
    return ascii;
}

} // namespace

QByteArray thunderbirdConfig(const ClientSetup &setup)
{
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.setAutoFormatting(true);
    xml.setAutoFormattingIndent(2);
    xml.writeStartDocument();
    xml.writeStartElement(u"clientConfig"_s);
    xml.writeAttribute(u"version"_s, u"1.1"_s);
    xml.writeStartElement(u"emailProvider"_s);
    xml.writeAttribute(u"id"_s, setup.emailDomain());
    xml.writeTextElement(u"domain"_s, setup.emailDomain());
    xml.writeTextElement(u"displayName"_s, setup.title());
    xml.writeTextElement(u"displayShortName"_s, u"Postnook"_s);
    writeServer(xml, u"incomingServer"_s, u"imap"_s, setup.incoming);
    writeServer(xml, u"outgoingServer"_s, u"smtp"_s, setup.outgoing);
    xml.writeEndElement();
    xml.writeEndDocument();
    return bytes;
}

QByteArray thunderbirdQrText(const ClientSetup &setup)
{
    constexpr auto Version = 1;
    QJsonArray incoming = qrServer(setup.incoming);
    incoming.append(setup.title());
    const QJsonArray identity{setup.emailAddress, setup.fullName};
    // Not by braces: with one array in them compilers differ in what they make.
    QJsonArray outgoing;
    outgoing.append(QJsonArray{qrServer(setup.outgoing), identity});
    // The first of one code, then the accounts.
    const QJsonArray all{Version, QJsonArray{1, 1}, incoming, outgoing};
    return inAscii(QJsonDocument(all).toJson(QJsonDocument::Compact));
}

} // namespace Postnook
