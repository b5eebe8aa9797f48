#include "core/wire/tokencursor.h"

#include <QRandomGenerator>
#include <QTest>

#include <functional>

using namespace Postnook;

Q_DECLARE_METATYPE(QList<SequenceSet::Range>)

namespace
{

using Reader = std::function<QByteArray(TokenCursor &)>;

QByteArray readRanges(TokenCursor &cursor)
{
    const auto set = cursor.sequenceSet();
    if (set.isSavedResult()) {
        return "$";
    }
    QByteArrayList ranges;
    for (const auto &range : set.ranges()) {
        ranges += QByteArray::number(range.first) + ':' + QByteArray::number(range.last);
    }
    return ranges.join(',');
}

QByteArray showFlags(const MessageFlags &flags)
{
    return QByteArray::number(flags.system.toInt()) + ' ' + flags.keywords.join(' ');
}

QByteArray showDateTime(const InternalDate &date)
{
    return QByteArray::number(date.secondsUtc) + ' ' + QByteArray::number(date.zoneMinutes);
}

// Every "expect" verb by name, its value as bytes.
QByteArray read(const QByteArray &verb, TokenCursor &cursor)
{
    static const QHash<QByteArray, Reader> readers = {
        {"atom", [](TokenCursor &c) { return c.atom(); }},
        {"astring", [](TokenCursor &c) { return c.astring(); }},
        {"string", [](TokenCursor &c) { return c.string(); }},
        {"nstring", [](TokenCursor &c) { return c.nstring().value_or("<nil>"); }},
        {"literal8", [](TokenCursor &c) { return c.literalOrLiteral8(); }},
        {"number64", [](TokenCursor &c) { return QByteArray::number(c.number64()); }},
        {"number", [](TokenCursor &c) { return QByteArray::number(c.number()); }},
        {"nzNumber", [](TokenCursor &c) { return QByteArray::number(c.nzNumber()); }},
        {"set", readRanges},
        {"mailbox", [](TokenCursor &c) { return c.mailbox().utf8; }},
        {"listMailbox", [](TokenCursor &c) { return c.listMailbox(); }},
        {"flag", [](TokenCursor &c) { return c.flag(); }},
        {"flagList", [](TokenCursor &c) { return showFlags(c.flagList()); }},
        {"flags", [](TokenCursor &c) { return showFlags(c.flagListOrBare()); }},
        {"dateTime", [](TokenCursor &c) { return showDateTime(c.dateTime()); }},
        {"date", [](TokenCursor &c) { return QByteArray::number(c.date()); }},
    };
    return readers.value(verb)(cursor);
}

QByteArray withNul(const char *text)
{
    return QByteArray(text).replace('@', '\0');
}

} // namespace

class TestTokenCursor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void values_data();
    void values();
    void faults_data();
    void faults();
    void refusals();
    void words_data();
    void words();
    void atomCharacters();
    void characters();
    void lists();
    void listDepth();
    void firstFaultStays();
    void failedCursorReadsNothing();
    void leadingWords();
    void keywordsAreNormalised();
    void cutCommands_data();
    void cutCommands();
    void randomBytes();
    void manyNumbers();
};

