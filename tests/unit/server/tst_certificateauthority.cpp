#include "app/server/certificateauthority.h"
#include "app/server/certificates.h"

#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QSslCertificateExtension>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

const QDateTime Now(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC);

CertificateNames names(const QStringList &addresses = {u"192.168.1.5"_s})
{
    return certificateNames(u"mybox"_s, addresses);
}

QSslCertificate firstOf(const QString &path)
{
    return QSslCertificate::fromPath(path).value(0);
}

QStringList extensionsOf(const QSslCertificate &certificate)
{
    QStringList oids;
    for (const QSslCertificateExtension &extension : certificate.extensions()) {
        oids.append(extension.oid() + (extension.isCritical() ? u"!"_s : QString()));
    }
    oids.sort();
    return oids;
}

} // namespace

class TestCertificateAuthority : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesOfAMachine_data();
    void namesOfAMachine();
    void namesOfThisMachine_data();
    void namesOfThisMachine();
    void furtherNames();
    void renewsWhatIsGood();
    void makesCaAndServerCertificate();
    void filesAreForTheirOwnerOnly();
    void pairCanBeServed();
    void keepsWhatIsGood();
    void renewsInTime_data();
    void renewsInTime();
    void reissues_data();
    void reissues();
    void keepsCertificateOfMoreNames();
    void serverCertificateDoesNotOutliveCa();
    void newCaWhenTheOldOneIsUnusable_data();
    void newCaWhenTheOldOneIsUnusable();
    void neverReplacesWhatItCannotRead();
    void reportsAFolderThatCannotBeMade();
};

void TestCertificateAuthority::namesOfAMachine_data()
{
    QTest::addColumn<QString>("hostName");
    QTest::addColumn<QStringList>("dns");

    QTest::newRow("plain") << u"mybox"_s
                           << QStringList{u"localhost"_s, u"mybox"_s, u"mybox.local"_s};
    QTest::newRow("capitals") << u"MyBox"_s
                              << QStringList{u"localhost"_s, u"mybox"_s, u"mybox.local"_s};
    QTest::newRow("with domain") << u"box.example.org"_s
                                 << QStringList{u"localhost"_s,
                                                u"box.example.org"_s,
                                                u"box"_s,
                                                u"box.local"_s};
    QTest::newRow("mDNS name") << u"box.local"_s
                               << QStringList{u"localhost"_s, u"box.local"_s, u"box"_s};
    QTest::newRow("umlaut") << u"büro"_s
                            << QStringList{
                                   u"localhost"_s, u"xn--bro-hoa"_s, u"xn--bro-hoa.local"_s};
    QTest::newRow("none") << QString() << QStringList{u"localhost"_s};
    QTest::newRow("localhost") << u"localhost"_s
                               << QStringList{u"localhost"_s, u"localhost.local"_s};
    QTest::newRow("no DNS name") << u"a,DNS:evil"_s << QStringList{u"localhost"_s};
}

void TestCertificateAuthority::namesOfAMachine()
{
    QFETCH(QString, hostName);
    QFETCH(QStringList, dns);

    const CertificateNames found =
        certificateNames(hostName, {u"192.168.1.5"_s, u"FD00:0::1"_s, u"junk"_s, u"127.0.0.1"_s});

    QCOMPARE(found.dns, dns);
    QCOMPARE(found.addresses,
             QStringList({u"127.0.0.1"_s, u"::1"_s, u"192.168.1.5"_s, u"fd00::1"_s}));
}

void TestCertificateAuthority::namesOfThisMachine_data()
{
    QTest::addColumn<QStringList>("bound");
    QTest::addColumn<QStringList>("addresses"); // beside loopback; empty: whatever there is

    QTest::newRow("loopback") << QStringList{u"127.0.0.1"_s, u"::1"_s} << QStringList();
    QTest::newRow("one address") << QStringList{u"192.168.1.5"_s} << QStringList{u"192.168.1.5"_s};
    QTest::newRow("of an interface") << QStringList{u"fe80::1%eth0"_s} << QStringList{u"fe80::1"_s};
    QTest::newRow("every IPv4 address") << QStringList{u"0.0.0.0"_s} << QStringList();
    QTest::newRow("every address") << QStringList{u"0.0.0.0"_s, u"::"_s} << QStringList();
}

