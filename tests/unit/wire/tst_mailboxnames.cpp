#include "core/wire/mailboxnames.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Postnook;

namespace
{

QByteArray utf8(const char16_t *text)
{
    return QString::fromUtf16(text).toUtf8();
}

// The definition of the wildcards, word for word, and exponential.
bool slowlyMatches(QByteArrayView pattern, QByteArrayView name)
{
    if (pattern.isEmpty()) {
        return name.isEmpty();
    }
    const auto rest = pattern.sliced(1);
    const char c = pattern.front();
    if (c == '*' || c == '%') {
        for (qsizetype taken = 0; taken <= name.size(); ++taken) {
            if (taken > 0 && c == '%' && name[taken - 1] == '/') {
                return false;
            }
            if (slowlyMatches(rest, name.sliced(taken))) {
                return true;
            }
        }
        return false;
    }
    return !name.isEmpty() && name.front() == c && slowlyMatches(rest, name.sliced(1));
}

} // namespace

class TestMailboxNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodes_data();
    void decodes();
    void decodesUtf8_data();
    void decodesUtf8();
    void refuses_data();
    void refuses();
    void encodes_data();
    void encodes();
    void patternsKeepWildcards();
    void randomRoundTrips();
    void randomDecodingIsUnique();
    void matches_data();
    void matches();
    void matchesInboxInAnyCase();
    void randomPatternsAgainstSlowMatcher();
    void hostilePatternsAreFast();
    void longPatternsAreFast();
};

void TestMailboxNames::decodes_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QByteArray>("name");

    const auto row = [](const char *rowName, const QByteArray &wire, const QByteArray &name) {
        QTest::newRow(rowName) << wire << name;
    };
    row("plain", "Sent", "Sent");
    row("rfc3501-5.1.3 example",
        "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
        utf8(u"~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e"));
    row("rfc3501-5.1.3 one shift", "&U,BTF2XlZyyKng-", utf8(u"\u53f0\u5317\u65e5\u672c\u8a9e"));
    row("ampersand", "A&-B", "A&B");
    row("ampersands", "&-&-", "&&");
    row("ampersand behind a shift", "&AOQ-&-", utf8(u"\u00e4&"));
    row("surrogate pair", "&2D3eAA-", utf8(u"\U0001f600"));
    row("raw UTF-8", "Entw\xc3\xbcrfe", utf8(u"Entw\u00fcrfe"));
    row("raw UTF-8 and shift", "\xc3\xbc&APw-", utf8(u"\u00fc\u00fc"));
    row("NFC of raw UTF-8", "u\xcc\x88", utf8(u"\u00fc"));
    row("NFC of modified UTF-7", "u&Awg-", utf8(u"\u00fc"));
    row("NFC of a hangul", utf8(u"\u1112\u1161\u11ab"), utf8(u"\ud55c"));
    row("byte order mark is a character",
        "&,v8-a",
        "\xef\xbb\xbf"
        "a");
    row("blanks and specials", "a \"b\" \\ ~ ' $ # [x] {y}", "a \"b\" \\ ~ ' $ # [x] {y}");
    row("session 36: just a name", "../../etc/passwd", "../../etc/passwd");
    row("trailing separator", "a/b/", "a/b");
    row("INBOX", "INBOX", "INBOX");
    row("inbox in any case", "iNbOx", "INBOX");
    row("below inbox", "inbox/inbox", "INBOX/inbox");
    row("inbox with separator", "inbox/", "INBOX");
    row("no inbox", "inboxes", "inboxes");
    row("no inbox either", "a/inbox", "a/inbox");
    row("longest", QByteArray(MaxMailboxNameBytes, 'n'), QByteArray(MaxMailboxNameBytes, 'n'));
    row("deepest",
        "d" + QByteArray("/d").repeated(MaxMailboxNameLevels - 1),
        "d" + QByteArray("/d").repeated(MaxMailboxNameLevels - 1));
}

void TestMailboxNames::decodes()
{
    QFETCH(QByteArray, wire);
    QFETCH(QByteArray, name);

    const auto decoded = decodeMailboxName(wire);
    QVERIFY2(decoded, decoded ? "" : qPrintable(decoded.error().text));
    QCOMPARE(decoded->utf8, name);
    // What is sent out comes back as the same name.
    const auto again = decodeMailboxName(encodeModifiedUtf7(decoded->utf8));
    QVERIFY(again);
    QCOMPARE(again->utf8, name);
}

