#include "core/mime/basesubject.h"

#include <QTest>

using namespace Postnook::Mime;

class TestBaseSubject : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void subject_data();
    void subject();
    void large_data();
    void large();
};

void TestBaseSubject::subject_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("base");
    QTest::addColumn<bool>("isReplyOrForward");
    const auto row = [](const char *value, const char *base, bool isReplyOrForward) {
        QTest::newRow(value) << QByteArray(value) << QByteArray(base) << isReplyOrForward;
    };
    row("Lunch", "Lunch", false);
    row("", "", false);
    row(" \t ", "", false);
    // (1) words are decoded, tabs and line ends are blanks, blanks are one
    row("=?utf-8?q?Caf=C3=A9?=", "Caf\xc3\xa9", false);
    row("=?iso-8859-1?q?Re:_Caf=E9?=", "Caf\xc3\xa9", true);
    row("=?utf-8?q?Re?=: x", "x", true);
    row("caf\xe9", "caf\xc3\xa9", false);
    row("a \t b\r\n  c", "a b c", false);
    // (2) trailers
    row("x (fwd)", "x", true);
    row("x (FWD) (fwd)  ", "x", true);
    row("x(fwd)(fwd)", "x", true);
    row("x (fwd) y", "x (fwd) y", false);
    row("(fwd)", "", true);
    // (3) leaders
    row("Re: x", "x", true);
    row("re:x", "x", true);
    row("RE : x", "x", true);
    row("Fw: x", "x", true);
    row("FWD: x", "x", true);
    row("Re[2]: x", "x", true);
    row("Re [a] : x", "x", true);
    row("Re [a] [b]: x", "Re [a] [b]: x", false); // one blob at most
    row("Re: Re: Fwd: x", "x", true);
    row("[list] Re: x", "x", true);
    row("[a][b] [c]Re: x", "x", true);
    row("Re:", "", true);
    row("Re", "Re", false);
    row("Regarding: x", "Regarding: x", false);
    row("Forward: x", "Forward: x", false);
    row("AW: x", "AW: x", false); // RFC 5256 7: no translations
    row("Re x: y", "Re x: y", false);
    // (4) blobs, unless nothing would be left
    row("[list] x", "x", false);
    row("[a] [b] x", "x", false);
    row("[a]", "[a]", false);
    row("[a] [b]", "[b]", false);
    row("[a] ", "[a]", false);
    row("[]x", "x", false);
    row("x [a]", "x [a]", false);
    row("[a", "[a", false);
    row("[a[b] x", "[a[b] x", false); // "[" is no BLOBCHAR
    row("[[a] x", "[[a] x", false);
    row("a] x", "a] x", false);
    row("[a]]x", "]x", false);
    // (5) again and again
    row("Re: [a] x", "x", true);
    row("Re: [a] Re: [b] Fw: x", "x", true);
    row("[a] Re: [b]", "[b]", true);
    row("Re: [a] (fwd)", "[a]", true);
    // (6) forwards
    row("[fwd: x]", "x", true);
    row("[FWD:x]", "x", true);
    row("[Fwd: [fwd: x]]", "x", true);
    row("[Fwd: Re: [a] x (fwd)]", "x", true);
    row("Re: [fwd: x] (fwd)", "x", true);
    row("[a] [fwd: x]", "x", true);
    row("[fwd: x] y", "y", false); // a blob
    row("[fwd: x", "[fwd: x", false);
    row("[fwd:]", "", true);
    row("[fwd: [a] x]", "x", true);
    row("fwd: x]", "x]", true);
    // what is not ASCII
    row("=?utf-8?b?UmU6IOaXpeacrA==?=", "\xe6\x97\xa5\xe6\x9c\xac", true);
    row("[\xe6\x97\xa5] \xe6\x9c\xac", "\xe6\x9c\xac", false);
    row("Re\xef\xbc\x9a x", "Re\xef\xbc\x9a x", false); // a full-width colon is none
}

void TestBaseSubject::subject()
{
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, base);
    QFETCH(bool, isReplyOrForward);
    const auto result = baseSubject(value);
    QCOMPARE(result.text, base);
    QCOMPARE(result.isReplyOrForward, isReplyOrForward);
    QCOMPARE(baseSubject(result.text).text, base); // nothing is left to remove
}

void TestBaseSubject::large_data()
{
    QTest::addColumn<QByteArray>("unit");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<QByteArray>("base");
    const auto row = [](const char *unit, const char *end, const char *base) {
        QTest::newRow(unit) << QByteArray(unit) << QByteArray(end) << QByteArray(base);
    };
    row("Re: [x] Re: ", "y", "y");
    row("[x] ", "y", "y");
    row("[x]", "", "[x]");
    row("[x] Re [y]: ", "z", "z");
    row("Re:", "", "");
    row("(fwd) ", "", "");
    row(" ", "", "");
    row("[fwd: ", "y", nullptr);
    row("[", "y", nullptr);
    row("Re [", "y", nullptr);
}

// A quadratic way would not come to an end here.
void TestBaseSubject::large()
{
    QFETCH(QByteArray, unit);
    QFETCH(QByteArray, end);
    QFETCH(QByteArray, base);
    constexpr qsizetype Size = 1024 * 1024;
    const auto subject = unit.repeated(Size / unit.size()) + end;
    QCOMPARE(baseSubject(subject).text, base.isNull() ? subject : base);
}

QTEST_GUILESS_MAIN(TestBaseSubject)
#include "tst_basesubject.moc"