void TestCertificateAuthority::namesOfThisMachine()
{
    QFETCH(QStringList, bound);
    QFETCH(QStringList, addresses);
    const CertificateNames found = localCertificateNames(bound, {});

    QVERIFY(found.dns.contains(u"localhost"_s));
    QCOMPARE(found.addresses.mid(0, 2), QStringList({u"127.0.0.1"_s, u"::1"_s}));
    const bool isAny = bound.contains(u"0.0.0.0"_s);
    QVERIFY(isAny || found.addresses.mid(2) == addresses);
    for (const QString &address : found.addresses.mid(2)) {
        const bool isIpv6 = address.contains(u':');
        QVERIFY(!isAny || !isIpv6 || bound.contains(u"::"_s));
        QVERIFY(address != u"0.0.0.0"_s && address != u"::"_s);
    }
    const QTemporaryDir dir;
    QVERIFY(ensureLocalCertificate(dir.path(), found, Now));
}

void TestCertificateAuthority::furtherNames()
{
    const CertificateNames found = certificateNames(
        u"mybox"_s, {u"192.168.1.5"_s}, {u"mail.example.org"_s, u"203.0.113.7"_s, u"mybox"_s});
    QCOMPARE(found.dns,
             QStringList({u"localhost"_s, u"mybox"_s, u"mybox.local"_s, u"mail.example.org"_s}));
    QCOMPARE(found.addresses,
             QStringList({u"127.0.0.1"_s, u"::1"_s, u"192.168.1.5"_s, u"203.0.113.7"_s}));

    // A name that is added is taken up, by the same authority.
    const QTemporaryDir dir;
    const auto first = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(first);
    const auto second = ensureLocalCertificate(dir.path(), found, Now);
    QVERIFY(second && second->madeCert && !second->madeCa);
    QVERIFY(firstOf(second->cert)
                .subjectAlternativeNames()
                .values(QSsl::DnsEntry)
                .contains(u"mail.example.org"_s));
}

void TestCertificateAuthority::renewsWhatIsGood()
{
    const QTemporaryDir dir;
    const auto first = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(first);
    const QSslCertificate before = firstOf(first->cert);
    const QSslCertificate ca = firstOf(first->ca);

    const auto second = renewLocalCertificate(dir.path(), names(), Now.addDays(10));

    QVERIFY(second && second->madeCert && !second->madeCa);
    QCOMPARE(firstOf(second->ca), ca);
    const QSslCertificate after = firstOf(second->cert);
    QVERIFY(after.serialNumber() != before.serialNumber());
    QVERIFY(after.publicKey() != before.publicKey());
    QCOMPARE(after.expiryDate(), before.expiryDate().addDays(10));
    QVERIFY(loadCertificatePair(second->cert, second->key));

    const QTemporaryDir empty; // where there is none yet, it is the first
    const auto made = renewLocalCertificate(empty.path(), names(), Now);
    QVERIFY(made && made->madeCert && made->madeCa);
}

void TestCertificateAuthority::makesCaAndServerCertificate()
{
    const QTemporaryDir dir;
    const auto paths = ensureLocalCertificate(dir.path(), names(), Now);

    QVERIFY(paths);
    QCOMPARE(paths->ca, dir.filePath(u"tls/ca.pem"_s));
    QCOMPARE(paths->cert, dir.filePath(u"tls/server.pem"_s));
    QCOMPARE(paths->key, dir.filePath(u"tls/server.key"_s));
    QVERIFY(paths->madeCa && paths->madeCert);

    const QSslCertificate ca = firstOf(paths->ca);
    QCOMPARE(ca.subjectDisplayName(), u"Postnook CA of mybox"_s);
    QVERIFY(ca.isSelfSigned());
    QCOMPARE(ca.effectiveDate(), Now.addSecs(-3600));
    QCOMPARE(ca.effectiveDate().daysTo(ca.expiryDate()), 3653);
    QCOMPARE(ca.publicKey().algorithm(), QSsl::Ec);
    QCOMPARE(ca.publicKey().length(), 256);
    // Basic constraints and key usage critical, subject key identifier.
    QCOMPARE(extensionsOf(ca), QStringList({u"2.5.29.14"_s, u"2.5.29.15!"_s, u"2.5.29.19!"_s}));

    const QSslCertificate server = firstOf(paths->cert);
    QCOMPARE(server.subjectDisplayName(), u"mybox"_s);
    QCOMPARE(server.issuerDisplayName(), u"Postnook CA of mybox"_s);
    QCOMPARE(server.effectiveDate(), Now.addSecs(-3600));
    QCOMPARE(server.effectiveDate().daysTo(server.expiryDate()), 397);
    QCOMPARE(server.publicKey().length(), 256);
    QVERIFY(server.serialNumber() != ca.serialNumber());
    const auto alternatives = server.subjectAlternativeNames();
    QStringList dns = alternatives.values(QSsl::DnsEntry);
    dns.sort();
    QCOMPARE(dns, QStringList({u"localhost"_s, u"mybox"_s, u"mybox.local"_s}));
    QCOMPARE(alternatives.values(QSsl::IpAddressEntry).size(), 3);
    // The above, authority key identifier, alternative names, extended key usage.
    QCOMPARE(extensionsOf(server),
             QStringList({u"2.5.29.14"_s,
                          u"2.5.29.15!"_s,
                          u"2.5.29.17"_s,
                          u"2.5.29.19!"_s,
                          u"2.5.29.35"_s,
                          u"2.5.29.37"_s}));
}

