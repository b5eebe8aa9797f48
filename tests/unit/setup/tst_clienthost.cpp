#include "app/setup/clienthost.h"

#include "setupfixture.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestClientHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hosts_data();
    void hosts();
};

void TestClientHost::hosts_data()
{
    QTest::addColumn<QStringList>("listening");
    QTest::addColumn<QStringList>("dns");
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<QString>("host");

    const QStringList here{u"127.0.0.1"_s, u"::1"_s};
    const QStringList everywhere{u"0.0.0.0"_s};
    const QStringList own{u"localhost"_s, u"mybox"_s, u"mybox.local"_s};
    const QStringList lan{u"127.0.0.1"_s, u"192.168.1.5"_s};
    QTest::newRow("loopback") << here << own << lan << u"localhost"_s;
    QTest::newRow("network") << everywhere << own << lan << u"mybox.local"_s;
    QTest::newRow("one address") << QStringList{u"192.168.1.5"_s} << own << lan << u"mybox.local"_s;
    QTest::newRow("machine without a name")
        << everywhere << QStringList{u"localhost"_s, u"localhost.local"_s} << lan
        << u"192.168.1.5"_s;
    QTest::newRow("only localhost")
        << everywhere << QStringList{u"localhost"_s} << lan << u"192.168.1.5"_s;
    QTest::newRow("a person's own")
        << everywhere << QStringList{u"*.example.org"_s, u"mail.example.org"_s} << QStringList()
        << u"mail.example.org"_s;
    QTest::newRow("a person's own, loopback")
        << here << QStringList{u"mail.example.org"_s} << QStringList() << u"mail.example.org"_s;
    QTest::newRow("nothing but a wildcard")
        << everywhere << QStringList{u"*.example.org"_s} << QStringList() << QString();
}

void TestClientHost::hosts()
{
    QFETCH(QStringList, listening);
    QFETCH(QStringList, dns);
    QFETCH(QStringList, addresses);
    QFETCH(QString, host);
    ClientAccess access;
    access.addresses = listening;

    QCOMPARE(usualHost(access, Test::ownCertificate(dns, addresses)), host);
    QCOMPARE(isLoopbackOnly(listening), listening.first() == u"127.0.0.1"_s);
}

QTEST_GUILESS_MAIN(TestClientHost)
#include "tst_clienthost.moc"
