#include "core/auth/credentials.h"
#include "core/auth/scramserver.h"

#include <QMessageAuthenticationCode>
#include <QPasswordDigestor>
#include <QTest>

using namespace Postnook;

namespace
{

const auto ClientNonce = QByteArrayLiteral("rOprNGfwEbeRWgbNEkqO");
const auto ServerNonce = QByteArrayLiteral("%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

// What a client sends last, made with Qt's own hashes.
QByteArray clientFinal(const QByteArray &password,
                       const QByteArray &clientFirstBare,
                       const QByteArray &serverFirst,
                       const QByteArray &withoutProof)
{
    const auto attributes = serverFirst.split(',');
    const QByteArray salted =
        QPasswordDigestor::deriveKeyPbkdf2(QCryptographicHash::Sha256,
                                           password,
                                           QByteArray::fromBase64(attributes[1].mid(2)),
                                           attributes[2].mid(2).toInt(),
                                           32);
    QByteArray proof = hmac(salted, "Client Key");
    const QByteArray storedKey = QCryptographicHash::hash(proof, QCryptographicHash::Sha256);
    const QByteArray signature =
        hmac(storedKey, clientFirstBare + ',' + serverFirst + ',' + withoutProof);
    for (qsizetype i = 0; i < proof.size(); ++i) {
        proof[i] = static_cast<char>(proof[i] ^ signature[i]);
    }
    return withoutProof + ",p=" + proof.toBase64();
}

ScramCredentials pencil()
{
    return *Auth::deriveCredentials(
        QStringLiteral("pencil"), QByteArray::fromBase64("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);
}

} // namespace

class TestScramServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rfc7677Example();
    void begins_data();
    void begins();
    void refusesToBegin_data();
    void refusesToBegin();
    void finishes_data();
    void finishes();
    void stepsOutOfOrder();
    void unknownUserFails();
    void actsForAnother();
};

void TestScramServer::rfc7677Example()
{
    Auth::ScramServer server;
    const auto user = server.begin("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    QVERIFY(user);
    QCOMPARE(*user, QStringLiteral("user"));
    QCOMPARE(server.challenge(pencil(), ServerNonce),
             QByteArray("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
    const auto last = server.finish("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    QVERIFY(last);
    QCOMPARE(*last, QByteArray("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
}

void TestScramServer::begins_data()
{
    QTest::addColumn<QByteArray>("gs2");
    QTest::addColumn<QByteArray>("bare");
    QTest::addColumn<QString>("user");

    const auto user = QStringLiteral("user");
    QTest::newRow("rfc5802-7 n") << QByteArray("n,,") << QByteArray("n=user,r=abc") << user;
    QTest::newRow("rfc5802-7 y") << QByteArray("y,,") << QByteArray("n=user,r=abc") << user;
    QTest::newRow("same authzid") << QByteArray("n,a=user,") << QByteArray("n=user,r=abc") << user;
    QTest::newRow("same authzid in other case")
        << QByteArray("n,a=USER,") << QByteArray("n=user,r=abc") << user;
    QTest::newRow("rfc5802-5.1 escapes")
        << QByteArray("n,a=a=2Cb=3Dc,") << QByteArray("n=a=2Cb=3Dc,r=abc")
        << QStringLiteral("a,b=c");
    QTest::newRow("escape at the end")
        << QByteArray("n,,") << QByteArray("n=a=3D,r=abc") << QStringLiteral("a=");
    QTest::newRow("saslprepped") << QByteArray("n,,") << QByteArray("n=I\xc2\xadX,r=abc")
                                 << QStringLiteral("IX");
    QTest::newRow("unknown extension is passed over")
        << QByteArray("n,,") << QByteArray("n=user,r=abc,x=1=2,Y=3") << user;
    QTest::newRow("any printable nonce")
        << QByteArray("n,,") << QByteArray("n=user,r=!\"#$%&'()*+-./09:;<=>?@AZ[\\]^_`az{|}~")
        << user;
}

void TestScramServer::begins()
{
    QFETCH(const QByteArray, gs2);
    QFETCH(const QByteArray, bare);
    QFETCH(const QString, user);

    Auth::ScramServer server;
    const auto name = server.begin(gs2 + bare);
    QVERIFY2(name, name ? "" : qPrintable(name.error().text));
    QCOMPARE(*name, user);

    const QByteArray challenge = server.challenge(pencil(), ServerNonce);
    const QByteArray nonce = challenge.split(',').first();
    const auto last =
        server.finish(clientFinal("pencil", bare, challenge, "c=" + gs2.toBase64() + ',' + nonce));
    QVERIFY2(last, last ? "" : qPrintable(last.error().text));
}

void TestScramServer::refusesToBegin_data()
{
    QTest::addColumn<QByteArray>("message");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no gs2 header") << QByteArray("n=user,r=abc");
    QTest::newRow("channel binding") << QByteArray("p=tls-unique,,n=user,r=abc");
    QTest::newRow("unknown gs2 flag") << QByteArray("x,,n=user,r=abc");
    QTest::newRow("gs2 header only") << QByteArray("n,");
    QTest::newRow("nothing behind the gs2 header") << QByteArray("n,,");
    QTest::newRow("prohibited authzid") << QByteArray("n,a=a\tb,n=user,r=abc");
    QTest::newRow("empty authzid") << QByteArray("n,a=,n=user,r=abc");
    QTest::newRow("authzid without name") << QByteArray("n,user,n=user,r=abc");
    QTest::newRow("rfc5802-5.1 mandatory extension") << QByteArray("n,,m=x,n=user,r=abc");
    QTest::newRow("mandatory extension at the end") << QByteArray("n,,n=user,r=abc,m=x");
    QTest::newRow("no name") << QByteArray("n,,r=abc");
    QTest::newRow("empty name") << QByteArray("n,,n=,r=abc");
    QTest::newRow("long name") << QByteArray("n,,n=") + QByteArray(1001, 'x') + ",r=abc";
    QTest::newRow("prohibited name") << QByteArray("n,,n=a\tb,r=abc");
    QTest::newRow("bare equals sign") << QByteArray("n,,n=a=b,r=abc");
    QTest::newRow("escape in lower case") << QByteArray("n,,n=a=2cb,r=abc");
    QTest::newRow("cut escape") << QByteArray("n,,n=a=3,r=abc");
    QTest::newRow("equals sign at the end") << QByteArray("n,,n=a=,r=abc");
    QTest::newRow("no nonce") << QByteArray("n,,n=user");
    QTest::newRow("empty nonce") << QByteArray("n,,n=user,r=");
    QTest::newRow("space in nonce") << QByteArray("n,,n=user,r=a b");
    QTest::newRow("8 bit nonce") << QByteArray("n,,n=user,r=\xc3\xbc");
    QTest::newRow("order") << QByteArray("n,,r=abc,n=user");
    QTest::newRow("comma at the end") << QByteArray("n,,n=user,r=abc,");
    QTest::newRow("malformed extension") << QByteArray("n,,n=user,r=abc,1=x");
    QTest::newRow("extension without value") << QByteArray("n,,n=user,r=abc,x=");
    QTest::newRow("broken utf-8") << QByteArray("n,,n=us\xff"
                                                "er,r=abc");
    QTest::newRow("NUL") << QByteArray("n,,n=us\0er,r=abc", 16);
}

void TestScramServer::refusesToBegin()
{
    QFETCH(const QByteArray, message);

    Auth::ScramServer server;
    const auto user = server.begin(message);
    QVERIFY(!user);
    QCOMPARE(user.error().code, ErrorCode::Invalid);
    QVERIFY(!server.finish("c=biws,r=abc,p=YQ=="));
}

void TestScramServer::finishes_data()
{
    QTest::addColumn<QByteArray>("password");
    QTest::addColumn<QByteArray>("withoutProof");
    QTest::addColumn<QByteArray>("change"); // replaces the whole message, if there is one
    QTest::addColumn<int>("code"); // -1: right

    constexpr int Right = -1;
    constexpr int Invalid = static_cast<int>(ErrorCode::Invalid);
    constexpr int Wrong = static_cast<int>(ErrorCode::NotPermitted);
    const QByteArray nonce = ",r=" + ClientNonce + ServerNonce;
    const QByteArray usual = "c=biws" + nonce;

    QTest::newRow("right") << QByteArray("pencil") << usual << QByteArray() << Right;
    QTest::newRow("extension") << QByteArray("pencil") << usual + ",x=1" << QByteArray() << Right;
    QTest::newRow("wrong password") << QByteArray("pen") << usual << QByteArray() << Wrong;
    QTest::newRow("rfc5802-6 header of y for n")
        << QByteArray("pencil") << "c=eSws" + nonce << QByteArray() << Wrong;
    QTest::newRow("binding data behind the header")
        << QByteArray("pencil") << "c=biwsYWJj" + nonce << QByteArray() << Wrong;
    QTest::newRow("client's nonce alone")
        << QByteArray("pencil") << "c=biws,r=" + ClientNonce << QByteArray() << Wrong;
    QTest::newRow("nonce goes on") << QByteArray("pencil") << usual + 'x' << QByteArray() << Wrong;
    QTest::newRow("mandatory extension")
        << QByteArray("pencil") << usual + ",m=1" << QByteArray() << Invalid;
    QTest::newRow("malformed extension")
        << QByteArray("pencil") << usual + ",x" << QByteArray() << Invalid;
    QTest::newRow("order") << QByteArray("pencil") << "r=" + ClientNonce + ServerNonce + ",c=biws"
                           << QByteArray() << Invalid;
    QTest::newRow("no binding") << QByteArray("pencil") << nonce.sliced(1) << QByteArray()
                                << Invalid;
    QTest::newRow("empty") << QByteArray() << QByteArray() << QByteArray("") << Invalid;
    QTest::newRow("no proof") << QByteArray() << QByteArray() << usual << Invalid;
    QTest::newRow("empty proof") << QByteArray() << QByteArray() << usual + ",p=" << Invalid;
    QTest::newRow("short proof") << QByteArray() << QByteArray()
                                 << usual + ",p=" + QByteArray(31, 'x').toBase64() << Invalid;
    QTest::newRow("long proof") << QByteArray() << QByteArray()
                                << usual + ",p=" + QByteArray(33, 'x').toBase64() << Invalid;
    QTest::newRow("proof of zeros")
        << QByteArray() << QByteArray() << usual + ",p=" + QByteArray(32, '\0').toBase64() << Wrong;
    QTest::newRow("proof is no base64")
        << QByteArray() << QByteArray() << usual + ",p=****" << Invalid;
    QTest::newRow("comma behind the proof")
        << QByteArray() << QByteArray() << usual + ",p=" + QByteArray(32, 'x').toBase64() + ','
        << Invalid;
}

void TestScramServer::finishes()
{
    QFETCH(const QByteArray, password);
    QFETCH(const QByteArray, withoutProof);
    QFETCH(const QByteArray, change);
    QFETCH(const int, code);

    Auth::ScramServer server;
    QVERIFY(server.begin("n,,n=user,r=" + ClientNonce));
    const QByteArray challenge = server.challenge(pencil(), ServerNonce);
    const QByteArray message = change.isNull()
        ? clientFinal(password, "n=user,r=" + ClientNonce, challenge, withoutProof)
        : change;
    const auto last = server.finish(message);
    QCOMPARE(last ? -1 : static_cast<int>(last.error().code), code);
    QVERIFY(!server.finish(message)); // one exchange, one answer
}

void TestScramServer::stepsOutOfOrder()
{
    Auth::ScramServer server;
    QVERIFY(!server.finish("c=biws,r=abc,p=YQ=="));
    QVERIFY(server.begin("n,,n=user,r=abc"));
    QVERIFY(!server.begin("n,,n=user,r=abc"));
}

void TestScramServer::unknownUserFails()
{
    Auth::ScramServer server;
    QVERIFY(server.begin("n,,n=nobody,r=" + ClientNonce));
    const QByteArray challenge = server.challenge(
        Auth::fakeCredentials("secret", QStringLiteral("nobody"), {4096}), ServerNonce);
    const auto last = server.finish(clientFinal(
        "pencil", "n=nobody,r=" + ClientNonce, challenge, "c=biws,r=" + ClientNonce + ServerNonce));
    QVERIFY(!last);
    QCOMPARE(last.error().code, ErrorCode::NotPermitted);
}

// Known from the start, and the proof is asked for all the same.
void TestScramServer::actsForAnother()
{
    for (const QByteArray gs2 : {"n,a=root,", "n,a=user,", "n,a=USER,", "n,,"}) {
        const QByteArray bare = "n=user,r=abc";
        Auth::ScramServer server;
        QVERIFY(server.begin(gs2 + bare));
        QCOMPARE(server.isForAnother(), gs2.contains("root"));
        const QByteArray challenge = server.challenge(pencil(), ServerNonce);
        const QByteArray end = "c=" + gs2.toBase64() + ',' + challenge.split(',').first();
        QVERIFY(server.finish(clientFinal("pencil", bare, challenge, end)));
    }
}

QTEST_GUILESS_MAIN(TestScramServer)
#include "tst_scramserver.moc"
