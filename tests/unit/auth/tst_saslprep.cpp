#include "core/auth/saslprep.h"

#include <QTest>

using namespace Postnook;

class TestSaslPrep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void prepares_data();
    void prepares();
    void refuses_data();
    void refuses();
    void foldsNames_data();
    void foldsNames();
};

void TestSaslPrep::prepares_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("prepared");

    QTest::newRow("rfc4013-3 soft hyphen goes")
        << QStringLiteral("I\u00ADX") << QStringLiteral("IX");
    QTest::newRow("rfc4013-3 user") << QStringLiteral("user") << QStringLiteral("user");
    QTest::newRow("rfc4013-3 case stays") << QStringLiteral("USER") << QStringLiteral("USER");
    QTest::newRow("rfc4013-3 ordinal") << QStringLiteral("\u00AA") << QStringLiteral("a");
    QTest::newRow("rfc4013-3 roman numeral") << QStringLiteral("\u2168") << QStringLiteral("IX");
    QTest::newRow("rfc4013-2.1 no-break space")
        << QStringLiteral("a\u00A0b") << QStringLiteral("a b");
    QTest::newRow("decomposed umlaut")
        << QStringLiteral("Mu\u0308ller") << QStringLiteral("M\u00FCller");
    QTest::newRow("newer than Unicode 3.2")
        << QStringLiteral("a\U0001F642b") << QStringLiteral("a\U0001F642b");
    QTest::newRow("right to left")
        << QStringLiteral("\u05D0\u05D1") << QStringLiteral("\u05D0\u05D1");
    QTest::newRow("grows eighteenfold")
        << QStringLiteral("\uFDFA").repeated(40)
        << QStringLiteral("\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 "
                          "\u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645")
               .repeated(40);
}

void TestSaslPrep::prepares()
{
    QFETCH(const QString, text);
    QFETCH(const QString, prepared);

    const auto result = Auth::saslPrep(text);
    QVERIFY2(result, result ? "" : qPrintable(result.error().text));
    QCOMPARE(*result, prepared);
    QCOMPARE(*Auth::saslPrep(prepared), prepared);
}

void TestSaslPrep::refuses_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("empty") << QString();
    QTest::newRow("too long") << QString(1001, u'a');
    // Nothing of it is between the marks when ICU brings them into order, which takes hours.
    QTest::newRow("marks without end")
        << u'a' + QStringLiteral(u"\u0301\u0316\u034f").repeated(1'000'000);
    QTest::newRow("nothing left") << QStringLiteral("\u00AD");
    QTest::newRow("rfc4013-3 BEL") << QStringLiteral("\u0007");
    QTest::newRow("rfc4013-3 bidirectional") << QStringLiteral("\u06271");
    QTest::newRow("NUL") << QString(QChar(0));
    QTest::newRow("line end") << QStringLiteral("a\nb");
    QTest::newRow("private use") << QStringLiteral("\uE000");
    QTest::newRow("lone surrogate") << QString(QChar(0xd800));
    QTest::newRow("replacement character") << QStringLiteral("a\uFFFD");
}

void TestSaslPrep::refuses()
{
    QFETCH(const QString, text);

    const auto result = Auth::saslPrep(text);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Invalid);
}

void TestSaslPrep::foldsNames_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");

    QTest::newRow("case") << QStringLiteral("Ann") << QStringLiteral("aNN");
    QTest::newRow("umlaut") << QStringLiteral("M\u00DCLLER") << QStringLiteral("mu\u0308ller");
    QTest::newRow("final sigma") << QStringLiteral("\u03A3\u0391\u03A3")
                                 << QStringLiteral("\u03C3\u03B1\u03C2");
    const int many = 2'000'000;
    QTest::newRow("marks without end") << u'A' + QStringLiteral(u"\u0301\u0316").repeated(many)
                                       << u'a' + QStringLiteral(u"\u0301\u0316").repeated(many);
}

void TestSaslPrep::foldsNames()
{
    QFETCH(const QString, one);
    QFETCH(const QString, other);

    QCOMPARE(Auth::foldName(one), Auth::foldName(other));
    QVERIFY(Auth::foldName(one) != Auth::foldName(one + QLatin1Char('x')));
}

QTEST_GUILESS_MAIN(TestSaslPrep)
#include "tst_saslprep.moc"
