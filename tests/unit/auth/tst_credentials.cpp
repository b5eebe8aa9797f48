#include "core/auth/credentials.h"

#include <QMessageAuthenticationCode>
#include <QPasswordDigestor>
#include <QTest>

using namespace Postnook;

namespace
{

const auto Salt = QByteArrayLiteral("0123456789abcdef");

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

} // namespace

class TestCredentials : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void derives_data();
    void derives();
    void refuses_data();
    void refuses();
    void verifies_data();
    void verifies();
    void verifyRefusesBrokenRecords_data();
    void verifyRefusesBrokenRecords();
    void fakesAreStableAndDistinct();
    void fakesHaveIterationsOfAccounts();
    void comparesSecrets();
};

void TestCredentials::derives_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<QByteArray>("prepared");

    QTest::newRow("ascii") << QStringLiteral("pencil") << QByteArray("pencil");
    QTest::newRow("rfc4013 soft hyphen") << QStringLiteral("pen\u00ADcil") << QByteArray("pencil");
    QTest::newRow("decomposed") << QStringLiteral("u\u0308") << QByteArray("\xc3\xbc");
    QTest::newRow("longest") << QString(1000, QLatin1Char('x')) << QByteArray(1000, 'x');
}

// Against Qt's own PBKDF2 and HMAC.
void TestCredentials::derives()
{
    QFETCH(const QString, password);
    QFETCH(const QByteArray, prepared);

    const auto credentials = Auth::deriveCredentials(password, Salt, Auth::MinIterations);
    QVERIFY(credentials);
    const QByteArray salted = QPasswordDigestor::deriveKeyPbkdf2(
        QCryptographicHash::Sha256, prepared, Salt, Auth::MinIterations, 32);
    const QByteArray clientKey = hmac(salted, "Client Key");
    const ScramCredentials expected{Salt,
                                    Auth::MinIterations,
                                    QCryptographicHash::hash(clientKey, QCryptographicHash::Sha256),
                                    hmac(salted, "Server Key")};
    QCOMPARE(credentials->storedKey, expected.storedKey);
    QCOMPARE(*credentials, expected);
}

void TestCredentials::refuses_data()
{
    QTest::addColumn<QString>("password");
    QTest::addColumn<QByteArray>("salt");
    QTest::addColumn<int>("iterations");

    const auto good = QStringLiteral("pencil");
    QTest::newRow("empty password") << QString() << Salt << 4096;
    QTest::newRow("control character") << QStringLiteral("a\tb") << Salt << 4096;
    QTest::newRow("1001 bytes") << QString(1001, QLatin1Char('x')) << Salt << 4096;
    QTest::newRow("1001 bytes in fewer characters")
        << QString(500, QChar(0xfc)) + QLatin1Char('x') << Salt << 4096;
    QTest::newRow("no salt") << good << QByteArray() << 4096;
    QTest::newRow("too few iterations") << good << Salt << 4095;
    QTest::newRow("too many iterations") << good << Salt << Auth::MaxIterations + 1;
    QTest::newRow("negative iterations") << good << Salt << -1;
}

void TestCredentials::refuses()
{
    QFETCH(const QString, password);
    QFETCH(const QByteArray, salt);
    QFETCH(const int, iterations);

    const auto credentials = Auth::deriveCredentials(password, salt, iterations);
    QVERIFY(!credentials);
    QCOMPARE(credentials.error().code, ErrorCode::Invalid);
}

