#include "core/mime/messagetext.h"

#include <QTest>

using namespace Postnook::Mime;

class TestCharset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void charset_data();
    void charset();
    void aliases_data();
    void aliases();
    void wrongName_data();
    void wrongName();
    void utf16();
    void longText_data();
    void longText();
    void brokenBehindLongText();
    void unknownCharset_data();
    void unknownCharset();
};

void TestCharset::charset_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *hex, QStringView expected) {
        QTest::newRow(name) << QByteArray(name) << QByteArray::fromHex(hex) << expected.toString();
    };
    row("us-ascii", "706c61696e", u"plain");
    row("iso-8859-1", "4772fcdf6520c0ffd0", u"Gr\u00fc\u00dfe \u00c0\u00ff\u00d0");
    row("iso-8859-2",
        "a3f364bc20e865b974696e6120f5fb",
        u"\u0141\u00f3d\u017a \u010de\u0161tina \u0151\u0171");
    row("iso-8859-3", "a6b6fd20d5f5", u"\u0124\u0125\u016d \u0120\u0121");
    row("iso-8859-4", "c0f320febe", u"\u0100\u0137 \u016b\u017e");
    row("iso-8859-5", "bfe0d8d2d5e220a1f8", u"\u041f\u0440\u0438\u0432\u0435\u0442 \u0401\u0458");
    row("iso-8859-6",
        "d3e4c7e520d9e4eae3e5",
        u"\u0633\u0644\u0627\u0645 \u0639\u0644\u064a\u0643\u0645");
    row("iso-8859-7",
        "c3e5e9dc20f3eff520bf",
        u"\u0393\u03b5\u03b9\u03ac \u03c3\u03bf\u03c5 \u038f");
    row("iso-8859-8", "f9ece5ed", u"\u05e9\u05dc\u05d5\u05dd");
    row("iso-8859-9", "dd7374616e62756c20f0fe", u"\u0130stanbul \u011f\u015f");
    row("iso-8859-10", "afb920a1ab", u"\u014a\u0111 \u0104\u0166");
    row("iso-8859-11", "cac7d1cab4d5", u"\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35");
    row("iso-8859-13", "d0ec20c0de", u"\u0160\u0123 \u0104\u017d");
    row("iso-8859-14", "d0fe20a1", u"\u0174\u0177 \u1e02");
    row("iso-8859-15", "bda4a6b4", u"\u0153\u20ac\u0160\u017d");
    row("iso-8859-16", "aafea420a5b5", u"\u0218\u021b\u20ac \u201e\u201d");
    row("windows-874", "cac7d1cab4d580", u"\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u20ac");
    row("windows-1250", "8e6c759d6f75e86bfd2080", u"\u017dlu\u0165ou\u010dk\u00fd \u20ac");
    row("windows-1251",
        "cff0e8e2e5f22c20ece8f020b9",
        u"\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440 \u2116");
    row("windows-1252", "844772fcdf65932080209c", u"\u201eGr\u00fc\u00dfe\u201c \u20ac \u0153");
    row("windows-1253", "c3e5e9dc20a180", u"\u0393\u03b5\u03b9\u03ac \u0385\u20ac");
    row("windows-1254", "ddfe2080", u"\u0130\u015f \u20ac");
    row("windows-1255", "f9ece5ed20a4", u"\u05e9\u05dc\u05d5\u05dd \u20aa");
    row("windows-1256", "d3e1c7e3208180", u"\u0633\u0644\u0627\u0645 \u067e\u20ac");
    row("windows-1257", "d0ec2080", u"\u0160\u0123 \u20ac");
    row("windows-1258", "e3f020fe80", u"\u0103\u0111 \u20ab\u20ac");
    row("koi8-r", "f0d2c9d7c5d420a3b3", u"\u041f\u0440\u0438\u0432\u0435\u0442 \u0451\u0401");
    row("koi8-u", "b7d6c1cb20ad", u"\u0407\u0436\u0430\u043a \u0491");
    row("iso-2022-jp",
        "1b2442467c4b5c386c1b284220414243201b2442242b244a1b2842",
        u"\u65e5\u672c\u8a9e ABC \u304b\u306a");
    row("iso-2022-jp-2",
        "1b2442467c4b5c386c1b2842201b2428434751315b1b2842",
        u"\u65e5\u672c\u8a9e \ud55c\uae00");
    row("iso-2022-jp-1",
        "1b2442467c4b5c386c1b2842201b24284430211b2842",
        u"\u65e5\u672c\u8a9e \u4e02");
    row("euc-jp", "c6fccbdcb8ec208eb68ec5", u"\u65e5\u672c\u8a9e \uff76\uff85");
    row("shift_jis",
        "93fa967b8cea8740878a208160817c",
        u"\u65e5\u672c\u8a9e\u2460\u3231 \uff5e\uff0d");
    row("iso-2022-kr", "1b2429430e4751315b0f", u"\ud55c\uae00");
    row("euc-kr", "c7d1b1db208c63b9e6", u"\ud55c\uae00 \ub620\ubc29");
    row("gb2312", "babad7d620e946", u"\u6c49\u5b57 \u9555");
    row("gbk", "9d68d7d6", u"\u6f22\u5b57");
    row("gb18030", "babad7d620a2e395328236", u"\u6c49\u5b57 \u20ac\U00020000");
    row("hz-gb-2312", "7e7b3a3a57567e7d20616263", u"\u6c49\u5b57 abc");
    row("big5", "ba7ea67220a4a4a4e5", u"\u6f22\u5b57 \u4e2d\u6587");
    row("big5-hkscs", "ba7ea672209dee", u"\u6f22\u5b57 \u35ce");
    row("cp950", "ba7ea67220a4a4a4e5", u"\u6f22\u5b57 \u4e2d\u6587");
    row("utf-7", "2b414f6b677241202b2d202b4150772d", u"\u00e9\u20ac + \u00fc");
    row("unicode-1-1-utf-7", // with halves of surrogate pairs
        "2b3244302d612b3341412d2b3244336541412d",
        u"\ufffda\ufffd\U0001f600");
    row("utf-16", "00e920ac00200078", u"\u00e9\u20ac x");
    row("utf-16le", "e900ac2020007800", u"\u00e9\u20ac x");
    row("utf-16be", "00e920ac00200078", u"\u00e9\u20ac x");
    row("utf-32", "000000e9000020ac00000078", u"\u00e9\u20acx");
    row("utf-8", "4772c3bcc39f6520f09f9880", u"Gr\u00fc\u00dfe \U0001f600");
    row("macintosh", "8ed2ced3", u"\u00e9\u201c\u0152\u201d");
    row("x-mac-cyrillic", "8ff0e8e2e5f2", u"\u041f\u0440\u0438\u0432\u0435\u0442");
    row("x-mac-greek", "a1e5e9c0", u"\u0393\u03b5\u03b9\u03ac");
    row("x-mac-turkish", "dcdf", u"\u0130\u015f");
    row("x-mac-ce", "fc976490", u"\u0141\u00f3d\u017a");
    row("cp437", "82e1b0", u"\u00e9\u00df\u2591");
    row("ibm850", "8220e7", u"\u00e9 \u00fe");
    row("cp852", "9da264ab", u"\u0141\u00f3d\u017a");
    row("cp855", "dde1b7eba8e5", u"\u041f\u0440\u0438\u0432\u0435\u0442");
    row("cp866", "8fe0a8a2a5e2", u"\u041f\u0440\u0438\u0432\u0435\u0442");
    row("cp862", "998c858d", u"\u05e9\u05dc\u05d5\u05dd");
    row("cp864", "fb", u"\ufedd");
    row("cp737", "829ca0e1", u"\u0393\u03b5\u03b9\u03ac");
    row("cp857", "989f", u"\u0130\u015f");
    row("cp775", "be85", u"\u0160\u0123");
    row("iso-2022-jp-ms", "1b24422d212d6a1b2842", u"\u2460\u3231");
    row("cp50221", "1b284936371b2842", u"\uff76\uff77");
    row("euc-tw", "c4e3c4a1", u"\u4e2d\u4e00");
    row("iso-2022-cn", "1b2429410e3a3a57560f", u"\u6c49\u5b57");
}