void TestCertificateAuthority::filesAreForTheirOwnerOnly()
{
#ifdef Q_OS_WIN
    QSKIP("Windows folders inherit their rights from the user's profile");
#endif
    const QTemporaryDir dir;
    QVERIFY(ensureLocalCertificate(dir.path(), names(), Now));

    constexpr auto Others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    for (const auto &name : {u"tls"_s, u"tls/ca.key"_s, u"tls/server.key"_s}) {
        QCOMPARE(QFileInfo(dir.filePath(name)).permissions() & Others, QFile::Permissions());
    }
}

void TestCertificateAuthority::pairCanBeServed()
{
    const QTemporaryDir dir;
    const QDateTime now = QDateTime::currentDateTimeUtc(); // verify() goes by the clock
    const auto paths = ensureLocalCertificate(dir.path(), names(), now);
    QVERIFY(paths);

    const auto pair = loadCertificatePair(paths->cert, paths->key);

    QVERIFY(pair);
    QCOMPARE(pair->chain.size(), 2);
    QCOMPARE(pair->chain.last(), firstOf(paths->ca));
    for (const auto &host : {u"mybox.local"_s, u"192.168.1.5"_s}) {
        const QList<QSslError> errors = QSslCertificate::verify(pair->chain, host);
        // The CA is one that nobody has been told to trust; nothing else is wrong.
        QCOMPARE(errors.size(), 1);
        QCOMPARE(errors.first().error(), QSslError::SelfSignedCertificateInChain);
    }
    bool hostMismatch = false;
    for (const QSslError &error : QSslCertificate::verify(pair->chain, u"other"_s)) {
        hostMismatch = hostMismatch || error.error() == QSslError::HostNameMismatch;
    }
    QVERIFY(hostMismatch);
}

void TestCertificateAuthority::keepsWhatIsGood()
{
    const QTemporaryDir dir;
    const auto first = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(first);
    const QSslCertificate before = firstOf(first->cert);

    const auto second = ensureLocalCertificate(dir.path(), names(), Now.addDays(300));

    QVERIFY(second);
    QVERIFY(!second->madeCa && !second->madeCert);
    QCOMPARE(firstOf(second->cert), before);
}

void TestCertificateAuthority::renewsInTime_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<bool>("renewedCert");
    QTest::addColumn<bool>("renewedCa");

    QTest::newRow("31 days to go") << 366 << false << false;
    QTest::newRow("29 days to go") << 368 << true << false;
    QTest::newRow("expired") << 1000 << true << false;
    QTest::newRow("clock before the beginning") << -1 << true << true;
    QTest::newRow("CA has 29 days to go") << 3624 << true << true;
    QTest::newRow("CA expired") << 4000 << true << true;
}

void TestCertificateAuthority::renewsInTime()
{
    QFETCH(int, days);
    QFETCH(bool, renewedCert);
    QFETCH(bool, renewedCa);
    const QTemporaryDir dir;
    const auto first = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(first);
    const QSslCertificate caBefore = firstOf(first->ca);

    const QDateTime later = Now.addDays(days);
    const auto second = ensureLocalCertificate(dir.path(), names(), later);

    QVERIFY(second);
    QCOMPARE(second->madeCert, renewedCert);
    QCOMPARE(second->madeCa, renewedCa);
    QCOMPARE(firstOf(second->ca) != caBefore, renewedCa);
    const auto pair = loadCertificatePair(second->cert, second->key);
    QVERIFY(pair);
    QCOMPARE(validityWarning(*pair, later), QString());
    QCOMPARE(pair->chain.last(), firstOf(second->ca));
}

void TestCertificateAuthority::reissues_data()
{
    QTest::addColumn<QString>("file"); // to damage; empty: none
    QTest::addColumn<QByteArray>("bytes"); // null: remove it
    QTest::addColumn<QStringList>("addresses");

    const QStringList same{u"192.168.1.5"_s};
    QTest::newRow("new address") << QString() << QByteArray() << QStringList{u"10.0.0.7"_s};
    QTest::newRow("further address")
        << QString() << QByteArray() << QStringList{u"192.168.1.5"_s, u"fd00::1"_s};
    QTest::newRow("certificate lost") << u"tls/server.pem"_s << QByteArray() << same;
    QTest::newRow("key lost") << u"tls/server.key"_s << QByteArray() << same;
    QTest::newRow("key damaged") << u"tls/server.key"_s << QByteArray("junk") << same;
}