void TestCredentials::verifies_data()
{
    QTest::addColumn<QString>("stored");
    QTest::addColumn<QString>("tried");
    QTest::addColumn<bool>("fits");

    const auto pencil = QStringLiteral("pencil");
    QTest::newRow("right") << pencil << pencil << true;
    QTest::newRow("wrong") << pencil << QStringLiteral("pencils") << false;
    QTest::newRow("case matters") << pencil << QStringLiteral("Pencil") << false;
    QTest::newRow("composed and decomposed")
        << QStringLiteral("\u00FCber") << QStringLiteral("u\u0308ber") << true;
    QTest::newRow("emoji") << QStringLiteral("\U0001F642") << QStringLiteral("\U0001F642") << true;
    QTest::newRow("empty") << pencil << QString() << false;
    QTest::newRow("prohibited") << pencil << QStringLiteral("pencil\a") << false;
    QTest::newRow("what a prohibited one is replaced by")
        << QStringLiteral("x") << QString() << false;
    QTest::newRow("too long") << pencil << QString(100'000, QLatin1Char('x')) << false;
}

void TestCredentials::verifies()
{
    QFETCH(const QString, stored);
    QFETCH(const QString, tried);

    const auto credentials = Auth::deriveCredentials(stored, Salt, Auth::MinIterations);
    QVERIFY(credentials);
    QTEST(Auth::verifyPassword(*credentials, tried), "fits");
}

void TestCredentials::verifyRefusesBrokenRecords_data()
{
    QTest::addColumn<ScramCredentials>("record");

    const auto good = *Auth::deriveCredentials(QStringLiteral("pencil"), Salt, Auth::MinIterations);
    QTest::newRow("empty") << ScramCredentials{};
    QTest::newRow("no iterations") << ScramCredentials{Salt, 0, good.storedKey, good.serverKey};
    QTest::newRow("endless iterations")
        << ScramCredentials{Salt, INT_MAX, good.storedKey, good.serverKey};
    QTest::newRow("no key") << ScramCredentials{Salt, 4096, QByteArray(), good.serverKey};
    QTest::newRow("short key") << ScramCredentials{
        Salt, 4096, good.storedKey.left(31), good.serverKey};
}

void TestCredentials::verifyRefusesBrokenRecords()
{
    QFETCH(const ScramCredentials, record);

    QVERIFY(!Auth::verifyPassword(record, QStringLiteral("pencil")));
}

void TestCredentials::fakesAreStableAndDistinct()
{
    const auto fake = [](const char *secret, const char *name) {
        return Auth::fakeCredentials(secret, QString::fromUtf8(name), {Auth::MinIterations});
    };
    const auto ann = fake("secret", "ann");
    QCOMPARE(ann, fake("secret", "ann"));
    QCOMPARE(ann, fake("secret", "ANN"));
    QVERIFY(ann.salt != fake("secret", "bob").salt);
    QVERIFY(ann.salt != fake("another secret", "ann").salt);
    QCOMPARE(ann.salt.size(), Auth::SaltBytes);
    QCOMPARE(ann.iterations, Auth::MinIterations);
    QCOMPARE(ann.storedKey.size(), 32);
    QCOMPARE(ann.serverKey.size(), 32);
    QVERIFY(ann.storedKey != ann.serverKey);
    QVERIFY(!Auth::verifyPassword(ann, QStringLiteral("ann")));
}

// Who has no account seems to have one like the others.
void TestCredentials::fakesHaveIterationsOfAccounts()
{
    const QList<int> accounts{5000, 5000, 70'000};
    QHash<int, int> counts;
    for (int i = 0; i < 300; ++i) {
        const auto name = QStringLiteral("user%1").arg(i);
        const auto fake = Auth::fakeCredentials("secret", name, accounts);
        QCOMPARE(fake.iterations, Auth::fakeCredentials("secret", name, accounts).iterations);
        ++counts[fake.iterations];
    }
    QCOMPARE(counts.size(), 2);
    QVERIFY(counts[5000] > counts[70'000]);
}

void TestCredentials::comparesSecrets()
{
    QVERIFY(Auth::isSameSecret("abc", "abc"));
    QVERIFY(!Auth::isSameSecret("abc", "abd"));
    QVERIFY(!Auth::isSameSecret("abc", "ab"));
    QVERIFY(!Auth::isSameSecret("", ""));
}

QTEST_GUILESS_MAIN(TestCredentials)
#include "tst_credentials.moc"