void TestTokenCursor::values_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("rest");

    const auto row = [](const char *verb,
                        const char *name,
                        const QByteArray &text,
                        const QByteArray &expected,
                        const QByteArray &rest = {}) {
        QTest::addRow("%s: %s", verb, name) << QByteArray(verb) << text << expected << rest;
    };
    row("atom", "to the end", "abc", "abc");
    row("atom", "to a blank", "a.b[c d", "a.b[c", " d");
    row("atom", "to a bracket", "ab]", "ab", "]");
    row("atom", "to 8 bit", "a\xe4", "a", "\xe4");
    row("atom", "odd but allowed", "~!#$&'+,-./:;<=>?@[^_`|}", "~!#$&'+,-./:;<=>?@[^_`|}");

    row("astring", "atom with bracket", "a]b)", "a]b", ")");
    row("astring", "quoted", "\"a b\" c", "a b", " c");
    row("astring", "literal", "{3}\r\na b c", "a b", " c");
    row("astring", "NIL is a word here", "NIL", "NIL");

    row("string", "empty", "\"\"", "");
    row("string", "rfc9051-9 escapes", "\"\\\"a\\\\\"", "\"a\\");
    row("string", "controls and 8 bit", "\"\x01\t\x7f\xc3\xa4\xff\"", "\x01\t\x7f\xc3\xa4\xff");
    row("string", "braces mean nothing", "\"{5}\"x", "{5}", "x");
    row("string", "rfc9051-4.3 literal", "{2}\r\n\r\nx", "\r\n", "x");
    row("string", "rfc7888 literal", "{2+}\r\n)\" ", ")\"", " ");
    row("string", "empty literal", "{0}\r\n)", "", ")");
    row("string", "leading zeros", "{002}\r\nab", "ab");

    row("nstring", "NIL", "NIL x", "<nil>", " x");
    row("nstring", "nil", "nil", "<nil>");
    row("nstring", "quoted NIL", "\"NIL\"", "NIL");
    row("nstring", "literal", "{1}\r\nN", "N");

    row("literal8", "plain", "{1}\r\na", "a");
    row("literal8", "rfc3516 binary", withNul("~{3}\r\na@b"), withNul("a@b"));
    row("literal8", "rfc3516 non-synchronising", withNul("~{1+}\r\n@ "), withNul("@"), " ");

    row("number64", "zero", "0", "0");
    row("number64", "largest", "9223372036854775807)", "9223372036854775807", ")");
    row("number64", "leading zeros", "00000000000000000000000012", "12");
    row("number", "largest", "4294967295", "4294967295");
    row("number", "to a dot", "12.5", "12", ".5");
    row("nzNumber", "one", "1", "1");
    row("nzNumber", "largest", "4294967295", "4294967295");

    row("set", "one", "7 x", "7:7", " x");
    row("set", "rfc9051-9 example", "2,4:7,9,12:*", "2:2,4:7,9:9,12:0");
    row("set", "star", "*", "0:0");
    row("set", "stars", "*:*,*:4", "0:0,0:4");
    row("set", "backwards", "4:2", "4:2");
    row("set", "largest", "4294967295", "4294967295:4294967295");
    row("set", "rfc5182 saved result", "$ x", "$", " x");
    row("set", "two colons leave one", "1:2:3", "1:2", ":3");

    row("mailbox", "inbox", "inbox", "INBOX");
    row("mailbox", "quoted, modified UTF-7", "\"Entw&APw-rfe\" x", "Entw\xc3\xbcrfe", " x");
    row("mailbox", "literal, raw UTF-8", "{4+}\r\na\xc3\xbc/", "a\xc3\xbc");

    row("listMailbox", "wildcards", "a/%* x", "a/%*", " x");
    row("listMailbox", "bracket", "a]%)", "a]%", ")");
    row("listMailbox", "quoted", "\"a b*\"", "a b*");
    row("listMailbox", "empty", "\"\" x", "", " x");
    row("listMailbox", "modified UTF-7", "&APw-*", "\xc3\xbc*");
    row("listMailbox", "open shift", "&A*", "&A*");

    row("flag", "system, any case", "\\sEEN x", "\\Seen", " x");
    row("flag", "keyword as sent", "$JunK", "$JunK");
    row("flag",
        "longest keyword",
        QByteArray(MaxKeywordBytes, 'k'),
        QByteArray(MaxKeywordBytes, 'k'));
    row("flagList", "empty", "() x", "0 ", " x");
    row("flagList", "all", "(\\Seen \\Answered \\Flagged \\Deleted \\Draft)", "31 ");
    row("flagList", "mixed", "($B \\seen a \\SEEN) x", "1 $B a", " x");
    row("flags", "bare", "\\Seen b A", "1 A b");
    row("flags", "one", "x)", "0 x", ")");
    row("flags", "list", "(x) y", "0 x", " y");

    row("dateTime", "rfc9051-6.3.12", "\" 7-Feb-1994 21:52:25 -0800\" x", "760686745 -480", " x");
    row("date", "atom", "1-Feb-1994 x", "8797", " x");
    row("date", "quoted", "\"01-Feb-1994\")", "8797", ")");
}