void TestCharset::charset()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    QVERIFY(isKnownCharset(name));
    QVERIFY(isKnownCharset(name.toUpper()));
    QCOMPARE(decodeCharset(bytes, name), expected);
    QCOMPARE(decodeCharset(bytes, '"' + name.toUpper() + "*en\""), expected);
}

void TestCharset::aliases_data()
{
    QTest::addColumn<QByteArray>("alias");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *name, std::initializer_list<const char *> aliases) {
        for (const auto *alias : aliases) {
            QTest::newRow(alias) << QByteArray(alias) << QByteArray(name);
        }
    };
    row("utf-8",
        {"UTF8",
         "utf_8",
         "\"utf-8\"",
         "'UTF-8'",
         " utf-8 ",
         "utf-8*en",
         "3Dutf-8",
         "<utf-8>",
         "utf-8;",
         "utf8mb4",
         "unicode-1-1-utf-8",
         "x-unicode-2-0-utf-8",
         "cp65001"});
    row("us-ascii", {"ascii", "ANSI_X3.4-1968", "iso646-us", "cp20127"});
    row("iso-8859-1",
        {"ISO_8859-1",
         "iso8859-1",
         "ISO-8859-1:1987",
         "iso_8859_1",
         "8859_1",
         "latin1",
         "Latin-1",
         "l1",
         "cp1252",
         "windows1252",
         "win-1252",
         "windows-cp1252",
         "cp28591",
         "3diso-8859-1"});
    row("iso-8859-2", {"latin2", "l2", "iso_8859-2:1987", "cp28592"});
    row("iso-8859-8", {"iso-8859-8-i", "iso-8859-8-e", "ISO_8859-8:1988", "logical", "hebrew"});
    row("iso-8859-9", {"latin5", "windows-1254"});
    row("iso-8859-15", {"latin9", "latin-9", "iso8859_15", "cp28605"});
    row("iso-8859-16", {"latin10", "iso8859-16"});
    row("windows-874", {"tis-620", "iso-8859-11", "cp874", "x-windows-874"});
    row("windows-1251", {"cp1251", "cp-1251", "win1251", "windows_1251", "x-cp1251", "MS1251"});
    row("koi8-r", {"koi8r", "koi", "koi8", "cskoi8r", "cp20866"});
    row("koi8-u", {"koi8-ru", "cp21866"});
    row("shift_jis",
        {"x-sjis",
         "sjis",
         "shift-jis",
         "Shift JIS",
         "ms_kanji",
         "windows-31j",
         "cp932",
         "ms932",
         "windows-932"});
    row("euc-jp", {"x-euc-jp", "eucjp", "ujis", "eucJP-ms", "cp51932"});
    row("iso-2022-jp", {"csISO2022JP", "iso-2022-jp-3", "cp50220", "cp50222", "iso2022jp"});
    row("gb18030",
        {"gb2312",
         "gb_2312-80",
         "GBK",
         "x-gbk",
         "euc-cn",
         "cn-gb",
         "cp936",
         "ms936",
         "windows-936",
         "chinese",
         "cp54936"});
    row("hz-gb-2312", {"hz", "cp52936"});
    row("big5", {"x-x-big5", "cn-big5", "big5-eten", "csBig5", "Big5_HKSCS"});
    row("euc-kr",
        {"ks_c_5601-1987",
         "ks_c_5601-1989",
         "ksc5601",
         "KSC_5601",
         "korean",
         "cp949",
         "uhc",
         "windows-949",
         "ms949",
         "x-euc-kr",
         "cp51949"});
    row("utf-16", {"unicode", "ucs-2", "iso-10646-ucs-2"});
    row("utf-7", {"unicode-1-1-utf-7", "x-unicode-1-1-utf-7", "cp65000"});
    row("macintosh", {"x-mac-roman", "mac", "macroman", "cp10000"});
}

