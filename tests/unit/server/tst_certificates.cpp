#include "app/server/certificatefactory.h"
#include "app/server/certificates.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

QString data(const QString &name)
{
    return QStringLiteral(TEST_DATA "/certificates/") + name;
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("The test cannot write its file");
    }
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// In the words of the system.
QString whyMissing()
{
    QFile file(data(u"missing.pem"_s));
    return file.open(QIODevice::ReadOnly) ? QString() : file.errorString();
}

} // namespace

class TestCertificates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void loads_data();
    void loads();
    void tellsWhatIsServed();
    void explainsFaults_data();
    void explainsFaults();
    void explainsDamage();
    void explainsFilesThatCannotBeRead();
    void warnsOfValidity_data();
    void warnsOfValidity();
    void comparesCertificatesAndKey();
};

void TestCertificates::loads_data()
{
    QTest::addColumn<QString>("cert");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QSsl::KeyAlgorithm>("algorithm");
    QTest::addColumn<qsizetype>("chainLength");

    const auto row = [](const char *name,
                        const QString &cert,
                        const QString &key,
                        QSsl::KeyAlgorithm algorithm,
                        qsizetype chainLength) {
        QTest::newRow(name) << cert << key << algorithm << chainLength;
    };
    row("RSA, PKCS#1", u"rsa.pem"_s, u"rsa-pkcs1.key"_s, QSsl::Rsa, 1);
    row("RSA, PKCS#8", u"rsa.pem"_s, u"rsa-pkcs8.key"_s, QSsl::Rsa, 1);
    row("EC, SEC1", u"ec.pem"_s, u"ec-sec1.key"_s, QSsl::Ec, 1);
    row("EC, SEC1 behind EC PARAMETERS", u"ec.pem"_s, u"ec-sec1-parameters.key"_s, QSsl::Ec, 1);
    row("EC, PKCS#8", u"ec.pem"_s, u"ec-pkcs8.key"_s, QSsl::Ec, 1);
    row("chain in one file", u"ec-chain.pem"_s, u"ec-pkcs8.key"_s, QSsl::Ec, 2);
    row("key and chain in one file", u"ec-all-in-one.pem"_s, u"ec-all-in-one.pem"_s, QSsl::Ec, 2);
}

void TestCertificates::loads()
{
    QFETCH(QString, cert);
    QFETCH(QString, key);
    QFETCH(QSsl::KeyAlgorithm, algorithm);
    QFETCH(qsizetype, chainLength);

    const auto pair = loadCertificatePair(data(cert), data(key));

    QVERIFY2(pair, pair ? "" : qPrintable(pair.error().text));
    QCOMPARE(pair->chain.size(), chainLength);
    QVERIFY(!pair->key.isNull());
    QCOMPARE(pair->key.type(), QSsl::PrivateKey);
    QCOMPARE(pair->key.algorithm(), algorithm);
}

void TestCertificates::tellsWhatIsServed()
{
    const auto pair = loadCertificatePair(data(u"ec-chain.pem"_s), data(u"ec-sec1.key"_s));

    QVERIFY(pair);
    QCOMPARE(pair->certPath, data(u"ec-chain.pem"_s));
    QCOMPARE(pair->keyPath, data(u"ec-sec1.key"_s));
    QCOMPARE(pair->fingerprint,
             u"68:0B:58:D3:47:9D:F6:A3:60:DD:01:18:9E:4D:F9:89:"
             "71:91:A5:C5:77:07:E2:90:21:02:45:3F:AA:1F:B2:3D"_s);
    QCOMPARE(pair->notBefore, pair->chain.first().effectiveDate());
    QCOMPARE(pair->notAfter, pair->chain.first().expiryDate());
}