void TestTokenCursor::values()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, expected);
    QFETCH(QByteArray, rest);

    TokenCursor cursor(text);
    QCOMPARE(read(verb, cursor), expected);
    QVERIFY2(!cursor.hasFailed(), cursor.fault().constData());
    QCOMPARE(cursor.rest(), rest);
    QCOMPARE(cursor.position(), text.size() - rest.size());
    QCOMPARE(cursor.atEnd(), rest.isEmpty());
}

void TestTokenCursor::faults_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("fault");

    const auto row =
        [](const char *verb, const char *name, const QByteArray &text, const char *fault) {
            QTest::addRow("%s: %s", verb, name) << QByteArray(verb) << text << QByteArray(fault);
        };
    row("atom", "nothing", "", "Atom expected");
    row("atom", "special", "(", "Atom expected");
    row("atom", "NUL", withNul("@"), "Atom expected");
    row("atom", "8 bit", "\xe4", "Atom expected");
    row("astring", "nothing", "", "Atom or string expected");
    row("astring", "special", "%", "Atom or string expected");
    row("string", "atom", "a", "String expected");
    row("string", "literal8", "~{1}\r\na", "String expected");
    row("string", "open", "\"abc", "Closing quote missing");
    row("string", "open behind escape", "\"abc\\\"", "Closing quote missing");
    row("string", "ends in an escape", "\"abc\\", "Closing quote missing");
    row("string", "rfc9051-9 other escape", "\"\\n\"", "Bad character in a quoted string");
    row("string", "session 08: NUL", withNul("\"a@b\""), "Bad character in a quoted string");
    row("string", "escaped NUL", withNul("\"\\@\""), "Bad character in a quoted string");
    row("string", "line feed", "\"a\nb\"", "Bad character in a quoted string");
    row("string", "carriage return", "\"a\rb\"", "Bad character in a quoted string");
    row("string", "session 86: no number", "{}\r\n", "Number expected");
    row("string", "negative", "{-1}\r\n", "Number expected");
    row("string", "session 16: past 2^63", "{9223372036854775808}\r\n", "Number out of range");
    row("string", "session 16: past 2^64", "{18446744073709551617}\r\na", "Number out of range");
    row("string", "open brace", "{1", "} expected");
    row("string", "two plus", "{1++}\r\na", "} expected");
    row("string", "no line end", "{1}a", "Line end expected");
    row("string", "LF alone", "{1}\na", "Line end expected");
    row("string", "cut literal", "{3}\r\nab", "Literal cut short");
    row("string", "huge literal", "{9223372036854775807}\r\nab", "Literal cut short");
    row("string", "session 09: NUL in a literal", withNul("{3}\r\na@b"), "NUL in a literal");
    row("nstring", "atom", "NILS", "String expected");
    row("literal8", "session 10: NUL in a plain literal", withNul("{1}\r\n@"), "NUL in a literal");
    row("literal8", "tilde only", "~a", "{ expected");
    row("literal8", "quoted", "\"a\"", "{ expected");
    row("number64", "nothing", "", "Number expected");
    row("number64", "sign", "-1", "Number expected");
    row("number64", "2^63", "9223372036854775808", "Number out of range");
    row("number64", "many digits", QByteArray(9000, '9'), "Number out of range");
    row("number", "2^32", "4294967296", "Number out of range");
    row("nzNumber", "zero", "0", "Number above zero expected");
    row("nzNumber", "rfc9051-9 digit-nz first", "01", "Number above zero expected");
    row("set", "nothing", "", "Number expected");
    row("set", "session 26: zero", "1:0", "Number above zero expected");
    row("set", "session 26: 2^32", "4294967296", "Number out of range");
    row("set", "session 84: trailing comma", "1, x", "Number expected");
    row("set", "session 84: trailing colon", "1: x", "Number expected");
    row("set", "blank", "1, 2", "Number expected");
    row("set", "saved result among numbers", "1,$", "Number expected");
    row("mailbox", "empty", "\"\"", "Mailbox name is empty");
    row("mailbox", "session 87: NUL", withNul("{5+}\r\nnu@lz"), "NUL in a literal");
    row("mailbox", "session 39", "\"u7&\"", "Mailbox name is not well-formed modified UTF-7");
    row("mailbox", "session 38", QByteArray(4000, 'n'), "Mailbox name is too long or too deep");
    row("listMailbox", "nothing", "", "Mailbox pattern expected");
    row("listMailbox", "long", '"' + QByteArray(16'001, '*') + '"', "Mailbox pattern too long");
    row("listMailbox", "list", "(a)", "Mailbox pattern expected");
    row("flag", "session 73: \\Recent", "\\Recent", "Not a flag that can be set");
    row("flag", "unknown system flag", "\\Foo", "Not a flag that can be set");
    row("flag", "flag-perm", "\\*", "Atom expected");
    row("flag", "quoted", "\"a\"", "Atom expected");
    row("flag", "long keyword", QByteArray(MaxKeywordBytes + 1, 'k'), "Keyword too long");
    row("flagList", "bare", "a", "( expected");
    row("flagList", "session 73: open", "(a b", ") expected");
    row("flagList", "session 73: nested", "(x(y))", ") expected");
    row("flagList", "two blanks", "(a  b)", "Atom expected");
    row("flagList", "blank inside", "( a)", "Atom expected");
    row("flagList", "bracket", "(a]b)", ") expected");
    row("flags", "session 84: nothing", "", "Atom expected");
    row("flags", "trailing blank", "a ", "Atom expected");
    row("dateTime", "session 53", "\"32-Foo-2020 99:99:99 +0000\"", "Bad date and time");
    row("dateTime", "unquoted", "1-Jan-2020", "\" expected");
    row("date", "session 84: short year", "1-Jan-20", "Bad date");
    row("date", "nothing", "", "Atom expected");
}

void TestTokenCursor::faults()
{
    QFETCH(QByteArray, verb);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, fault);

    TokenCursor cursor(text);
    read(verb, cursor);
    QVERIFY(cursor.hasFailed());
    QCOMPARE(cursor.fault(), fault);
    QVERIFY(cursor.atEnd());
}

