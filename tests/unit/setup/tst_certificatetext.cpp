#include "app/setup/certificatetext.h"

#include "setupfixture.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;
using Test::Now;

class TestCertificateText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void own();
    void personsPair();
    void goodFor_data();
    void goodFor();
    void warnings_data();
    void warnings();
};

void TestCertificateText::own()
{
    const ServedCertificate served =
        Test::ownCertificate({u"mybox.local"_s, u"localhost"_s}, {u"192.168.1.5"_s, u"fd00::1"_s});
    const QString text = certificateText(served, Now.addDays(7));

    QCOMPARE(fingerprintOf(served.chain.first()).size(), 32 * 3 - 1);
    QCOMPARE(text,
             u"Certificate of the server (made and renewed by Postnook)\n"
             "  subject   mybox\n"
             "  good for  localhost, mybox.local, 192.168.1.5, fd00::1\n"
             "  issuer    Postnook CA of mybox\n"
             "  valid     2026-03-01 12:00 UTC to 2027-04-02 12:00 UTC, 390 days left\n"
             "  SHA-256   %1\n"
             "  files     /data/tls/server.pem /data/tls/server.key\n"
             "Authority that mail programs are told to trust\n"
             "  subject  Postnook CA of mybox\n"
             "  valid    2026-03-01 12:00 UTC to 2036-03-01 12:00 UTC, 3646 days left\n"
             "  SHA-256  %2\n"
             "  file     /data/tls/ca.pem\n"_s.arg(fingerprintOf(served.chain.first()),
                                                   fingerprintOf(served.chain.last())));
}

void TestCertificateText::personsPair()
{
    ServedCertificate served = Test::ownCertificate({u"mybox.local"_s}, {});
    served.caPath.clear();
    served.chain.removeLast(); // it is rarely in the file

    const QString text = certificateText(served, Now);
    QVERIFY(served.authority().isNull());
    QVERIFY(
        text.startsWith(u"Certificate of the server (your own, from cert-path and key-path)\n"_s));
    QVERIFY(!text.contains(u"Authority"_s));
}

void TestCertificateText::goodFor_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("isGood");

    QTest::newRow("name") << u"mybox.local"_s << true;
    QTest::newRow("other name") << u"mybox"_s << false;
    QTest::newRow("wildcard") << u"mail.example.org"_s << true;
    QTest::newRow("wildcard, two labels") << u"a.mail.example.org"_s << false;
    QTest::newRow("wildcard, no label") << u"example.org"_s << false;
    QTest::newRow("address") << u"192.168.1.5"_s << true;
    QTest::newRow("other address") << u"192.168.1.6"_s << false;
    QTest::newRow("IPv6, another spelling") << u"fd00:0:0::1"_s << true;
}

void TestCertificateText::goodFor()
{
    QFETCH(QString, host);
    QFETCH(bool, isGood);
    const ServedCertificate served = Test::ownCertificate({u"mybox.local"_s, u"*.example.org"_s},
                                                          {u"192.168.1.5"_s, u"fd00::1"_s});

    QCOMPARE(isGoodFor(served.chain.first(), host), isGood);
}

void TestCertificateText::warnings_data()
{
    QTest::addColumn<int>("day");
    QTest::addColumn<bool>("isOwn");
    QTest::addColumn<QStringList>("texts");

    const QString expired = u"The certificate has expired, mail programs refuse it; "_s;
    const QString soon = u"The certificate ends soon; "_s;
    const QString own = u"'postnook cert renew' makes a new one."_s;
    const QString theirs = u"renew it where it came from, and put the new files in its place."_s;
    QTest::newRow("fresh") << 0 << true << QStringList();
    QTest::newRow("when the server renews") << 367 << true << QStringList();
    QTest::newRow("not renewed") << 370 << true << QStringList{soon + own};
    QTest::newRow("expired") << 398 << true << QStringList{expired + own};
    QTest::newRow("a person's, soon") << 370 << false << QStringList{soon + theirs};
    QTest::newRow("a person's, expired") << 400 << false << QStringList{expired + theirs};
    QTest::newRow("clock behind")
        << -1 << true
        << QStringList{
               u"The certificate is not valid before 2026-03-01 12:00 UTC: is the clock right?"_s};
}

void TestCertificateText::warnings()
{
    QFETCH(int, day);
    QFETCH(bool, isOwn);
    QFETCH(QStringList, texts);
    ServedCertificate served = Test::ownCertificate({u"mybox.local"_s}, {});
    if (!isOwn) {
        served.caPath.clear();
    }
    QCOMPARE(certificateWarnings(served, Now.addDays(day)), texts);

    // The authority's end is told of half a year ahead, as people have to do something then.
    const ServedCertificate late = Test::ownCertificate({u"mybox.local"_s}, {}, 397, 500);
    QCOMPARE(certificateWarnings(late, Now.addDays(300)).size(), 0);
    const QStringList told = certificateWarnings(late, Now.addDays(330));
    QCOMPARE(told.size(), 1);
    QVERIFY(told.first().startsWith(u"The authority ends on 2027-07-14 12:00 UTC."_s));
}

QTEST_GUILESS_MAIN(TestCertificateText)
#include "tst_certificatetext.moc"