void TestMailboxNames::decodesUtf8_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QByteArray>("name"); // empty: refused

    QTest::newRow("plain") << QByteArray("Sent Items") << QByteArray("Sent Items");
    QTest::newRow("rfc9051-5.1 composed") << QByteArray("\xc3\xa4") << QByteArray("\xc3\xa4");
    QTest::newRow("rfc9051-5.1 decomposed") << QByteArray("a\xcc\x88") << QByteArray("\xc3\xa4");
    QTest::newRow("ampersand") << QByteArray("R&D") << QByteArray("R&D");
    QTest::newRow("looks like modified UTF-7") << QByteArray("&AOQ-") << QByteArray("&AOQ-");
    QTest::newRow("ampersand and hyphen") << QByteArray("&-&") << QByteArray("&-&");
    QTest::newRow("a byte order mark is a character")
        << QByteArray("\xef\xbb\xbf-") << QByteArray("\xef\xbb\xbf-");
    QTest::newRow("inbox") << QByteArray("inBox/x/") << QByteArray("INBOX/x");
    QTest::newRow("no UTF-8") << QByteArray("\xe4") << QByteArray();
    QTest::newRow("rfc6855-3 C1 control") << QByteArray("a\xc2\x85") << QByteArray();
    QTest::newRow("rfc6855-3 line separator") << QByteArray("a\xe2\x80\xa8") << QByteArray();
}

void TestMailboxNames::decodesUtf8()
{
    QFETCH(QByteArray, wire);
    QFETCH(QByteArray, name);

    const auto decoded = decodeMailboxName(wire, NameCoding::Utf8);
    QCOMPARE(decoded.has_value(), !name.isEmpty());
    if (decoded) {
        QCOMPARE(decoded->utf8, name);
    } else {
        QCOMPARE(decoded.error().code, ErrorCode::Invalid);
    }
}

void TestMailboxNames::refuses_data()
{
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<ErrorCode>("code");

    const auto invalid = [](const char *rowName, const QByteArray &wire) {
        QTest::newRow(rowName) << wire << ErrorCode::Invalid;
    };
    invalid("empty", "");
    invalid("separator only", "/");
    invalid("leading separator", "/a");
    invalid("two trailing separators", "a//");
    invalid("empty level", "a//b");
    invalid("wildcard *", "a*");
    invalid("wildcard %", "%a");

    invalid("session 39: shift only", "u7&");
    invalid("session 39: no shift back", "u7&AAAA");
    invalid("session 39: no base64", "u7&Jjo!-");
    invalid("session 39: lone high surrogate", "u7&2AA-");
    invalid("session 39: NUL", "u7&AAA-");
    invalid("lone low surrogate", "&3AA-");
    invalid("surrogates in the wrong order", "&3gDYPQ-");
    invalid("surrogate pair over two shifts", "&2D0-&3gA-");
    invalid("surrogate pair, plain between", "&2D0-x&3gA-");
    invalid("half a unit", "&AA-");
    invalid("one digit", "&A-");
    invalid("digit too many", "&AOQA-");
    invalid("padding not zero", "&AOR-");
    invalid("base64 padding", "&AOQ=-");
    invalid("slash of plain base64", "&U/BTFw-");
    invalid("8 bit in a shift", "&AO\xc3\xa4-");
    invalid("NUL in a shift", QByteArray("&AO\0-", 5));
    invalid("session 40: ASCII shifted", "x&AGE-");
    invalid("session 40: separator shifted", "x&AC8-x");
    invalid("ASCII shifted among others", "&AOQAYQDk-");
    invalid("shifted ampersand", "&ACY-");
    invalid("session 40: superfluous shift", "x&ZeU-&Zyw-");

    invalid("session 41: no UTF-8", "b\xff\xfe");
    invalid("session 41: overlong slash", "b\xc0\xaf");
    invalid("session 41: surrogate in UTF-8", "b\xed\xa0\x80");
    invalid("session 41: cut UTF-8", "b\xe2\x82");
    invalid("overlong of three", "b\xe0\x80\xaf");
    invalid("overlong of four", "b\xf0\x80\x80\xaf");
    invalid("above U+10FFFF", "b\xf4\x90\x80\x80");
    invalid("lone continuation", "b\x80");
    invalid("five octets", "b\xf8\x88\x80\x80\x80");

    invalid("session 87: NUL", QByteArray("nu\0lz", 5));
    invalid("session 37: line end", "cq\r\n X");
    invalid("session 37: control", "cq\x01z");
    invalid("session 37: DEL", "cq\x7fz");
    invalid("session 37: tab", "cq\tz");
    invalid("C1 control", "a\xc2\x85");
    invalid("C1 control shifted", "&AIU-");
    invalid("line separator", "a&ICg-");
    invalid("paragraph separator", "a\xe2\x80\xa9");

    QTest::newRow("session 38: long")
        << QByteArray(MaxMailboxNameBytes + 1, 'n') << ErrorCode::Limit;
    QTest::newRow("a literal full") << QByteArray(1'000'000, 'n') << ErrorCode::Limit;
    QTest::newRow("long in UTF-8") << QByteArray("\xc3\xbc").repeated(501) << ErrorCode::Limit;
    QTest::newRow("long by decoding")
        << "&" + QByteArray("U,BTFwU,").repeated(150) + "U,BTFw-" << ErrorCode::Limit;
    QTest::newRow("session 38: deep")
        << "d" + QByteArray("/d").repeated(MaxMailboxNameLevels) << ErrorCode::Limit;
}