void TestCertificates::explainsFaults_data()
{
    QTest::addColumn<QString>("cert");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("expected"); // CERT and KEY stand for the paths

    const auto row =
        [](const char *name, const QString &cert, const QString &key, const QString &expected) {
            QTest::newRow(name) << cert << key << expected;
        };
    row("key of another certificate, same kind",
        u"ed25519.pem"_s,
        u"ec-pkcs8.key"_s,
        u"KEY: this key does not belong to the certificate in CERT"_s);
    row("key of another certificate, other kind",
        u"ec.pem"_s,
        u"rsa-pkcs8.key"_s,
        u"KEY: this key does not belong to the certificate in CERT"_s);
    row("chain in the wrong order",
        u"ec-wrong-order.pem"_s,
        u"ec-pkcs8.key"_s,
        u"CERT: the certificate of the key in KEY must be the first in the file, the rest of its "
        "chain after it"_s);
    row("PKCS#8 key with a pass phrase",
        u"ec.pem"_s,
        u"ec-encrypted.key"_s,
        u"KEY: the key has a pass phrase, which nobody could enter when the server starts; remove "
        "it with `openssl pkey -in KEY -out NEWFILE`"_s);
    row("PKCS#1 key with a pass phrase",
        u"rsa.pem"_s,
        u"rsa-encrypted.key"_s,
        u"KEY: the key has a pass phrase, which nobody could enter when the server starts; remove "
        "it with `openssl pkey -in KEY -out NEWFILE`"_s);
    row("Ed25519",
        u"ed25519.pem"_s,
        u"ed25519.key"_s,
        u"KEY: keys of the kind ED25519 cannot be used; take an RSA or EC key"_s);
    row("certificate in the place of the key",
        u"ec.pem"_s,
        u"ec-chain.pem"_s,
        u"KEY: there is no private key in this file; it must hold PEM text that begins with "
        "-----BEGIN PRIVATE KEY-----"_s);
    row("key in the place of the certificate",
        u"ec-pkcs8.key"_s,
        u"ec-sec1.key"_s,
        u"CERT: there is no certificate in this file; it must hold PEM text that begins with "
        "-----BEGIN CERTIFICATE-----"_s);
    row("DER",
        u"ec.der"_s,
        u"ec-sec1.key"_s,
        u"CERT: there is no certificate in this file; it must hold PEM text that begins with "
        "-----BEGIN CERTIFICATE-----"_s);
    row("no such certificate",
        u"missing.pem"_s,
        u"ec-sec1.key"_s,
        u"CERT: cannot be read: "_s + whyMissing());
    row("no such key", u"ec.pem"_s, u"missing.key"_s, u"KEY: cannot be read: "_s + whyMissing());
    row("folder", u""_s, u"ec-sec1.key"_s, u"CERT: this is a folder, not a PEM file"_s);
}

void TestCertificates::explainsFaults()
{
    QFETCH(QString, cert);
    QFETCH(QString, key);
    QFETCH(QString, expected);

    const auto pair = loadCertificatePair(data(cert), data(key));

    QVERIFY(!pair);
    expected.replace(u"CERT:"_s, data(cert) + u':');
    expected.replace(u"in CERT"_s, u"in "_s + data(cert));
    expected.replace(u"KEY:"_s, data(key) + u':');
    expected.replace(u"in KEY"_s, u"in "_s + data(key));
    QCOMPARE(pair.error().text, expected);
}

void TestCertificates::explainsDamage()
{
    const QTemporaryDir dir;
    const QString cert = dir.filePath(u"cert.pem"_s);
    const QString key = dir.filePath(u"key.pem"_s);
    const QByteArray goodCert = read(data(u"ec-chain.pem"_s));
    const QByteArray goodKey = read(data(u"ec-pkcs8.key"_s));

    write(cert, {});
    write(key, goodKey);
    QCOMPARE(loadCertificatePair(cert, key).error().text, cert + u": the file is empty"_s);

    // Half a chain, as while somebody still copies it.
    write(cert, goodCert.chopped(100));
    QCOMPARE(loadCertificatePair(cert, key).error().text,
             cert + u": certificate 2 of 2 is damaged"_s);

    write(cert, QByteArray(1024 * 1024 + 1, 'x'));
    QCOMPARE(loadCertificatePair(cert, key).error().text,
             cert + u": this is no PEM file: it is larger than 1 MiB"_s);

    write(cert, goodCert);
    write(key, " \n");
    QCOMPARE(loadCertificatePair(cert, key).error().text, key + u": the file is empty"_s);

    write(key, goodKey.chopped(50));
    QCOMPARE(loadCertificatePair(cert, key).error().text,
             key + u": the private key is damaged, or of a kind that is not known"_s);
}