// A name that cannot be one is no fault of grammar; the first fault says which it is.
void TestTokenCursor::refusals()
{
    TokenCursor name("a//b");
    (void)name.mailbox();
    QVERIFY(name.hasFailed());
    QCOMPARE(name.refusal()->code, ErrorCode::Invalid);
    QCOMPARE(name.fault(), "Mailbox name has an empty level");

    const QByteArray deep = QByteArray("a/").repeated(100) + 'b';
    TokenCursor limit(deep);
    (void)limit.mailbox();
    QCOMPARE(limit.refusal()->code, ErrorCode::Limit);

    TokenCursor pattern("a&b*");
    QCOMPARE(pattern.listMailbox(), "a&b*");
    QVERIFY(!pattern.hasFailed());

    TokenCursor grammar("(a) a//b");
    (void)grammar.mailbox();
    (void)grammar.mailbox();
    QVERIFY(grammar.hasFailed());
    QVERIFY(!grammar.refusal());
}

void TestTokenCursor::words_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("matches");

    QTest::newRow("same") << QByteArray("BODY") << true;
    QTest::newRow("any case") << QByteArray("bOdY x") << true;
    QTest::newRow("before a list") << QByteArray("BODY(") << true;
    QTest::newRow("before a section") << QByteArray("BODY[]") << true;
    QTest::newRow("before a bracket") << QByteArray("BODY]") << true;
    QTest::newRow("longer") << QByteArray("BODYSTRUCTURE") << false;
    QTest::newRow("longer by a dot") << QByteArray("BODY.PEEK[]") << false;
    QTest::newRow("shorter") << QByteArray("BOD") << false;
    QTest::newRow("quoted") << QByteArray("\"BODY\"") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void TestTokenCursor::words()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, matches);

    TokenCursor cursor(text);
    QCOMPARE(cursor.tryWord("BODY"), matches);
    QCOMPARE(cursor.position(), matches ? 4 : 0);
    QVERIFY(!cursor.hasFailed());
}

