#include "app/setup/appleprofile.h"

#include "setupfixture.h"

#include <QTest>
#include <QUuid>
#include <QXmlStreamReader>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

// Reads a property list and takes nothing that Apple's document type does not have: an invalid
// value is what comes of anything else.
class PlistReader
{
public:
    explicit PlistReader(const QByteArray &bytes)
        : m_xml(bytes)
    {
    }

    QVariantMap read()
    {
        while (!m_xml.atEnd() && !m_xml.isDTD()) {
            m_xml.readNext();
        }
        const bool isPropertyList = m_xml.dtdPublicId() == u"-//Apple//DTD PLIST 1.0//EN"_s;
        m_xml.readNextStartElement();
        if (!isPropertyList || m_xml.name() != u"plist"_s
            || m_xml.attributes().value(u"version"_s) != u"1.0"_s) {
            m_xml.raiseError(u"no plist"_s);
        }
        m_xml.readNextStartElement();
        const QVariantMap all = value().toMap();
        if (m_xml.readNextStartElement()) {
            m_xml.raiseError(u"more than one value"_s);
        }
        m_xml.readNext();
        return m_xml.hasError() || !m_xml.isEndDocument() ? QVariantMap() : all;
    }

private:
    QVariant value()
    {
        const QString type = m_xml.name().toString();
        if (type == u"dict"_s) {
            return dictionary();
        }
        if (type == u"array"_s) {
            QVariantList items;
            while (m_xml.readNextStartElement()) {
                items.append(value());
            }
            return items;
        }
        const QString text = m_xml.readElementText();
        if (type == u"string"_s) {
            return text;
        }
        if (type == u"integer"_s) {
            return text.toInt();
        }
        if (type == u"true"_s || type == u"false"_s) {
            return type == u"true"_s;
        }
        if (type == u"data"_s) {
            return QByteArray::fromBase64(text.toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
        }
        m_xml.raiseError(u"unknown type "_s + type);
        return {};
    }

    QVariantMap dictionary()
    {
        QVariantMap entries;
        while (m_xml.readNextStartElement()) {
            const QString key = m_xml.name() == u"key"_s ? m_xml.readElementText() : QString();
            if (key.isEmpty() || entries.contains(key) || !m_xml.readNextStartElement()) {
                m_xml.raiseError(u"no key, or twice"_s);
            }
            entries.insert(key, value());
        }
        return entries;
    }

    QXmlStreamReader m_xml;
};

QVariantMap payloadOf(const QVariantMap &profile, const QString &type)
{
    for (const QVariant &payload : profile.value(u"PayloadContent"_s).toList()) {
        if (payload.toMap().value(u"PayloadType"_s) == type) {
            return payload.toMap();
        }
    }
    return {};
}

} // namespace

class TestAppleProfile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accountWithAuthority();
    void accountWithoutAuthority();
    void authorityAlone();
    void replacesItself();
};

