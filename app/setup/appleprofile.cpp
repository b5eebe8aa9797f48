#include "app/setup/appleprofile.h"

#include <QCryptographicHash>
#include <QUuid>
#include <QXmlStreamWriter>

#include <functional>

namespace Postnook
{

namespace
{

using namespace Qt::StringLiterals;

// All identifiers of our profiles are made within it (RFC 9562 5.5).
const QUuid Namespace(0x6f1b7f1e, 0x52f3, 0x4c0a, 0x9d, 0x3c, 0x21, 0x5e, 0x0f, 0x8a, 0x77, 0x14);

// A property list: keys and values of one dictionary after the other.
class Plist
{
public:
    Plist()
        : m_xml(&m_bytes)
    {
        m_xml.setAutoFormatting(true);
        m_xml.setAutoFormattingIndent(2);
        m_xml.writeStartDocument();
        m_xml.writeDTD(u"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                       "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"_s);
        m_xml.writeStartElement(u"plist"_s);
        m_xml.writeAttribute(u"version"_s, u"1.0"_s);
    }

    void dictionary(const std::function<void()> &entries) { element(u"dict"_s, entries); }
    void array(const QString &key, const std::function<void()> &items)
    {
        name(key);
        element(u"array"_s, items);
    }
    void add(const QString &key, const QString &value) { add(key, u"string"_s, value); }
    void add(const QString &key, int value) { add(key, u"integer"_s, QString::number(value)); }
    void add(const QString &key, bool value)
    {
        name(key);
        m_xml.writeEmptyElement(value ? u"true"_s : u"false"_s);
    }
    void add(const QString &key, const QByteArray &data)
    {
        add(key, u"data"_s, QString::fromLatin1(data.toBase64()));
    }
    // What each payload has.
    void addPayload(const QString &type, const QString &identifier, const QString &displayName)
    {
        add(u"PayloadType"_s, type);
        add(u"PayloadVersion"_s, 1);
        add(u"PayloadIdentifier"_s, identifier);
        add(u"PayloadUUID"_s,
            QUuid::createUuidV5(Namespace, identifier).toString(QUuid::WithoutBraces).toUpper());
        add(u"PayloadDisplayName"_s, displayName);
    }

    QByteArray finished()
    {
        m_xml.writeEndDocument();
        return m_bytes;
    }

private:
    void add(const QString &key, const QString &type, const QString &value)
    {
        name(key);
        m_xml.writeTextElement(type, value);
    }
    void name(const QString &key) { m_xml.writeTextElement(u"key"_s, key); }
    void element(const QString &type, const std::function<void()> &content)
    {
        m_xml.writeStartElement(type);
        content();
        m_xml.writeEndElement();
    }

    QByteArray m_bytes;
    QXmlStreamWriter m_xml;
};

QString fingerprint(const QSslCertificate &certificate)
{
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex());
}

// Of an account, or of an authority: the same whenever the profile is made again.
QString identifierOf(const QString &what)
{
    return "org.postnook."_L1 + QUuid::createUuidV5(Namespace, what).toString(QUuid::WithoutBraces);
}

void addServer(Plist &plist, const QString &prefix, const MailServer &server)
{
    plist.add(prefix + "MailServerAuthentication"_L1, u"EmailAuthPassword"_s);
    plist.add(prefix + "MailServerHostName"_L1, server.host);
    plist.add(prefix + "MailServerPortNumber"_L1, int(server.port));
    plist.add(prefix + "MailServerUseSSL"_L1, server.security != ConnectionSecurity::None);
    plist.add(prefix + "MailServerUsername"_L1, server.user);
}

void addAccount(Plist &plist, const ClientSetup &setup, const QString &identifier)
{
    plist.dictionary([&] {
        plist.addPayload(u"com.apple.mail.managed"_s, identifier + ".mail"_L1, setup.title());
        plist.add(u"EmailAccountDescription"_s, setup.title());
        plist.add(u"EmailAccountName"_s, setup.fullName);
        plist.add(u"EmailAccountType"_s, u"EmailTypeIMAP"_s);
        plist.add(u"EmailAddress"_s, setup.emailAddress);
        addServer(plist, u"Incoming"_s, setup.incoming);
        addServer(plist, u"Outgoing"_s, setup.outgoing);
        plist.add(u"OutgoingPasswordSameAsIncomingPassword"_s, false);
    });
}

void addAuthority(Plist &plist, const QSslCertificate &authority, const QString &identifier)
{
    plist.dictionary([&] {
        plist.addPayload(u"com.apple.security.root"_s,
                         identifier + ".authority"_L1,
                         authority.subjectDisplayName());
        plist.add(u"PayloadCertificateFileName"_s, u"postnook-ca.cer"_s);
        plist.add(u"PayloadContent"_s, authority.toDer());
    });
}

QByteArray profile(const QString &identifier,
                   const QString &displayName,
                   const QString &description,
                   const std::function<void(Plist &)> &payloads)
{
    Plist plist;
    plist.dictionary([&] {
        plist.addPayload(u"Configuration"_s, identifier, displayName);
        plist.add(u"PayloadDescription"_s, description);
        plist.add(u"PayloadOrganization"_s, u"Postnook"_s);
        plist.array(u"PayloadContent"_s, [&] { payloads(plist); });
    });
    return plist.finished();
}

} // namespace

QByteArray appleProfile(const ClientSetup &setup)
{
    const QString authority = setup.authority.isNull() ? QString() : fingerprint(setup.authority);
    const QString identifier = identifierOf("account "_L1 + setup.incoming.user + u' ' + authority);
    return profile(identifier,
                   setup.title(),
                   u"The mail account %1 on your own Postnook server."_s.arg(setup.incoming.user),
                   [&](Plist &plist) {
                       if (!setup.authority.isNull()) {
                           addAuthority(plist, setup.authority, identifier);
                       }
                       addAccount(plist, setup, identifier);
                   });
}

QByteArray appleTrustProfile(const QSslCertificate &authority)
{
    const QString identifier = identifierOf("authority "_L1 + fingerprint(authority));
    return profile(identifier,
                   authority.subjectDisplayName(),
                   u"Lets this device trust your own Postnook server."_s,
                   [&](Plist &plist) { addAuthority(plist, authority, identifier); });
}

} // namespace Postnook