// Every octet, and every octet behind a lead octet, comes out the same under both names.
void TestCharset::aliases()
{
    QFETCH(QByteArray, alias);
    QFETCH(QByteArray, name);
    QVERIFY(isKnownCharset(alias));
    for (const char lead : {'a', '\xb0', '\xe5'}) {
        for (int octet = 0; octet < 256; ++octet) {
            const auto bytes = QByteArray(1, lead) + static_cast<char>(octet) + "z!";
            QCOMPARE(decodeCharset(bytes, alias), decodeCharset(bytes, name));
        }
    }
}

// What text says of itself is wrong in ways that are known.
void TestCharset::wrongName_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected");
    const auto row =
        [](const char *title, const char *name, const char *bytes, QStringView expected) {
            QTest::newRow(title) << QByteArray(name) << QByteArray(bytes) << expected.toString();
        };
    row("utf-8 as us-ascii", "us-ascii", "caf\xc3\xa9", u"caf\u00e9");
    row("utf-8 as iso-8859-1", "iso-8859-1", "caf\xc3\xa9 \xe2\x82\xac", u"caf\u00e9 \u20ac");
    row("utf-8 as windows-1252", "windows-1252", "caf\xc3\xa9", u"caf\u00e9");
    row("utf-8 as iso-8859-15", "iso-8859-15", "\xc3\xa9", u"\u00c3\u00a9"); // nobody's default
    row("iso-8859-1 as itself", "iso-8859-1", "\xc3\xa9 \xe9", u"\u00c3\u00a9 \u00e9");
    row("windows-1252 as us-ascii",
        "us-ascii",
        "\x84"
        "caf\xe9\x93",
        u"\u201ecaf\u00e9\u201c");
    row("windows-1252 as utf-8", "utf-8", "caf\xe9 \x80", u"caf\u00e9 \u20ac");
    row("utf-8 with an error", "utf-8", "\xc3\xa9 \xff", u"\u00e9 \ufffd");
    row("utf-8 with a mark",
        "utf-8",
        "\xef\xbb\xbf"
        "a",
        u"a");
    row("utf-8, surrogates", "utf-8", "\xc3\xa9\xed\xa0\x80", u"\u00e9\ufffd\ufffd\ufffd");
}

void TestCharset::wrongName()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    QCOMPARE(decodeCharset(bytes, name), expected);
}

