#include "core/mime/messagescanner.h"
#include "core/mime/messagetext.h"

#include <QDateTime>
#include <QTest>

using namespace Postnook;
using namespace Postnook::Mime;

class TestMessageText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void charset_data();
    void charset();
    void unknownCharset_data();
    void unknownCharset();
    void headerText_data();
    void headerText();
    void fold_data();
    void fold();
    void values();
    void date_data();
    void date();
    void searchable();
};

void TestMessageText::charset_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *hex, QStringView expected) {
        QTest::newRow(name) << QByteArray(name) << QByteArray::fromHex(hex) << expected.toString();
    };
    row("us-ascii", "706c61696e", u"plain");
    row("utf-8", "4772c3bcc39f6520e282ac", u"Gr\u00fc\u00dfe \u20ac");
    row("UTF8", "c3a9", u"\u00e9");
    row("iso-8859-1", "4772fcdf6520848093", u"Gr\u00fc\u00dfe \u201e\u20ac\u201c");
    row("latin1", "e9", u"\u00e9");
    row("iso-8859-2", "a3f364bc", u"\u0141\u00f3d\u017a");
    row("iso-8859-3", "b6fd", u"\u0125\u016d");
    row("iso-8859-4", "c0f3", u"\u0100\u0137");
    row("iso-8859-5", "bfe0d8d2d5e2", u"\u041f\u0440\u0438\u0432\u0435\u0442");
    row("iso-8859-6", "d3e4c7e5", u"\u0633\u0644\u0627\u0645");
    row("iso-8859-7", "c3e5e9dc", u"\u0393\u03b5\u03b9\u03ac");
    row("iso-8859-8-i", "f9ece5ed", u"\u05e9\u05dc\u05d5\u05dd");
    row("iso-8859-9", "ddfe", u"\u0130\u015f");
    row("iso-8859-10", "afb9", u"\u014a\u0111");
    row("iso-8859-13", "d0ec", u"\u0160\u0123");
    row("iso-8859-14", "d0fe", u"\u0174\u0177");
    row("iso-8859-15", "bda4", u"\u0153\u20ac");
    row("iso-8859-16", "aafea4", u"\u0218\u021b\u20ac");
    row("windows-1250", "8e80", u"\u017d\u20ac");
    row("windows-1251", "cff0e8e2e5f2", u"\u041f\u0440\u0438\u0432\u0435\u0442");
    row("cp1252", "9c80", u"\u0153\u20ac");
    row("windows-1253", "c3e5e9dc", u"\u0393\u03b5\u03b9\u03ac");
    row("windows-1254", "ddfe", u"\u0130\u015f");
    row("windows-1255", "f9ece5ed", u"\u05e9\u05dc\u05d5\u05dd");
    row("windows-1256", "d3e1c7e3", u"\u0633\u0644\u0627\u0645");
    row("windows-1257", "d0ec", u"\u0160\u0123");
    row("windows-1258", "e3f0", u"\u0103\u0111");
    row("tis-620", "cac7d1cab4d5", u"\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35");
    row("koi8-r", "f0d2c9d7c5d4", u"\u041f\u0440\u0438\u0432\u0435\u0442");
    row("koi8-u", "b7d6c1cb", u"\u0407\u0436\u0430\u043a");
    row("iso-2022-jp", "1b2442467c4b5c386c1b2842", u"\u65e5\u672c\u8a9e");
    row("euc-jp", "c6fccbdcb8ec", u"\u65e5\u672c\u8a9e");
    row("shift_jis", "93fa967b8cea8740", u"\u65e5\u672c\u8a9e\u2460");
    row("x-sjis", "834a8369", u"\u30ab\u30ca");
    row("gb2312", "babad7d6e946", u"\u6c49\u5b57\u9555");
    row("gbk", "9d68d7d6", u"\u6f22\u5b57");
    row("gb18030", "babad7d6a2e3", u"\u6c49\u5b57\u20ac");
    row("hz-gb-2312", "7e7b3a3a57567e7d", u"\u6c49\u5b57");
    row("big5", "ba7ea672", u"\u6f22\u5b57");
    row("euc-kr", "c7d1b1db8c63", u"\ud55c\uae00\ub620");
    row("ks_c_5601-1987", "c7d1b1db", u"\ud55c\uae00");
    row("cp949", "8c63b9e6b0a2c7cf", u"\ub620\ubc29\uac01\ud558");
    row("iso-2022-kr", "1b2429430e4751315b0f", u"\ud55c\uae00");
    row("utf-7", "2b414f6b6772412d", u"\u00e9\u20ac");
    row("unicode-1-1-utf-7",
        "2b3244302d612b3341412d2b3244336541412d",
        u"\ufffda\ufffd\U0001f600"); // half pairs
    row("utf-16", "00e9", u"\u00e9");
    row("utf-16le", "e900", u"\u00e9");
    row("macintosh", "8e", u"\u00e9");
    row("ibm850", "82", u"\u00e9");
    row("cp437", "82", u"\u00e9");
}

