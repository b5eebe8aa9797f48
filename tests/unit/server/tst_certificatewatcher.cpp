#include "app/server/certificatefactory.h"
#include "app/server/certificatewatcher.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestCertificateWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingChanged();
    void takesNewPair();
    void keepsOldPair_data();
    void keepsOldPair();
    void logsATroubleOnce();
    void recoversAfterTrouble();
    void warnsWhenTheNewPairIsExpired();
    void noticesFilesThatAreRenamedOver();
    void noticesFilesThatAreWrittenInPlace();
    void noticesALinkToAnotherFolder();

private:
    void writePair(const QDateTime &notAfter = QDateTime::currentDateTimeUtc().addDays(90));
    static void write(const QString &path, const QByteArray &bytes);
    CertificatePair load() const;

    std::unique_ptr<QTemporaryDir> m_dir;
    QString m_cert;
    QString m_key;
};

void TestCertificateWatcher::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_cert = m_dir->filePath(u"cert.pem"_s);
    m_key = m_dir->filePath(u"key.pem"_s);
    writePair();
}

void TestCertificateWatcher::write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) {
        qFatal("The test cannot write its file");
    }
}

// A fresh one each time.
void TestCertificateWatcher::writePair(const QDateTime &notAfter)
{
    const auto pair = createCa({u"test"_s, notAfter.addDays(-100), notAfter});
    write(m_key, pair->key);
    write(m_cert, pair->chain);
}

CertificatePair TestCertificateWatcher::load() const
{
    return loadCertificatePair(m_cert, m_key).value();
}

void TestCertificateWatcher::nothingChanged()
{
    CertificateWatcher watcher(load());
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);

    watcher.reload();

    QCOMPARE(changed.size(), 0);
}

void TestCertificateWatcher::takesNewPair()
{
    CertificateWatcher watcher(load());
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);
    writePair();
    const CertificatePair renewed = load();

    QTest::ignoreMessage(
        QtInfoMsg,
        qPrintable(u"%1: serving the new certificate %2, valid until %3"_s.arg(
            m_cert, renewed.fingerprint, renewed.notAfter.toUTC().toString(Qt::ISODate))));
    watcher.reload();

    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed.first().first().value<CertificatePair>().fingerprint, renewed.fingerprint);
    QCOMPARE(watcher.served().fingerprint, renewed.fingerprint);
}

void TestCertificateWatcher::keepsOldPair_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("why"); // FILE, CERT and KEY stand for paths

    QTest::newRow("certificate empty")
        << u"cert.pem"_s << QByteArray() << u"CERT: the file is empty"_s;
    QTest::newRow("key is rubbish")
        << u"key.pem"_s << QByteArray("junk")
        << u"KEY: there is no private key in this file; it must hold PEM text that begins with "
           "-----BEGIN PRIVATE KEY-----"_s;
    QTest::newRow("key of another pair")
        << u"key.pem"_s
        << createCa({u"x"_s, QDateTime::currentDateTimeUtc(), QDateTime::currentDateTimeUtc()})->key
        << u"KEY: this key does not belong to the certificate in CERT"_s;
}

void TestCertificateWatcher::keepsOldPair()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, why);
    const CertificatePair before = load();
    CertificateWatcher watcher(before);
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);
    write(m_dir->filePath(file), bytes);

    why.replace(u"CERT"_s.append(u":"_s), m_cert + u':').replace(u"KEY:"_s, m_key + u':');
    why.replace(u"in CERT"_s, u"in "_s + m_cert);
    QTest::ignoreMessage(
        QtWarningMsg,
        qPrintable(u"%1; still serving the certificate %2, valid until %3"_s.arg(
            why, before.fingerprint, before.notAfter.toUTC().toString(Qt::ISODate))));
    watcher.reload();

    QCOMPARE(changed.size(), 0);
    QCOMPARE(watcher.served().fingerprint, before.fingerprint);
}

void TestCertificateWatcher::logsATroubleOnce()
{
    CertificateWatcher watcher(load());
    QVERIFY(QFile::remove(m_key));
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"still serving the certificate"_s));

    watcher.reload();
    watcher.reload();
}

void TestCertificateWatcher::recoversAfterTrouble()
{
    const CertificatePair before = load();
    CertificateWatcher watcher(before);
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);
    write(m_cert, {});
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"the file is empty; still serving"_s));
    watcher.reload();

    writePair();
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"serving the new certificate"_s));
    watcher.reload();

    QCOMPARE(changed.size(), 1);
}

void TestCertificateWatcher::warnsWhenTheNewPairIsExpired()
{
    CertificateWatcher watcher(load());
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);
    writePair(QDateTime::currentDateTimeUtc().addDays(-1));

    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"serving the new certificate"_s));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"the certificate expired on .*; mail programs"_s));
    watcher.reload();

    QCOMPARE(changed.size(), 1);
}

// As certbot and our own renewal do it.
void TestCertificateWatcher::noticesFilesThatAreRenamedOver()
{
    CertificateWatcher watcher(load());
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);
    const QString cert = std::exchange(m_cert, m_dir->filePath(u"cert.new"_s));
    const QString key = std::exchange(m_key, m_dir->filePath(u"key.new"_s));

    for (int round = 1; round <= 2; ++round) { // the second one: the new files are watched too
        writePair();
        QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"serving the new certificate"_s));
        for (const auto &[from, to] : {std::pair(m_key, key), std::pair(m_cert, cert)}) {
            QVERIFY(QFile::remove(to) && QFile::rename(from, to));
        }
        QTRY_COMPARE(changed.size(), round);
    }
}

void TestCertificateWatcher::noticesFilesThatAreWrittenInPlace()
{
    CertificateWatcher watcher(load());
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);

    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"serving the new certificate"_s));
    writePair();

    QTRY_COMPARE(changed.size(), 1);
}

// As in /etc/letsencrypt/live: the watched file is a link that is replaced.
void TestCertificateWatcher::noticesALinkToAnotherFolder()
{
#ifdef Q_OS_WIN
    QSKIP("Needs links");
#endif
    const QString cert = m_dir->filePath(u"live/cert.pem"_s);
    const QString key = m_dir->filePath(u"live/key.pem"_s);
    QVERIFY(QDir(m_dir->path()).mkdir(u"live"_s));
    QVERIFY(QFile::link(m_cert, cert) && QFile::link(m_key, key));
    CertificateWatcher watcher(loadCertificatePair(cert, key).value());
    const QSignalSpy changed(&watcher, &CertificateWatcher::changed);

    m_cert = m_dir->filePath(u"cert2.pem"_s);
    m_key = m_dir->filePath(u"key2.pem"_s);
    writePair();
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(u"serving the new certificate"_s));
    QVERIFY(QFile::remove(cert) && QFile::link(m_cert, cert));
    QVERIFY(QFile::remove(key) && QFile::link(m_key, key));

    QTRY_COMPARE(changed.size(), 1);
}

QTEST_GUILESS_MAIN(TestCertificateWatcher)
#include "tst_certificatewatcher.moc"