void TestCharset::utf16()
{
    const auto hex = [](const char *digits) { return QByteArray::fromHex(digits); };
    QCOMPARE(decodeCharset(hex("fffee9002000"), "utf-16"), QStringLiteral(u"\u00e9 "));
    QCOMPARE(decodeCharset(hex("feff00e90020"), "utf-16"), QStringLiteral(u"\u00e9 "));
    QCOMPARE(decodeCharset(hex("e9002000"), "utf-16"), QStringLiteral(u"\u00e9 "));
    QCOMPARE(decodeCharset(hex("00e90020"), "unicode"), QStringLiteral(u"\u00e9 "));
    QCOMPARE(decodeCharset(hex("fffee900"), "utf-16le"), QStringLiteral(u"\u00e9"));
    QCOMPARE(decodeCharset(hex("00e900"), "utf-16", TextEnd::Cut), QStringLiteral(u"\u00e9"));
}

// A text of many pieces is that of its small parts, wherever the cuts between pieces fall.
void TestCharset::longText_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("unit");
    const auto row = [](const char *title, const char *name, const char *unit) {
        QTest::newRow(title) << QByteArray(name) << QByteArray(unit);
    };
    row("utf-8", "utf-8", "a\xc3\xa9 \xe2\x82\xac\xf0\x9f\x99\x82\r\n");
    row("utf-8 without ASCII", "utf-8", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x99\x82");
    row("utf-8 with errors", "utf-8", "a\xc3\xa9\xf0\x9f\x99\xff\xe2\x82 \x82\xc3");
    row("utf-8 with marks inside", "utf-8", "ab\xef\xbb\xbf");
    row("guessed utf-8", "", "a\xc3\xa9 \xe2\x82\xac");
    row("guessed windows-1252", "iso-8859-1", "caf\xe9 \x80");
    row("windows-1252 as utf-8", "utf-8", "caf\xe9 \x80");
    row("iso-8859-16", "iso-8859-16", "\xaa\xfe\xa4 ab");
    row("gb18030", "gb18030", "a\xc4\xe3\x94\x39\xcf\x36"); // of two and of four octets
    row("shift_jis", "shift_jis", "a\x93\xfa\x96\x7b");
    row("iso-2022-jp", "iso-2022-jp", "a\x1b$BF|K\\\x1b(B");
    row("iso-2022-jp with other sets", "iso-2022-jp", "a\x1b$A<:\x1b(B");
    row("utf-7", "utf-7", "a+2D3eQg-b"); // a pair
    row("utf-7, half a pair", "utf-7", "a+2D0-b");
}

void TestCharset::longText()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, unit);
    constexpr int Units = 60'000;
    QByteArray bytes = "a" + unit.repeated(Units);
    const auto expected = u'a' + decodeCharset(unit, name).repeated(Units);
    QVERIFY(decodeCharset(bytes, name) == expected);
    QString joined;
    int pieces = 0;
    decodeCharset(bytes, name, [&](QStringView piece) {
        QVERIFY(piece.isEmpty() || !piece[0].isLowSurrogate());
        joined += piece;
        ++pieces;
    });
    QVERIFY(joined == expected);
    QVERIFY(pieces > 1 || QByteArray(QTest::currentDataTag()).endsWith("without ASCII"));
}

void TestCharset::brokenBehindLongText()
{
    constexpr int Letters = 100'000; // with no ASCII among them
    for (const QByteArray &end : {QByteArray("\xe2\x82"), QByteArray("\xf0\x9f\x99")}) {
        for (const QByteArray &rest : {QByteArray(), QByteArray("A"), "A\xc3" + end + "B"}) {
            const QByteArray bytes = QByteArray("\xc3\xa9").repeated(Letters) + end + rest;
            QVERIFY(decodeCharset(bytes, "utf-8")
                    == QString(u'\u00e9').repeated(Letters - 1)
                        + decodeCharset("\xc3\xa9" + end + rest, "utf-8"));
        }
    }
}

void TestCharset::unknownCharset_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const auto *name :
         {"", "x-unknown", "unknown-8bit", "no-such-charset", "utf-8,option=1", "a b"}) {
        QTest::newRow(name) << QByteArray(name);
    }
}

void TestCharset::unknownCharset()
{
    QFETCH(QByteArray, name);
    QVERIFY(!isKnownCharset(name));
    QCOMPARE(decodeCharset("caf\xe9 \x80", name), QStringLiteral(u"caf\u00e9 \u20ac"));
    QCOMPARE(decodeCharset("caf\xc3\xa9", name), QStringLiteral(u"caf\u00e9"));
    QCOMPARE(decodeCharset("caf\xe9", "us-ascii"), QStringLiteral(u"caf\u00e9"));
}

QTEST_GUILESS_MAIN(TestCharset)
#include "tst_charset.moc"