void TestMessageText::charset()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    QVERIFY(isKnownCharset(name));
    QVERIFY(isKnownCharset(name.toUpper()));
    QCOMPARE(decodeCharset(bytes, name), expected);
    QCOMPARE(decodeCharset(bytes, '"' + name.toUpper() + "*en\""), expected);
}

void TestMessageText::unknownCharset_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const auto *name :
         {"", "x-unknown", "unknown-8bit", "no-such-charset", "utf-8,option=1", "a b"}) {
        QTest::newRow(name) << QByteArray(name);
    }
}

void TestMessageText::unknownCharset()
{
    QFETCH(QByteArray, name);
    QVERIFY(!isKnownCharset(name));
    QCOMPARE(decodeCharset("caf\xe9 \x80", name), QStringLiteral(u"caf\u00e9 \u20ac"));
    QCOMPARE(decodeCharset("caf\xc3\xa9", name), QStringLiteral(u"caf\u00e9"));
    QCOMPARE(decodeCharset("caf\xe9", "us-ascii"), QStringLiteral(u"caf\u00e9"));
}

void TestMessageText::headerText_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QByteArrayView value, QStringView expected) {
        QTest::newRow(name) << value.toByteArray() << expected.toString();
    };
    row("plain", "Hello =? world", u"Hello =? world");
    row("rfc2047-8 a", "(=?ISO-8859-1?Q?a?=)", u"(a)");
    row("rfc2047-8 a b", "(=?ISO-8859-1?Q?a?= b)", u"(a b)");
    row("rfc2047-8 blanks between words", "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)", u"(ab)");
    row("rfc2047-8 underline", "(=?ISO-8859-1?Q?a_b?=)", u"(a b)");
    row("rfc2047 base64", "=?utf-8?B?w6k=?= x", u"\u00e9 x");
    row("rfc2231-5 language", "=?utf-8*fr?q?caf=C3=A9?=", u"caf\u00e9");
    row("character over two words", "=?utf-8?q?=C3?= =?UTF-8?q?=A9?=", u"\u00e9");
    row("base64 character over two words", "=?utf-8?b?w6nD?= =?utf-8?b?qQ==?=", u"\u00e9\u00e9");
    row("two charsets", "=?utf-8?q?=C3=A9?= =?iso-8859-1?q?=E9?=", u"\u00e9\u00e9");
    row("glued to text", "a=?utf-8?q?b?=c", u"abc");
    row("blanks inside", "=?utf-8?q?a b?=", u"a b");
    row("blanks at the end stay", "=?utf-8?q?a_?= =?utf-8?q?b?=", u"a b");
    row("padding missing", "=?utf-8?b?w6k?=", u"\u00e9");
    row("unknown encoding", "=?utf-8?x?a?=", u"=?utf-8?x?a?=");
    row("no end", "=?utf-8?q?abc", u"=?utf-8?q?abc");
    row("no charset", "=??q?abc?=", u"=??q?abc?=");
    row("unknown charset", "=?x-none?q?caf=E9?=", u"caf\u00e9");
    row("question mark in text", "=?utf-8?q?a?b?=", u"a?b");
    row("raw utf-8", "caf\xc3\xa9", u"caf\u00e9");
    row("raw windows-1252", "caf\xe9", u"caf\u00e9");
}

void TestMessageText::headerText()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);
    QCOMPARE(decodeHeaderText(value), expected);
}

void TestMessageText::fold_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, QStringView text, QStringView expected) {
        QTest::newRow(name) << text.toString() << expected.toString();
    };
    row("ascii", u"Hello World", u"hello world");
    row("blanks", u"a \t\r\n b", u"a b");
    row("accents", u"\u00c9tude", u"\u00e9tude");
    row("decomposed", u"E\u0301tude", u"\u00e9tude");
    row("sharp s", u"Stra\u00dfe", u"strasse");
    row("greek final sigma", u"\u03a3\u03a3\u03c2", u"\u03c3\u03c3\u03c3");
    row("cyrillic", u"\u041f\u0440", u"\u043f\u0440");
}

void TestMessageText::fold()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    QCOMPARE(foldForSearch(text), expected);
    QCOMPARE(foldForSearch(expected), expected);
}

void TestMessageText::values()
{
    const QByteArray header = "A: 1\r\n  2 \r\nB: x\r\na : 3\r\n\r\nA: body\r\n";
    QCOMPARE(headerValues(header, "A"), (QByteArrayList{"1  2", "3"}));
    QCOMPARE(headerValues(header, "c"), QByteArrayList());
}