void TestMailboxNames::refuses()
{
    QFETCH(QByteArray, wire);
    QFETCH(ErrorCode, code);

    const auto decoded = decodeMailboxName(wire);
    QVERIFY(!decoded);
    QCOMPARE(decoded.error().code, code);
    QVERIFY(!decoded.error().text.isEmpty());
}

void TestMailboxNames::encodes_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("wire");

    QTest::newRow("plain") << QByteArray("a/b c") << QByteArray("a/b c");
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("ampersand") << QByteArray("&") << QByteArray("&-");
    QTest::newRow("run") << utf8(u"\u53f0\u5317\u65e5\u672c\u8a9e")
                         << QByteArray("&U,BTF2XlZyyKng-");
    QTest::newRow("runs") << utf8(u"\u00e4x\u00e4\u00f6\u00fc") << QByteArray("&AOQ-x&AOQA9gD8-");
    QTest::newRow("run and ampersand") << utf8(u"\u00e4&\u00e4") << QByteArray("&AOQ-&-&AOQ-");
    QTest::newRow("emoji") << utf8(u"\U0001f600") << QByteArray("&2D3eAA-");
    QTest::newRow("printable ends") << QByteArray(" ~") << QByteArray(" ~");
    QTest::newRow("broken UTF-8 stays 7-bit") << QByteArray("a\xff") << QByteArray("a&,,0-");
}

void TestMailboxNames::encodes()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, wire);

    QCOMPARE(encodeModifiedUtf7(name), wire);
}

void TestMailboxNames::patternsKeepWildcards()
{
    QCOMPARE(decodeModifiedUtf7("&AOQ-%/*").value(), utf8(u"\u00e4%/*"));
    QCOMPARE(decodeModifiedUtf7("u&Awg-*").value(), utf8(u"\u00fc*"));
    QCOMPARE(decodeModifiedUtf7("/").value(), "/");
    QCOMPARE(decodeModifiedUtf7("").value(), "");
    QVERIFY(!decodeModifiedUtf7("&AOQ%"));
}

void TestMailboxNames::randomRoundTrips()
{
    QRandomGenerator random(3501);
    for (int round = 0; round < 5000; ++round) {
        QString text;
        for (int i = random.bounded(20); i >= 0; --i) {
            switch (random.bounded(4)) {
            case 0:
                text += QChar(random.bounded(0x20, 0x7f));
                break;
            case 1:
                text += QChar(random.bounded(0xa0, 0x2000));
                break;
            case 2: {
                const char32_t c = random.bounded(0x10000U, 0x110000U);
                text += QString::fromUcs4(&c, 1);
                break;
            }
            default:
                text += u'&';
            }
        }
        const auto name = text.normalized(QString::NormalizationForm_C).toUtf8();
        const auto wire = encodeModifiedUtf7(name);
        QVERIFY(std::all_of(wire.begin(), wire.end(), [](char c) { return c >= ' ' && c <= '~'; }));
        const auto decoded = decodeModifiedUtf7(wire);
        QVERIFY(decoded);
        QCOMPARE(*decoded, name);
    }
}

// Two spellings never make one name: what is taken is what would be sent for it. (None of these
// digits make characters that NFC changes.)
void TestMailboxNames::randomDecodingIsUnique()
{
    QRandomGenerator random(513);
    const QByteArray letters = "&&--AAOQUB,2Da/=";
    int taken = 0;
    for (int round = 0; round < 60'000; ++round) {
        QByteArray wire;
        for (int i = random.bounded(1, 10); i > 0; --i) {
            wire += letters[random.bounded(int(letters.size()))];
        }
        const auto decoded = decodeModifiedUtf7(wire);
        if (!decoded) {
            continue;
        }
        ++taken;
        QCOMPARE(encodeModifiedUtf7(*decoded), wire);
    }
    QVERIFY(taken > 5000);
}