void TestAppleProfile::accountWithAuthority()
{
    ClientSetup setup = Test::setupOfJoerg();
    setup.authority = Test::ownCertificate({u"mybox.local"_s}, {}).authority();
    const QVariantMap profile = PlistReader(appleProfile(setup)).read();

    QCOMPARE(profile.value(u"PayloadType"_s), u"Configuration"_s);
    QCOMPARE(profile.value(u"PayloadVersion"_s), 1);
    QCOMPARE(profile.value(u"PayloadDisplayName"_s), u"Postnook (jörg & <co> \"x\")"_s);
    QCOMPARE(profile.value(u"PayloadContent"_s).toList().size(), 2);

    const QVariantMap mail = payloadOf(profile, u"com.apple.mail.managed"_s);
    const QVariantMap expected{{u"EmailAccountDescription"_s, u"Postnook (jörg & <co> \"x\")"_s},
                               {u"EmailAccountName"_s, setup.fullName},
                               {u"EmailAccountType"_s, u"EmailTypeIMAP"_s},
                               {u"EmailAddress"_s, u"j@Example.org"_s},
                               {u"IncomingMailServerAuthentication"_s, u"EmailAuthPassword"_s},
                               {u"IncomingMailServerHostName"_s, u"mybox.local"_s},
                               {u"IncomingMailServerPortNumber"_s, 1993},
                               {u"IncomingMailServerUseSSL"_s, true},
                               {u"IncomingMailServerUsername"_s, setup.incoming.user},
                               {u"OutgoingMailServerAuthentication"_s, u"EmailAuthPassword"_s},
                               {u"OutgoingMailServerHostName"_s, u"smtp.example.org"_s},
                               {u"OutgoingMailServerPortNumber"_s, 587},
                               {u"OutgoingMailServerUseSSL"_s, true},
                               {u"OutgoingMailServerUsername"_s, u"j@example.org"_s},
                               {u"OutgoingPasswordSameAsIncomingPassword"_s, false}};
    for (auto it = expected.cbegin(); it != expected.cend(); ++it) {
        QCOMPARE(mail.value(it.key()), it.value());
    }
    for (const QString &key : mail.keys()) {
        QVERIFY2(expected.contains(key) || key.startsWith(u"Payload"_s), qPrintable(key));
    }

    const QVariantMap root = payloadOf(profile, u"com.apple.security.root"_s);
    QCOMPARE(root.value(u"PayloadContent"_s).toByteArray(), setup.authority.toDer());

    QStringList ids;
    for (const QVariantMap &payload : {profile, mail, root}) {
        QVERIFY(!QUuid(payload.value(u"PayloadUUID"_s).toString()).isNull());
        ids += payload.value(u"PayloadUUID"_s).toString();
        ids += payload.value(u"PayloadIdentifier"_s).toString();
        QCOMPARE(payload.value(u"PayloadVersion"_s), 1);
    }
    QCOMPARE(ids.removeDuplicates(), 0);
}

void TestAppleProfile::accountWithoutAuthority()
{
    ClientSetup setup = Test::setupOfJoerg();
    setup.outgoing.security = ConnectionSecurity::None;
    const QVariantMap profile = PlistReader(appleProfile(setup)).read();

    QCOMPARE(profile.value(u"PayloadContent"_s).toList().size(), 1);
    const QVariantMap mail = payloadOf(profile, u"com.apple.mail.managed"_s);
    QCOMPARE(mail.value(u"OutgoingMailServerUseSSL"_s), false);
}

void TestAppleProfile::authorityAlone()
{
    const QSslCertificate authority = Test::ownCertificate({u"mybox.local"_s}, {}).authority();
    const QVariantMap profile = PlistReader(appleTrustProfile(authority)).read();

    QCOMPARE(profile.value(u"PayloadContent"_s).toList().size(), 1);
    const QVariantMap root = payloadOf(profile, u"com.apple.security.root"_s);
    QCOMPARE(root.value(u"PayloadDisplayName"_s), u"Postnook CA of mybox"_s);
    QCOMPARE(root.value(u"PayloadContent"_s).toByteArray(), authority.toDer());
}

// A device takes a profile for the newer form of one that it has by the identifiers.
void TestAppleProfile::replacesItself()
{
    ClientSetup setup = Test::setupOfJoerg();
    const auto identifier = [](const ClientSetup &of) {
        return PlistReader(appleProfile(of)).read().value(u"PayloadIdentifier"_s).toString();
    };
    const QString before = identifier(setup);
    QVERIFY(!before.isEmpty());

    setup.incoming.port = 993;
    setup.outgoing.host = u"other.example.org"_s;
    QCOMPARE(identifier(setup), before);
    setup.incoming.user = u"ann"_s;
    QVERIFY(identifier(setup) != before);
}

QTEST_GUILESS_MAIN(TestAppleProfile)
#include "tst_appleprofile.moc"