void TestMessageText::date_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("utc"); // empty: unreadable
    QTest::addColumn<int>("zone");
    const auto row = [](const char *value, const char *utc, int zone) {
        QTest::newRow(value) << QByteArray(value) << QString::fromLatin1(utc) << zone;
    };
    row("Mon, 05 Jan 2026 10:00:00 +0130", "2026-01-05T08:30:00", 90);
    row("5 Jan 2026 10:00 -0500", "2026-01-05T15:00:00", -300);
    row("  Mon,5  Jan\t2026 10:00:00+0000 (UTC)", "2026-01-05T10:00:00", 0);
    row("Mon (c (d)), 5 (x) Jan 2026 10 : 00 : 01 EST", "2026-01-05T15:00:01", -300);
    row("Fri, 21 Nov 97 09:55:06 -0600", "1997-11-21T15:55:06", -360);
    row("1 Jan 49 00:00:00 GMT", "2049-01-01T00:00:00", 0);
    row("1 Jan 50 00:00:00 UT", "1950-01-01T00:00:00", 0);
    row("1 Jan 103 00:00:00 Z", "2003-01-01T00:00:00", 0);
    row("1 Jul 2026 00:00:00 PDT", "2026-07-01T07:00:00", -420);
    row("1 Jul 2026 00:00:00 A", "2026-07-01T00:00:00", 0);
    row("1 July 2026 00:00:00 nowhere", "2026-07-01T00:00:00", 0);
    row("Mon Jan  5 10:00:00 2026", "2026-01-05T10:00:00", 0);
    row("Mon, 5-Jan-2026 10:00:00 +0100", "2026-01-05T09:00:00", 60);
    row("29 Feb 2024 12:00:00 +0000", "2024-02-29T12:00:00", 0);
    row("31 Dec 9999 23:59:60 -9959",
        "9999-12-31T23:59:59",
        0); // RFC 5256 2.2: that zone cannot be
    row("1 Jan 2026 25:00:00 +0100", "2025-12-31T23:00:00", 60); // RFC 5256 2.2: nor can that time
    row("1 Jan 2026", "2026-01-01T00:00:00", 0);
    row("1 Jan 0001 00:00:00 +0000", "0001-01-01T00:00:00", 0);
    row("30 Feb 2026 10:00:00 +0000", "", 0);
    row("0 Jan 2026 10:00:00 +0000", "", 0);
    row("1 Jan 99999 10:00:00 +0000", "", 0);
    row("yesterday at noon (?)", "", 0);
    row("10:00:00 +0000", "", 0);
    row("", "", 0);
}

void TestMessageText::date()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, utc);
    QFETCH(int, zone);
    const auto date = parseHeaderDate(value);
    QCOMPARE(date.has_value(), !utc.isEmpty());
    if (date) {
        auto expected = QDateTime::fromString(utc, Qt::ISODate);
        expected.setTimeSpec(Qt::UTC);
        QCOMPARE(date->secondsUtc, expected.toSecsSinceEpoch());
        QCOMPARE(date->zoneMinutes, zone);
    }
}

void TestMessageText::searchable()
{
    const QByteArray message =
        "Subject: =?utf-8?q?Caf=C3=A9?=\r\n \r\n  NEWS\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe  Soft=\r\nbreak\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>Bold<b>ly</b></p><style>hidden</style>\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Inner One\r\n\r\nINNER body\r\n"
        "--b\r\nContent-Type: application/pdf; "
        "name=\"=?utf-8?q?Caf=C3=A9.pdf?=\"\r\n\r\nBINARY\r\n--b--\r\n";
    const auto meta = scanMessage(message);
    const auto tree = PartTree::fromBytes(meta.parts);
    QVERIFY(tree);
    QStringList read;
    const auto body = searchableBody(*tree, [&message, &read](quint64 offset, quint64 size) {
        const auto bytes =
            message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
        read.append(QString::fromLatin1(bytes));
        return bytes;
    });
    QCOMPARE(
        body,
        QStringLiteral(
            u"gr\u00fcsse softbreak\nboldly \nsubject: inner one\ninner body\ncaf\u00e9.pdf\n"));
    QVERIFY(!read.contains(QStringLiteral("BINARY")));
    const auto header = searchableHeader(message.first(meta.headerSize));
    QCOMPARE(
        header,
        QStringLiteral(u"subject: caf\u00e9 news\ncontent-type: multipart/mixed; boundary=b\n"));
}

QTEST_GUILESS_MAIN(TestMessageText)
#include "tst_messagetext.moc"