// RFC 9051 9: ATOM-CHAR and ASTRING-CHAR over all octets.
void TestTokenCursor::atomCharacters()
{
    const QByteArray specials = "(){ %*\"\\]";
    for (int octet = 0; octet <= 0xff; ++octet) {
        const char c = static_cast<char>(octet);
        const bool isAtomChar = octet > 0x1f && octet < 0x7f && !specials.contains(c);
        const QByteArray text(1, c);
        TokenCursor atom(text);
        atom.atom();
        QCOMPARE(!atom.hasFailed(), isAtomChar);
        if (c == '"' || c == '{') {
            continue;
        }
        TokenCursor astring(text);
        astring.astring();
        QCOMPARE(!astring.hasFailed(), isAtomChar || c == ']');
        TokenCursor pattern(text);
        pattern.listMailbox();
        QCOMPARE(!pattern.hasFailed(), isAtomChar || c == ']' || c == '%' || c == '*');
    }
}

void TestTokenCursor::characters()
{
    TokenCursor cursor("a (");
    QCOMPARE(cursor.peek(), 'a');
    QVERIFY(!cursor.tryChar('b'));
    QVERIFY(!cursor.trySpace());
    QVERIFY(cursor.tryChar('a'));
    QVERIFY(cursor.trySpace());
    cursor.expectChar('(');
    QVERIFY(cursor.atEnd());
    QCOMPARE(cursor.peek(), std::nullopt);
    cursor.expectEnd();
    QVERIFY(!cursor.hasFailed());
    cursor.expectSpace();
    QCOMPARE(cursor.fault(), "Space expected");

    TokenCursor more("a");
    more.expectEnd();
    QCOMPARE(more.fault(), "Unexpected text at the end of the command");

    QVERIFY(TokenCursor("\"").atString());
    QVERIFY(TokenCursor("{1}").atString());
    QVERIFY(!TokenCursor("a").atString());
    QVERIFY(!TokenCursor("~{1}").atString());
    QVERIFY(!TokenCursor("").atString());
}

void TestTokenCursor::lists()
{
    TokenCursor cursor("(a (b)) c");
    QVERIFY(cursor.tryEnterList());
    QVERIFY(!cursor.tryEnterList());
    QCOMPARE(cursor.atom(), "a");
    cursor.expectSpace();
    cursor.enterList();
    QCOMPARE(cursor.atom(), "b");
    cursor.leaveList();
    cursor.leaveList();
    QVERIFY(!cursor.hasFailed());
    cursor.leaveList();
    QCOMPARE(cursor.fault(), ") expected");
}

void TestTokenCursor::listDepth()
{
    const QByteArray text(MaxListDepth + 1, '(');
    TokenCursor cursor(text);
    for (int depth = 0; depth < MaxListDepth; ++depth) {
        QVERIFY(cursor.tryEnterList());
    }
    QVERIFY(!cursor.tryEnterList());
    QCOMPARE(cursor.fault(), "Parentheses nested too deep");

    // Lists side by side are not nested.
    const auto flat = QByteArray("()").repeated(3 * MaxListDepth);
    TokenCursor wide(flat);
    while (wide.tryEnterList()) {
        wide.leaveList();
    }
    wide.expectEnd();
    QVERIFY(!wide.hasFailed());
}

void TestTokenCursor::firstFaultStays()
{
    TokenCursor cursor("x");
    cursor.number();
    cursor.atom();
    cursor.expectEnd();
    cursor.fail("Mine");
    QCOMPARE(cursor.fault(), "Number expected");

    TokenCursor own("x");
    own.fail("Mine");
    QVERIFY(own.hasFailed());
    QCOMPARE(own.fault(), "Mine");
}

void TestTokenCursor::failedCursorReadsNothing()
{
    TokenCursor cursor("a {1}\r\nx (1:2) \\Seen");
    cursor.fail("Fault");
    QVERIFY(cursor.atEnd());
    QVERIFY(cursor.rest().isEmpty());
    QCOMPARE(cursor.peek(), std::nullopt);
    QVERIFY(!cursor.tryWord("a"));
    QVERIFY(!cursor.trySpace());
    QVERIFY(!cursor.tryEnterList());
    QVERIFY(!cursor.atString());
    cursor.enterList();
    cursor.leaveList();
    QVERIFY(cursor.word().isEmpty());
    QVERIFY(cursor.atom().isEmpty());
    QVERIFY(cursor.astring().isEmpty());
    QVERIFY(cursor.string().isEmpty());
    QVERIFY(cursor.nstring()->isEmpty());
    QVERIFY(cursor.literalOrLiteral8().isEmpty());
    QCOMPARE(cursor.number64(), 0U);
    QCOMPARE(cursor.nzNumber(), 0U);
    QVERIFY(cursor.sequenceSet().isEmpty());
    QCOMPARE(cursor.mailbox(), MailboxName());
    QVERIFY(cursor.listMailbox().isEmpty());
    QCOMPARE(cursor.flagListOrBare(), MessageFlags());
    QCOMPARE(cursor.flagList(), MessageFlags());
    QCOMPARE(cursor.dateTime(), InternalDate());
    QCOMPARE(cursor.date(), 0);
    QCOMPARE(cursor.fault(), "Fault");
}