void TestMailboxNames::matches_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("expected");

    const auto row = [](const char *pattern, const char *name, bool expected) {
        QTest::addRow("'%s' on '%s'", pattern, name)
            << QByteArray(pattern) << QByteArray(name) << expected;
    };
    row("*", "a/b/c", true);
    row("*", "", true);
    row("%", "a", true);
    row("%", "", true);
    row("%", "a/b", false);
    row("%/%", "a/b", true);
    row("%/%", "a/b/c", false);
    row("a/%", "a", false);
    row("a/*", "a/b/c", true);
    row("a*", "a", true);
    row("a*c", "a/b/c", true);
    row("a%c", "a/b/c", false);
    row("a%c", "abc", true);
    row("*b*", "a/b/c", true);
    row("%*", "a/b", true);
    row("*%", "a/b", true);
    row("%%", "a/b", false);
    row("", "a", false);
    row("", "", true);
    row("abc", "abd", false);
    row("ab*", "ab", true);
    row("ab*", "a", false);
    row("ab%", "ac", false);
    row("a*b", "ab", true);
    row("a%bc", "axb", false);
    row("a*b*c", "axbxd", false);
    row("abc", "abcd", false);
    row("Abc", "abc", false);
    row("\xc3\xa4*", "\xc3\xa4/\xc3\xb6", true);
}

void TestMailboxNames::matches()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, name);
    QFETCH(bool, expected);

    QCOMPARE(matchesListPattern(pattern, name), expected);
    QCOMPARE(slowlyMatches(pattern, name), expected);
}

void TestMailboxNames::matchesInboxInAnyCase()
{
    QVERIFY(matchesListPattern("inbox", "INBOX"));
    QVERIFY(matchesListPattern("iN%", "INBOX"));
    QVERIFY(matchesListPattern("*x", "INBOX"));
    QVERIFY(matchesListPattern("inbox/%", "INBOX/a"));
    QVERIFY(!matchesListPattern("inbox/A", "INBOX/a"));
    QVERIFY(!matchesListPattern("inboxes", "INBOXes"));
    QVERIFY(!matchesListPattern("a/inbox", "a/INBOX"));
}

void TestMailboxNames::randomPatternsAgainstSlowMatcher()
{
    QRandomGenerator random(6);
    const auto make = [&](const char *letters, int maximum) {
        const QByteArrayView from(letters);
        QByteArray text;
        for (int i = random.bounded(maximum + 1); i > 0; --i) {
            text += from[random.bounded(int(from.size()))];
        }
        return text;
    };
    int matched = 0;
    for (int round = 0; round < 30'000; ++round) {
        const auto pattern = make("ab/*%%", 7);
        const auto name = make("aab/", 8);
        const bool expected = slowlyMatches(pattern, name);
        matched += expected ? 1 : 0;
        QVERIFY2(matchesListPattern(pattern, name) == expected,
                 (pattern + " on " + name).constData());
    }
    QVERIFY(matched > 2000);
}

// Any of these is out of reach for a matcher that backtracks.
void TestMailboxNames::hostilePatternsAreFast()
{
    const QByteArray name = "box/" + QByteArray(900, 'a');
    QVERIFY(!matchesListPattern("*" + QByteArray("a*").repeated(400) + "b", name));
    QVERIFY(!matchesListPattern("box/%" + QByteArray("a%").repeated(400) + "b", name));
    QVERIFY(matchesListPattern(QByteArray(5000, '*'), name));
    QVERIFY(matchesListPattern(QByteArray("%*").repeated(500'000), name));
    QVERIFY(!matchesListPattern(QByteArray("*a").repeated(500'000), name));
}

// A pattern may be a literal, and is as long as that.
void TestMailboxNames::longPatternsAreFast()
{
    constexpr int Million = 1'000'000;
    for (const auto *text : {u"\u0301\u0316", u"e\u0301", u"\u1e17"}) {
        const auto pattern = 'a' + utf8(text).repeated(Million);
        const auto decoded = decodeListPattern(pattern, NameCoding::Utf8);
        QVERIFY(decoded);
        const auto known = decodeListPattern(*decoded, NameCoding::Utf8);
        QVERIFY(known);
        QVERIFY(*decoded == *known);
    }
}

QTEST_GUILESS_MAIN(TestMailboxNames)
#include "tst_mailboxnames.moc"
