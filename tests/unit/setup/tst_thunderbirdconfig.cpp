#include "app/setup/thunderbirdconfig.h"

#include "setupfixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QXmlStreamReader>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

// "clientConfig/emailProvider/incomingServer@imap/port" and the text there; empty for broken XML.
QMap<QString, QString> leavesOf(const QByteArray &bytes)
{
    QMap<QString, QString> leaves;
    QStringList path;
    QXmlStreamReader xml(bytes);
    QString text;
    while (!xml.atEnd()) {
        switch (xml.readNext()) {
        case QXmlStreamReader::StartElement: {
            const auto type = xml.attributes().value(u"type"_s).toString();
            path += xml.name().toString() + (type.isEmpty() ? QString() : u'@' + type);
            text.clear();
            break;
        }
        case QXmlStreamReader::Characters:
            text += xml.text();
            break;
        case QXmlStreamReader::EndElement:
            if (!text.trimmed().isEmpty()) {
                leaves.insert(path.join(u'/'), text);
            }
            path.removeLast();
            text.clear();
            break;
        default:
            break;
        }
    }
    return xml.hasError() ? QMap<QString, QString>() : leaves;
}

} // namespace

class TestThunderbirdConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void config();
    void socketTypes_data();
    void socketTypes();
    void domainOfAnInternationalAddress();
    void qrText();
};

void TestThunderbirdConfig::config()
{
    const QByteArray bytes = thunderbirdConfig(Test::setupOfJoerg());
    const QString provider = u"clientConfig/emailProvider/"_s;
    const QString imap = provider + u"incomingServer@imap/"_s;
    const QString smtp = provider + u"outgoingServer@smtp/"_s;
    const QMap<QString, QString> expected{
        {provider + u"domain"_s, u"example.org"_s},
        {provider + u"displayName"_s, u"Postnook (jörg & <co> \"x\")"_s},
        {provider + u"displayShortName"_s, u"Postnook"_s},
        {imap + u"hostname"_s, u"mybox.local"_s},
        {imap + u"port"_s, u"1993"_s},
        {imap + u"socketType"_s, u"SSL"_s},
        {imap + u"username"_s, u"jörg & <co> \"x\""_s},
        {imap + u"authentication"_s, u"password-cleartext"_s},
        {smtp + u"hostname"_s, u"smtp.example.org"_s},
        {smtp + u"port"_s, u"587"_s},
        {smtp + u"socketType"_s, u"STARTTLS"_s},
        {smtp + u"username"_s, u"j@example.org"_s},
        {smtp + u"authentication"_s, u"password-cleartext"_s}};
    QCOMPARE(leavesOf(bytes), expected);
    QVERIFY(bytes.contains("<clientConfig version=\"1.1\">"));
    QVERIFY(bytes.contains("<emailProvider id=\"example.org\">"));
}

void TestThunderbirdConfig::socketTypes_data()
{
    QTest::addColumn<ConnectionSecurity>("security");
    QTest::addColumn<QString>("type");
    QTest::addColumn<int>("number"); // in the QR code

    QTest::newRow("tls") << ConnectionSecurity::Tls << u"SSL"_s << 3;
    QTest::newRow("starttls") << ConnectionSecurity::StartTls << u"STARTTLS"_s << 2;
    QTest::newRow("none") << ConnectionSecurity::None << u"plain"_s << 0;
}

void TestThunderbirdConfig::socketTypes()
{
    QFETCH(ConnectionSecurity, security);
    QFETCH(QString, type);
    QFETCH(int, number);
    ClientSetup setup = Test::setupOfJoerg();
    setup.outgoing.security = security;

    const auto leaves = leavesOf(thunderbirdConfig(setup));
    QCOMPARE(leaves.value(u"clientConfig/emailProvider/outgoingServer@smtp/socketType"_s), type);
    const auto all = QJsonDocument::fromJson(thunderbirdQrText(setup)).array();
    QCOMPARE(all.at(3)[0][0][3].toInt(), number);
}

void TestThunderbirdConfig::domainOfAnInternationalAddress()
{
    ClientSetup setup = Test::setupOfJoerg();
    setup.emailAddress = u"j@büro.example"_s;

    const auto leaves = leavesOf(thunderbirdConfig(setup));
    QCOMPARE(leaves.value(u"clientConfig/emailProvider/domain"_s), u"xn--bro-hoa.example"_s);
}

// The form that Thunderbird for Android reads: [1,[1,1],incoming,[[outgoing,identity]]].
void TestThunderbirdConfig::qrText()
{
    const QByteArray text = thunderbirdQrText(Test::setupOfJoerg());
    QCOMPARE(
        text,
        QByteArray(
            R"~([1,[1,1],[0,"mybox.local",1993,3,1,"j\u00f6rg & <co> \"x\"",)~"
            R"~("Postnook (j\u00f6rg & <co> \"x\")"],)~"
            R"~([[[0,"smtp.example.org",587,2,1,"j@example.org"],)~"
            R"~(["j@Example.org","J\u00f6rg \"Jo\" M\u00fcller & S\u00f6hne <GmbH> ]]>"]]]])~"));
    const auto all = QJsonDocument::fromJson(text).array();
    QCOMPARE(all.at(2)[5].toString(), u"jörg & <co> \"x\""_s);
}

QTEST_GUILESS_MAIN(TestThunderbirdConfig)
#include "tst_thunderbirdconfig.moc"