void TestTokenCursor::leadingWords()
{
    TokenCursor cursor("a1 UID  x");
    QCOMPARE(cursor.word(), "a1");
    cursor.expectSpace();
    QCOMPARE(cursor.word(), "UID");
    cursor.expectSpace();
    QCOMPARE(cursor.word(), "");
    cursor.expectSpace();
    QCOMPARE(cursor.word(), "x");
    QCOMPARE(cursor.word(), "");
    QVERIFY(!cursor.hasFailed());
}

void TestTokenCursor::keywordsAreNormalised()
{
    TokenCursor cursor("(b A $Junk a B _x $junk)");
    const auto flags = cursor.flagList();
    QCOMPARE(flags.keywords, QByteArrayList({"$Junk", "_x", "A", "b"}));
}

void TestTokenCursor::cutCommands_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("quoted") << QByteArray(
        "a1 \"x \\\" y\" $ (\\Seen b) \" 1-Jan-1970 00:00:00 +0000\" \"\"");
    QTest::newRow("literals") << QByteArray(
        "a1 {4+}\r\na\r\nb 1:*,7 () \"01-Jan-1970 00:00:00 +0000\" {2}\r\n\\\"");
}

// A command cut anywhere fails, and reading goes straight on to the end of the grammar.
void TestTokenCursor::cutCommands()
{
    QFETCH(QByteArray, text);

    for (qsizetype length = 0; length <= text.size(); ++length) {
        // A copy, so that a reader past the end is noticed by the address sanitizer.
        const auto cut = QByteArray(text.constData(), length);
        TokenCursor cursor(cut);
        cursor.word();
        cursor.expectSpace();
        cursor.astring();
        cursor.expectSpace();
        cursor.sequenceSet();
        cursor.expectSpace();
        cursor.flagList();
        cursor.expectSpace();
        cursor.dateTime();
        cursor.expectSpace();
        cursor.string();
        cursor.expectEnd();
        QCOMPARE(cursor.hasFailed(), length < text.size());
    }
}

void TestTokenCursor::randomBytes()
{
    const QByteArrayList verbs = {"atom",
                                  "astring",
                                  "string",
                                  "nstring",
                                  "literal8",
                                  "number64",
                                  "number",
                                  "nzNumber",
                                  "set",
                                  "mailbox",
                                  "listMailbox",
                                  "flag",
                                  "flagList",
                                  "flags",
                                  "dateTime",
                                  "date"};
    const QByteArray letters = withNul("@ab\\\"{}()~+12:,*$%&- \r\n\xc3\xa4");
    QRandomGenerator random(9);
    for (int round = 0; round < 50'000; ++round) {
        QByteArray text;
        for (int i = random.bounded(14); i > 0; --i) {
            text += letters[random.bounded(int(letters.size()))];
        }
        TokenCursor cursor(text);
        for (int i = 0; i < 4; ++i) {
            read(verbs[random.bounded(int(verbs.size()))], cursor);
            cursor.trySpace();
        }
        QVERIFY(cursor.position() <= text.size());
        QCOMPARE(cursor.fault().isEmpty(), !cursor.hasFailed());
    }
}

void TestTokenCursor::manyNumbers()
{
    // session 29
    QByteArray text = "1";
    for (int number = 3; number < 18'000; number += 2) {
        text += ',' + QByteArray::number(number);
    }
    TokenCursor cursor(text);
    QCOMPARE(cursor.sequenceSet().ranges().size(), 9000);
    cursor.expectEnd();
    QVERIFY(!cursor.hasFailed());
}

QTEST_GUILESS_MAIN(TestTokenCursor)
#include "tst_tokencursor.moc"
