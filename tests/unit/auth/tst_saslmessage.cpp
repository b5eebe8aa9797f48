#include "core/auth/saslmessage.h"

#include <QTest>

using namespace Postnook;

class TestSaslMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parsesPlain_data();
    void parsesPlain();
    void refusesPlain_data();
    void refusesPlain();
    void decodesLines_data();
    void decodesLines();
    void refusesLines_data();
    void refusesLines();
};

void TestSaslMessage::parsesPlain_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QString>("authzid");
    QTest::addColumn<QString>("authcid");
    QTest::addColumn<QString>("password");

    const auto tim = QStringLiteral("tim");
    QTest::newRow("rfc4616-4 no authzid") << QByteArray("\0tim\0tanstaaftanstaaf", 21) << QString()
                                          << tim << QStringLiteral("tanstaaftanstaaf");
    QTest::newRow("rfc4616-4 authzid")
        << QByteArray("Ursel\0Kurt\0xipj3plmq", 20) << QStringLiteral("Ursel")
        << QStringLiteral("Kurt") << QStringLiteral("xipj3plmq");
    QTest::newRow("utf-8") << QByteArray("\0tim\0\xc3\xbc\xf0\x9f\x99\x82", 11) << QString() << tim
                           << QStringLiteral("\u00FC\U0001F642");
    QTest::newRow("spaces stay") << QByteArray("\0tim\0 a ", 8) << QString() << tim
                                 << QStringLiteral(" a ");
    QTest::newRow("longest") << QByteArray("\0tim\0", 5) + QByteArray(1000, 'x') << QString() << tim
                             << QString(1000, QLatin1Char('x'));
}

void TestSaslMessage::parsesPlain()
{
    QFETCH(const QByteArray, response);
    QFETCH(const QString, authzid);
    QFETCH(const QString, authcid);
    QFETCH(const QString, password);

    const auto plain = Auth::parsePlain(response);
    QVERIFY(plain);
    QCOMPARE(*plain, (Auth::PlainResponse{authzid, authcid, password}));
}

void TestSaslMessage::refusesPlain_data()
{
    QTest::addColumn<QByteArray>("response");

    const QByteArray nul(1, '\0');
    const QByteArray long1001(1001, 'x');
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no NUL") << QByteArray("tim");
    QTest::newRow("one NUL") << "tim" + nul + "pw";
    QTest::newRow("three NULs") << nul + "tim" + nul + "pw" + nul;
    QTest::newRow("only NULs") << nul + nul;
    QTest::newRow("no name") << nul + nul + "pw";
    QTest::newRow("no password") << nul + "tim" + nul;
    QTest::newRow("broken utf-8 password") << nul + "tim" + nul + "\xff";
    QTest::newRow("overlong utf-8 name") << nul + "\xc0\xaf" + nul + "pw";
    QTest::newRow("surrogate in authzid") << "\xed\xa0\x80" + nul + "tim" + nul + "pw";
    QTest::newRow("long password") << nul + "tim" + nul + long1001;
    QTest::newRow("long name") << nul + long1001 + nul + "pw";
    QTest::newRow("long authzid") << long1001 + nul + "tim" + nul + "pw";
}

void TestSaslMessage::refusesPlain()
{
    QFETCH(const QByteArray, response);

    const auto plain = Auth::parsePlain(response);
    QVERIFY(!plain);
    QCOMPARE(plain.error().code, ErrorCode::Invalid);
}

void TestSaslMessage::decodesLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("decoded");

    QTest::newRow("rfc4648-10 empty") << QByteArray("") << QByteArray("");
    QTest::newRow("rfc4648-10 f") << QByteArray("Zg==") << QByteArray("f");
    QTest::newRow("rfc4648-10 fo") << QByteArray("Zm8=") << QByteArray("fo");
    QTest::newRow("rfc4648-10 foo") << QByteArray("Zm9v") << QByteArray("foo");
    QTest::newRow("rfc4648-10 foob") << QByteArray("Zm9vYg==") << QByteArray("foob");
    QTest::newRow("plus and slash") << QByteArray("+/+/") << QByteArray("\xfb\xff\xbf");
    QTest::newRow("NUL") << QByteArray("AA==") << QByteArray(1, '\0');
}

void TestSaslMessage::decodesLines()
{
    QFETCH(const QByteArray, line);

    const auto decoded = Auth::decodeSaslLine(line);
    QVERIFY(decoded);
    QTEST(*decoded, "decoded");
}

void TestSaslMessage::refusesLines_data()
{
    QTest::addColumn<QByteArray>("line");

    QTest::newRow("cancelled") << QByteArray("*");
    QTest::newRow("rfc4959 equals sign") << QByteArray("=");
    QTest::newRow("padding missing") << QByteArray("Zg");
    QTest::newRow("padding short") << QByteArray("Zg=");
    QTest::newRow("padding long") << QByteArray("Zg===");
    QTest::newRow("padding in the middle") << QByteArray("Zg==Zg==");
    QTest::newRow("padding only") << QByteArray("====");
    QTest::newRow("one character") << QByteArray("Z");
    QTest::newRow("stray bits") << QByteArray("Zh==");
    QTest::newRow("space") << QByteArray("Zm9v ");
    QTest::newRow("space within") << QByteArray("Zm 9v");
    QTest::newRow("line end") << QByteArray("Zm9v\r");
    QTest::newRow("url alphabet") << QByteArray("-_-_");
    QTest::newRow("NUL") << QByteArray("Zm9\0", 4);
    QTest::newRow("8 bit") << QByteArray("Zm9\xfc");
}

void TestSaslMessage::refusesLines()
{
    QFETCH(const QByteArray, line);

    const auto decoded = Auth::decodeSaslLine(line);
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().code, ErrorCode::Invalid);
}

QTEST_GUILESS_MAIN(TestSaslMessage)
#include "tst_saslmessage.moc"
