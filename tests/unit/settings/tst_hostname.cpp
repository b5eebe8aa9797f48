#include "app/settings/hostname.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestHostName : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_data();
    void names();
};

void TestHostName::names_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("ascii");
    QTest::addColumn<QString>("server");

    const auto row = [](const char *name, const QString &text, const QString &ascii) {
        QTest::newRow(name) << text << ascii << ascii;
    };
    row("plain", u"mybox"_s, u"mybox"_s);
    row("capitals", u"Mail.Example.ORG"_s, u"mail.example.org"_s);
    row("umlaut", u"büro.example"_s, u"xn--bro-hoa.example"_s);
    row("digits and hyphens", u"a-1.2b"_s, u"a-1.2b"_s);
    row("63 letters", QString(63, u'a'), QString(63, u'a'));
    row("64 letters", QString(64, u'a'), QString());
    row("empty", QString(), QString());
    row("blank", u"my box"_s, QString());
    row("underscore", u"my_box"_s, QString());
    row("hyphen first", u"-box"_s, QString());
    row("hyphen last", u"box-"_s, QString());
    row("empty label", u"a..b"_s, QString());
    row("slash", u"a/b"_s, QString());
    row("comma, for a certificate's extension", u"a,DNS:evil"_s, QString());
    row("wildcard", u"*.example.org"_s, QString());
    row("line end", u"box\n"_s, QString());
    QTest::newRow("IPv4") << u"192.168.1.5"_s << u"192.168.1.5"_s << u"192.168.1.5"_s;
    QTest::newRow("IPv6") << u"FD00:0::1"_s << QString() << u"fd00::1"_s;
    QTest::newRow("short IPv4") << u"127.1"_s << u"127.1"_s << QString();
    QTest::newRow("IPv4 out of range") << u"1.2.3.400"_s << u"1.2.3.400"_s << QString();
    QTest::newRow("broken IPv6") << u"fd00:::1"_s << QString() << QString();
}

void TestHostName::names()
{
    QFETCH(QString, text);
    QFETCH(QString, ascii);
    QFETCH(QString, server);

    QCOMPARE(asciiHostName(text), ascii);
    QCOMPARE(serverName(text), server);
}

QTEST_GUILESS_MAIN(TestHostName)
#include "tst_hostname.moc"