void TestCertificateAuthority::reissues()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, addresses);
    const QTemporaryDir dir;
    const auto first = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(first);
    const QSslCertificate ca = firstOf(first->ca);
    if (!file.isEmpty()) {
        QFile damaged(dir.filePath(file));
        QVERIFY(damaged.remove());
        QVERIFY(bytes.isNull() || (damaged.open(QIODevice::WriteOnly) && damaged.write(bytes)));
    }

    const auto second = ensureLocalCertificate(dir.path(), names(addresses), Now);

    QVERIFY(second);
    QVERIFY(second->madeCert);
    QVERIFY(!second->madeCa);
    QCOMPARE(firstOf(second->ca), ca);
    QVERIFY(loadCertificatePair(second->cert, second->key));
    const auto alternatives = firstOf(second->cert).subjectAlternativeNames();
    for (const QString &address : addresses) {
        const QStringList entries = alternatives.values(QSsl::IpAddressEntry);
        QVERIFY(std::any_of(entries.begin(), entries.end(), [&](const QString &entry) {
            return QHostAddress(entry) == QHostAddress(address);
        }));
    }
}

// A notebook away from home keeps its certificate, which some mail programs have pinned.
void TestCertificateAuthority::keepsCertificateOfMoreNames()
{
    const QTemporaryDir dir;
    QVERIFY(ensureLocalCertificate(dir.path(), names({u"192.168.1.5"_s, u"10.0.0.7"_s}), Now));

    const auto second = ensureLocalCertificate(dir.path(), names({u"10.0.0.7"_s}), Now);

    QVERIFY(second);
    QVERIFY(!second->madeCert);
}

void TestCertificateAuthority::serverCertificateDoesNotOutliveCa()
{
    const QTemporaryDir dir;
    const auto first = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(first);

    const auto late = ensureLocalCertificate(dir.path(), names(), Now.addDays(3500));

    QVERIFY(late);
    QVERIFY(late->madeCert && !late->madeCa);
    QCOMPARE(firstOf(late->cert).expiryDate(), firstOf(late->ca).expiryDate());
}

void TestCertificateAuthority::newCaWhenTheOldOneIsUnusable_data()
{
    QTest::addColumn<QString>("lost");

    QTest::newRow("key lost") << u"tls/ca.key"_s;
    QTest::newRow("certificate lost") << u"tls/ca.pem"_s;
}

void TestCertificateAuthority::newCaWhenTheOldOneIsUnusable()
{
    QFETCH(QString, lost);
    const QTemporaryDir dir;
    QVERIFY(ensureLocalCertificate(dir.path(), names(), Now));
    QVERIFY(QFile::remove(dir.filePath(lost)));

    // Nothing happens while the server's certificate is good.
    const auto soon = ensureLocalCertificate(dir.path(), names(), Now);
    QVERIFY(soon && !soon->madeCa && !soon->madeCert);

    const auto later = ensureLocalCertificate(dir.path(), names(), Now.addDays(390));
    QVERIFY(later && later->madeCa && later->madeCert);
}

void TestCertificateAuthority::neverReplacesWhatItCannotRead()
{
    const QTemporaryDir dir;
    QVERIFY(ensureLocalCertificate(dir.path(), names(), Now));
    // A folder in the place of the key: nobody can read it, whatever rights he has.
    const QString key = dir.filePath(u"tls/ca.key"_s);
    QVERIFY(QFile::remove(key));
    QVERIFY(QDir().mkdir(key));

    const auto later = ensureLocalCertificate(dir.path(), names(), Now.addDays(390));

    QVERIFY(!later);
    QCOMPARE(later.error().code, ErrorCode::Unavailable);
    QVERIFY(later.error().text.startsWith(key + u": cannot be read: "_s));
}

void TestCertificateAuthority::reportsAFolderThatCannotBeMade()
{
    const QTemporaryDir dir;
    QFile file(dir.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));

    const auto paths = ensureLocalCertificate(file.fileName(), names(), Now);

    QVERIFY(!paths);
    QCOMPARE(paths.error().text, file.fileName() + u"/tls: the folder cannot be made"_s);
}

QTEST_GUILESS_MAIN(TestCertificateAuthority)
#include "tst_certificateauthority.moc"