void TestCertificates::explainsFilesThatCannotBeRead()
{
    const QTemporaryDir dir;
    QFile file(dir.filePath(u"key.pem"_s));
    write(file.fileName(), read(data(u"ec-pkcs8.key"_s)));
    QVERIFY(file.setPermissions(QFile::WriteOwner));
    const auto restore =
        qScopeGuard([&file] { file.setPermissions(QFile::ReadOwner | QFile::WriteOwner); });
    if (file.open(QIODevice::ReadOnly)) {
        QSKIP("This user may read every file");
    }

    QCOMPARE(loadCertificatePair(data(u"ec.pem"_s), file.fileName()).error().text,
             file.fileName() + u": cannot be read: Permission denied"_s);
}

void TestCertificates::warnsOfValidity_data()
{
    QTest::addColumn<QDateTime>("now");
    QTest::addColumn<QString>("expected");

    const auto day = [](int month, int dayOfMonth) {
        return QDateTime(QDate(2026, month, dayOfMonth), QTime(12, 0), Qt::UTC);
    };
    QTest::newRow("not yet") << day(1, 1)
                             << u"CERT: the certificate is not valid before 2026-02-01T00:00:00Z; "
                                "mail programs will refuse it"_s;
    QTest::newRow("valid") << day(2, 1) << QString();
    QTest::newRow("more than two weeks to go") << day(4, 16) << QString();
    QTest::newRow("less than two weeks to go")
        << day(4, 18) << u"CERT: the certificate expires on 2026-05-01T00:00:00Z"_s;
    QTest::newRow("expired") << day(5, 1)
                             << u"CERT: the certificate expired on 2026-05-01T00:00:00Z; mail "
                                "programs will refuse it"_s;
}

// An expired certificate is served all the same: whoever has nothing better can still get at the
// mail, and the log says what is wrong.
void TestCertificates::warnsOfValidity()
{
    QFETCH(QDateTime, now);
    QFETCH(QString, expected);
    const QTemporaryDir dir;
    const QString cert = dir.filePath(u"cert.pem"_s);
    const QString key = dir.filePath(u"key.pem"_s);
    const auto made = createCa({u"test"_s,
                                QDateTime(QDate(2026, 2, 1), QTime(0, 0), Qt::UTC),
                                QDateTime(QDate(2026, 5, 1), QTime(0, 0), Qt::UTC)});
    QVERIFY(made);
    write(cert, made->chain);
    write(key, made->key);

    const auto pair = loadCertificatePair(cert, key);

    QVERIFY(pair);
    QCOMPARE(validityWarning(*pair, now), expected.replace(u"CERT"_s, cert));
}

void TestCertificates::comparesCertificatesAndKey()
{
    const auto pair = loadCertificatePair(data(u"ec.pem"_s), data(u"ec-sec1.key"_s));
    const auto otherForm = loadCertificatePair(data(u"ec.pem"_s), data(u"ec-pkcs8.key"_s));
    const auto longer = loadCertificatePair(data(u"ec-chain.pem"_s), data(u"ec-pkcs8.key"_s));
    const auto other = loadCertificatePair(data(u"rsa.pem"_s), data(u"rsa-pkcs8.key"_s));

    QVERIFY(pair && otherForm && longer && other);
    QVERIFY(pair->sameAs(*otherForm));
    QVERIFY(!pair->sameAs(*longer));
    QVERIFY(!pair->sameAs(*other));
}

QTEST_GUILESS_MAIN(TestCertificates)
#include "tst_certificates.moc"
