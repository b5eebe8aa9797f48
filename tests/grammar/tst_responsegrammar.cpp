#include "tests/grammar/fetchgrammar.h"
#include "tests/grammar/metadatagrammar.h"
#include "tests/grammar/structuregrammar.h"

#include <QTest>

using namespace Postnook;
using namespace Postnook::Grammar;

// A parser that takes what is wrong would make every test that uses it blind, so most rows are
// wrong in one place. RFC 9051 section 9.
class TestResponseGrammar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strings_data();
    void strings();
    void numbers_data();
    void numbers();
    void envelope_data();
    void envelope();
    void envelopeValues();
    void body_data();
    void body();
    void bodyValues();
    void revisions();
    void fetch_data();
    void fetch();
    void fetchValues();
    void everyCutIsAnError();
    void metadata_data();
    void metadata();
    void metadataValues();
};

void TestResponseGrammar::strings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::addColumn<QByteArray>("value");
    const auto good = [](const char *name, const QByteArray &text, const QByteArray &value) {
        QTest::newRow(name) << text << true << value;
    };
    const auto bad = [](const char *name, const QByteArray &text) {
        QTest::newRow(name) << text << false << QByteArray();
    };
    good("quoted", "\"a b\"", "a b");
    good("quoted, empty", "\"\"", "");
    good("quoted specials", R"("a\"b\\c")", R"(a"b\c)");
    good("quoted control", "\"a\tb\x7f\"", "a\tb\x7f");
    good("literal", "{3}\r\na\r\n", "a\r\n");
    good("literal, empty", "{0}\r\n", "");
    good("literal, 8-bit", "{2}\r\n\xc3\xa4", "\xc3\xa4");
    bad("quoted, no end", "\"ab");
    bad("quoted, end escaped", R"("ab\")");
    bad("quoted, escape at the end", R"("ab\)");
    bad("quoted, escape of a letter", R"("\a")");
    bad("quoted CR", "\"a\rb\"");
    bad("quoted LF", "\"a\nb\"");
    bad("quoted NUL", QByteArray("\"a\0b\"", 5));
    bad("quoted 8-bit", "\"\xc3\xa4\"");
    bad("literal, too short", "{4}\r\nabc");
    bad("literal, too long", "{2}\r\nabc");
    bad("literal, no line end", "{3}abc");
    bad("literal, LF alone", "{3}\nabc");
    bad("literal, non-synchronizing", "{3+}\r\nabc");
    bad("literal, no count", "{}\r\n");
    bad("literal, negative", "{-1}\r\n");
    bad("literal NUL", QByteArray("{3}\r\na\0b", 8));
    bad("literal beyond 63 bits", "{9223372036854775808}\r\n");
    bad("literal8 where there is none", "~{3}\r\nabc");
    bad("atom", "abc");
    bad("nothing", "");
}

void TestResponseGrammar::strings()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    ResponseLexer in(text);
    const auto value = in.string();
    QCOMPARE(in.ok() && in.atEnd(), good);
    if (good) {
        QTEST(value, "value");
    }
    // As nstring, the same and NIL.
    ResponseLexer nullable(text);
    QCOMPARE(nullable.nstring().has_value() && nullable.ok() && nullable.atEnd(), good);
    ResponseLexer nil("NIL");
    QVERIFY(!nil.nstring() && nil.ok() && nil.atEnd());
}

void TestResponseGrammar::numbers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("isNumber");
    QTest::addColumn<bool>("isNzNumber");
    QTest::addColumn<bool>("isNumber64");
    QTest::newRow("0") << QByteArray("0") << true << false << true;
    QTest::newRow("7") << QByteArray("7") << true << true << true;
    QTest::newRow("2^32-1") << QByteArray("4294967295") << true << true << true;
    QTest::newRow("2^32") << QByteArray("4294967296") << false << false << true;
    QTest::newRow("2^63-1") << QByteArray("9223372036854775807") << false << false << true;
    QTest::newRow("2^63") << QByteArray("9223372036854775808") << false << false << false;
    QTest::newRow("2^64+1") << QByteArray("18446744073709551617") << false << false << false;
    QTest::newRow("leading zero") << QByteArray("07") << false << false << false;
    QTest::newRow("sign") << QByteArray("-1") << false << false << false;
    QTest::newRow("plus") << QByteArray("+1") << false << false << false;
    QTest::newRow("nothing") << QByteArray("") << false << false << false;
    QTest::newRow("letters") << QByteArray("a") << false << false << false;
}

void TestResponseGrammar::numbers()
{
    QFETCH(QByteArray, text);
    ResponseLexer number(text);
    number.number();
    QTEST(number.ok() && number.atEnd(), "isNumber");
    ResponseLexer nzNumber(text);
    nzNumber.nzNumber();
    QTEST(nzNumber.ok() && nzNumber.atEnd(), "isNzNumber");
    ResponseLexer number64(text);
    number64.number64();
    QTEST(number64.ok() && number64.atEnd(), "isNumber64");
}

void TestResponseGrammar::envelope_data()
{
    QTest::addColumn<QByteArray>("addresses"); // From
    QTest::addColumn<bool>("good");
    const auto row = [](const char *name, bool good, const char *text) {
        QTest::newRow(name) << QByteArray(text) << good;
    };
    row("NIL", true, "NIL");
    row("one", true, R"((("Ann" NIL "ann" "example.org")))");
    row("two", true, R"(((NIL NIL "a" "b")("B" "@c,@d" "b" "d")))");
    row("host empty", true, R"(((NIL NIL "a" "")))");
    row("group", true, R"(((NIL NIL "g" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL)))");
    row("empty group", true, R"(((NIL NIL "g" NIL)(NIL NIL NIL NIL)))");
    row("empty list", false, "()");
    row("no list", false, R"((NIL NIL "a" "b"))");
    row("space between", false, R"(((NIL NIL "a" "b") (NIL NIL "c" "d")))");
    row("three fields", false, R"(((NIL NIL "a")))");
    row("five fields", false, R"(((NIL NIL "a" "b" NIL)))");
    row("no end", false, R"(((NIL NIL "a" "b"))");
    row("no mailbox", false, R"(((NIL NIL NIL "b")))");
    row("group in group",
        false,
        R"(((NIL NIL "g" NIL)(NIL NIL "h" NIL)(NIL NIL NIL NIL)(NIL NIL NIL NIL)))");
    row("group without end", false, R"(((NIL NIL "g" NIL)(NIL NIL "a" "b")))");
    row("end without group", false, R"(((NIL NIL "a" "b")(NIL NIL NIL NIL)))");
    row("group with a display name", false, R"((("n" NIL "g" NIL)(NIL NIL NIL NIL)))");
    row("group without a name", false, R"(((NIL NIL "" NIL)(NIL NIL NIL NIL)))");
    row("atom for a string", false, "((NIL NIL a b))");
}

void TestResponseGrammar::envelope()
{
    QFETCH(QByteArray, addresses);
    QFETCH(bool, good);
    const auto parsed =
        parseEnvelope("(NIL \"s\" " + addresses + " NIL NIL NIL NIL NIL NIL \"<i>\")");
    QVERIFY2(parsed.has_value() == good, parsed ? "taken" : qPrintable(parsed.error().text));
    QVERIFY(!parseEnvelope("(NIL \"s\" " + addresses + " NIL NIL NIL NIL NIL NIL)"));
    QVERIFY(!parseEnvelope("(NIL \"s\" " + addresses + " NIL NIL NIL NIL NIL NIL NIL NIL)"));
    QVERIFY(!parseEnvelope("(NIL \"s\" " + addresses + " NIL NIL NIL NIL NIL NIL NIL) "));
    QVERIFY(!parseEnvelope("(NIL  \"s\" " + addresses + " NIL NIL NIL NIL NIL NIL NIL)"));
}

void TestResponseGrammar::envelopeValues()
{
    const auto parsed = parseEnvelope(
        "(\"d\" NIL ((\"F\" \"@r\" \"f\" \"h\")) NIL NIL ((NIL NIL \"t\" \"h\")) NIL NIL "
        "{3}\r\n<r> \"<m>\")");
    QVERIFY(parsed);
    Envelope expected;
    expected.date = "d";
    expected.from = {{"F", "@r", "f", "h"}};
    expected.to = {{std::nullopt, std::nullopt, "t", "h"}};
    expected.inReplyTo = "<r>";
    expected.messageId = "<m>";
    QVERIFY(*parsed == expected);
}

void TestResponseGrammar::body_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("asShort"); // good as BODY
    QTest::addColumn<bool>("asExtensible"); // good as BODYSTRUCTURE
    const auto row = [](const char *name, bool asShort, bool asExtensible, const char *text) {
        QTest::newRow(name) << QByteArray(text) << asShort << asExtensible;
    };
#define TEXT R"(("text" "plain" NIL NIL NIL "7bit" 0 0))"
#define ENVELOPE "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"
    row("text", true, true, TEXT);
    row("basic", true, true, R"(("a" "b" ("c" "d" "e" "f") "i" "d" "8bit" 5))");
    row("literal type", true, true, "({1}\r\na {1}\r\nb NIL NIL NIL \"7bit\" 5)");
    row("message",
        true,
        true,
        R"(("message" "rfc822" NIL NIL NIL "7bit" 9 )" ENVELOPE " " TEXT " 2)");
    row("message/global",
        true,
        true,
        R"(("MESSAGE" "GLOBAL" NIL NIL NIL "7bit" 9 )" ENVELOPE " " TEXT " 2)");
    row("other message", true, true, R"(("message" "partial" NIL NIL NIL "7bit" 9))");
    row("multipart", true, true, "(" TEXT TEXT R"( "mixed"))");
    row("multipart in multipart", true, true, "((" TEXT R"( "a"))" TEXT R"( "mixed"))");
    row("extension of one part",
        false,
        true,
        R"(("a" "b" NIL NIL NIL "7bit" 5 "md5" ("inline" ("a" "b")) ("de" "en") "l"))");
    row("some of it", false, true, R"(("a" "b" NIL NIL NIL "7bit" 5 NIL NIL))");
    row("extension of a multipart",
        false,
        true,
        "(" TEXT R"( "mixed" ("boundary" "b") ("inline" NIL) "de" NIL))");
    row("extension within", false, true, R"((("a" "b" NIL NIL NIL "7bit" 5 NIL) "mixed"))");

    row("text without lines", false, false, R"(("text" "plain" NIL NIL NIL "7bit" 0))");
    row("lines of what is no text", false, false, R"(("a" "b" NIL NIL NIL "7bit" 5 5))");
    row("message as a basic part", false, false, R"(("message" "rfc822" NIL NIL NIL "7bit" 9))");
    row("message without lines",
        false,
        false,
        R"(("message" "rfc822" NIL NIL NIL "7bit" 9 )" ENVELOPE " " TEXT ")");
    row("message without body",
        false,
        false,
        R"(("message" "rfc822" NIL NIL NIL "7bit" 9 )" ENVELOPE " 2)");
    row("message without envelope",
        false,
        false,
        R"(("message" "rfc822" NIL NIL NIL "7bit" 9 )" TEXT " 2)");
    row("literal text", false, false, "({4}\r\ntext \"plain\" NIL NIL NIL \"7bit\" 0 0)");
    row("multipart without parts", false, false, R"(("multipart" "mixed" NIL NIL NIL "7bit" 5))");
    row("multipart without subtype", false, false, "(" TEXT ")");
    row("space between parts", false, false, "(" TEXT " " TEXT R"( "mixed"))");
    row("nothing", false, false, "()");
    row("NIL", false, false, "NIL");
    row("type NIL", false, false, R"((NIL "b" NIL NIL NIL "7bit" 5))");
    row("encoding NIL", false, false, R"(("a" "b" NIL NIL NIL NIL 5))");
    row("parameters empty", false, false, R"(("a" "b" () NIL NIL "7bit" 5))");
    row("parameter without value", false, false, R"(("a" "b" ("c") NIL NIL "7bit" 5))");
    row("parameter NIL", false, false, R"(("a" "b" ("c" NIL) NIL NIL "7bit" 5))");
    row("size missing", false, false, R"(("a" "b" NIL NIL NIL "7bit"))");
    row("size beyond 32 bits", false, false, R"(("a" "b" NIL NIL NIL "7bit" 4294967296))");
    row("size as a string", false, false, R"(("a" "b" NIL NIL NIL "7bit" "5"))");
    row("disposition as a string", false, false, R"(("a" "b" NIL NIL NIL "7bit" 5 NIL "inline"))");
    row("disposition without parameters",
        false,
        false,
        R"(("a" "b" NIL NIL NIL "7bit" 5 NIL ("inline")))");
    row("languages empty", false, false, R"(("a" "b" NIL NIL NIL "7bit" 5 NIL NIL ()))");
    row("an extension of nobody's",
        false,
        false,
        R"(("a" "b" NIL NIL NIL "7bit" 5 NIL NIL NIL NIL NIL))");
    row("something follows", false, false, TEXT " ");
    row("no end", false, false, R"(("a" "b" NIL NIL NIL "7bit" 5)");
#undef TEXT
#undef ENVELOPE
}

void TestResponseGrammar::body()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, asShort);
    QFETCH(bool, asExtensible);
    const auto shortForm = parseBody(text, BodyForm::Short);
    QVERIFY2(shortForm.has_value() == asShort,
             shortForm ? "taken" : qPrintable(shortForm.error().text));
    const auto extensible = parseBody(text, BodyForm::Extensible);
    QVERIFY2(extensible.has_value() == asExtensible,
             extensible ? "taken" : qPrintable(extensible.error().text));
}

void TestResponseGrammar::bodyValues()
{
    const auto parsed = parseBody(
        R"((("message" "global" ("a" "b") "<i>" "d" "8bit" 90 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) )"
        R"(("text" "html" NIL NIL NIL "base64" 80 7 "md5" ("inline" ("f" "g")) ("de" "en") "l") 8) "mixed" ("boundary" "b") NIL "de"))",
        BodyForm::Extensible);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().text));

    Body text;
    text.type = "text";
    text.subtype = "html";
    text.encoding = "base64";
    text.octets = 80;
    text.lines = 7;
    text.extensionItems = 4;
    text.md5 = "md5";
    text.disposition = Disposition{"inline", {{"f", "g"}}};
    text.languages = {"de", "en"};
    text.location = "l";
    Body message;
    message.type = "message";
    message.subtype = "global";
    message.parameters = {{"a", "b"}};
    message.id = "<i>";
    message.description = "d";
    message.encoding = "8bit";
    message.octets = 90;
    message.lines = 8;
    message.envelope = Envelope();
    message.envelope->subject = "s";
    message.children = {text};
    Body expected;
    expected.isMultipart = true;
    expected.subtype = "mixed";
    expected.parameters = {{"boundary", "b"}};
    expected.languages = {"de"};
    expected.extensionItems = 3;
    expected.children = {message};
    QVERIFY(*parsed == expected);
}

// RFC 3501 section 9 has body-type-msg for MESSAGE/RFC822 alone, RFC 9051 for MESSAGE/GLOBAL too.
void TestResponseGrammar::revisions()
{
    const QByteArray start = R"(("message" "global" NIL NIL NIL "7bit" 9)";
    const QByteArray asPart = start + ')';
    const QByteArray asMessage = start + " (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) "
        + R"(("text" "plain" NIL NIL NIL "7bit" 0 0) 2))";
    for (const auto form : {BodyForm::Short, BodyForm::Extensible}) {
        QVERIFY(parseBody(asPart, form, Revision::Rev1));
        QVERIFY(!parseBody(asPart, form, Revision::Rev2));
        QVERIFY(!parseBody(asMessage, form, Revision::Rev1));
        QVERIFY(parseBody(asMessage, form, Revision::Rev2));
    }
    const auto inFetch = "* 1 FETCH (BODY " + asPart + " BODYSTRUCTURE " + asPart + ")\r\n";
    QVERIFY(parseFetch(inFetch, Revision::Rev1));
    QVERIFY(!parseFetch(inFetch, Revision::Rev2));
}

void TestResponseGrammar::fetch_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("good");
    const auto item = [](const char *name, bool good, const QByteArray &text) {
        QTest::newRow(name) << QByteArray("* 1 FETCH (" + text + ")\r\n") << good;
    };
    item("flags", true, "FLAGS (\\Seen $Junk)");
    item("no flags", true, "FLAGS ()");
    item("uid", true, "UID 4294967295");
    item("date", true, "INTERNALDATE \" 1-Jan-2026 10:00:00 +0100\"");
    item("saved", true, "SAVEDATE NIL SAVEDATE \" 1-Jan-2026 10:00:00 +0100\"");
    item("sizes", true, "RFC822.SIZE 9223372036854775807 BINARY.SIZE[1.2] 0");
    item("rfc822", true, "RFC822 \"a\" RFC822.HEADER {1}\r\nb RFC822.TEXT NIL");
    item("modseq", true, "MODSEQ (9223372036854775807)");
    item("ids", true, "EMAILID (M1) THREADID NIL THREADID (T1)");
    item("longest id", true, "EMAILID (" + QByteArray(255, 'x') + ")");
    item("longer id", false, "EMAILID (" + QByteArray(256, 'x') + ")");
    item("id without parentheses", false, "EMAILID M1");
    item("no EMAILID", false, "EMAILID NIL");
    item("empty id", false, "THREADID ()");
    item("two ids", false, "THREADID (T1 T2)");
    item("no object id", false, "EMAILID (M.1)");
    item("id like a number", false, "EMAILID (1)");
    item("id like nothing", false, "THREADID (NIL)");
    item("preview", true, "PREVIEW \"a\" PREVIEW NIL");
    item("envelope", true, "ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    item("body", true, R"(BODY ("a" "b" NIL NIL NIL "7bit" 5))");
    item("sections",
         true,
         "BODY[] NIL BODY[1] \"\" BODY[1.2.MIME] \"\" BODY[HEADER] \"\" BODY[3.TEXT]<0> \"\"");
    item("header fields", true, "BODY[2.HEADER.FIELDS (A {1}\r\nb)] \"\"");
    item("other fields", true, "BODY[HEADER.FIELDS.NOT (\"A\")]<5> NIL");
    item("binary", true, QByteArray("BINARY[1] ~{1}\r\n\0 BINARY[]<3> {1}\r\na", 36));

    item("unknown", false, "SIZE 1");
    item("nothing", false, "");
    item("two spaces", false, "UID 1  UID 2");
    item("no space", false, "UID 1FLAGS ()");
    item("flags with a space", false, "FLAGS (\\Seen )");
    item("flag that is no atom", false, "FLAGS (\"a\")");
    item("uid 0", false, "UID 0");
    item("date without zone", false, "INTERNALDATE \" 1-Jan-2026 10:00:00\"");
    item("date as a literal", false, "INTERNALDATE {26}\r\n 1-Jan-2026 10:00:00 +0100");
    item("modseq bare", false, "MODSEQ 5");
    item("body with extension data", false, R"(BODY ("a" "b" NIL NIL NIL "7bit" 5 NIL))");
    item("part 0", false, "BODY[0] NIL");
    item("mime of the message", false, "BODY[MIME] NIL");
    item("dot at the end", false, "BODY[1.] NIL");
    item("unknown section", false, "BODY[1.FOO] NIL");
    item("no header fields", false, "BODY[HEADER.FIELDS ()] NIL");
    item("binary of a header", false, "BINARY[1.HEADER] NIL");
    item("size with an origin", false, "BINARY.SIZE[1]<0> 5");
    item("NUL in a literal", false, QByteArray("BODY[1] {1}\r\n\0", 14));
    item("literal8 for a body", false, "BODY[1] ~{1}\r\na");

    QTest::newRow("number 0") << QByteArray("* 0 FETCH (UID 1)\r\n") << false;
    QTest::newRow("no number") << QByteArray("* FETCH (UID 1)\r\n") << false;
    QTest::newRow("LF alone") << QByteArray("* 1 FETCH (UID 1)\n") << false;
    QTest::newRow("something follows") << QByteArray("* 1 FETCH (UID 1)\r\n ") << false;
}

void TestResponseGrammar::fetch()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, good);
    const auto parsed = parseFetch(line);
    QVERIFY2(parsed.has_value() == good, parsed ? "taken" : qPrintable(parsed.error().text));
}

void TestResponseGrammar::fetchValues()
{
    const auto parsed =
        parseFetch("* 12 FETCH (UID 7 FLAGS (\\Seen) BODY[1.HEADER.FIELDS (A B)]<2> "
                   "{1}\r\nx ENVELOPE (\"d\" NIL NIL NIL NIL NIL NIL NIL NIL NIL) "
                   "BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL \"7bit\" 5))\r\n");
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().text));
    QCOMPARE(parsed->number, 12U);
    QByteArrayList names;
    for (const auto &item : parsed->items) {
        names.append(item.name);
    }
    const QByteArrayList expected = {
        "UID", "FLAGS", "BODY[1.HEADER.FIELDS (A B)]<2>", "ENVELOPE", "BODYSTRUCTURE"};
    QCOMPARE(names, expected);
    QCOMPARE(std::get<quint64>(parsed->items[0].value), 7U);
    QCOMPARE(std::get<QByteArrayList>(parsed->items[1].value), QByteArrayList{"\\Seen"});
    QVERIFY(std::get<NString>(parsed->items[2].value) == NString("x"));
    QVERIFY(std::get<Envelope>(parsed->items[3].value).date == NString("d"));
    QCOMPARE(std::get<Body>(parsed->items[4].value).octets, 5U);
}

void TestResponseGrammar::everyCutIsAnError()
{
    const QByteArray line =
        "* 1 FETCH (ENVELOPE (\"d\" {1}\r\ns ((NIL NIL \"g\" NIL)(NIL NIL NIL NIL)) NIL NIL NIL "
        "NIL "
        "NIL NIL NIL) BODYSTRUCTURE ((\"message\" \"rfc822\" (\"a\" \"b\") NIL NIL \"7bit\" 9 (NIL "
        "NIL NIL NIL NIL NIL NIL NIL NIL NIL) (\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 0 NIL) 2) "
        "\"mixed\" NIL (\"inline\" NIL) (\"a\" \"b\") \"l\") BINARY[1] ~{2}\r\nab)\r\n";
    QVERIFY(parseFetch(line));
    for (qsizetype size = 0; size < line.size(); ++size) {
        QVERIFY2(!parseFetch(line.first(size)), qPrintable(QString::number(size)));
    }
}

void TestResponseGrammar::metadata_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    const auto row = [](const char *name, bool good, const QByteArray &text) {
        QTest::newRow(name) << QByteArray("* METADATA " + text + "\r\n") << good;
    };
    row("server", true, "\"\" (/shared/comment \"a\")");
    row("mailbox", true, "INBOX (/shared/comment \"a\" /private/comment NIL)");
    row("strings", true, "\"a b\" (\"/private/a b\" {1}\r\nx {10}\r\n/private/a \"\")");
    row("literal8", true, QByteArray("INBOX (/private/a ~{3}\r\na\0b)", 28));
    row("vendor", true, "INBOX (/shared/vendor/a/b NIL)");
    row("names", true, "INBOX /shared/comment \"/private/a b\"");
    row("any case", true, "INBOX /SHARED/comment");

    row("no entries", false, "INBOX ()");
    row("nothing", false, "INBOX ");
    row("mailbox missing", false, "(/shared/comment \"a\")");
    row("value missing", false, "INBOX (/shared/comment)");
    row("value an atom", false, "INBOX (/shared/comment a)");
    row("NUL in a literal", false, QByteArray("INBOX (/private/a {1}\r\n\0)", 25));
    row("two spaces", false, "INBOX (/shared/a NIL  /shared/b NIL)");
    row("space at the end", false, "INBOX (/shared/a NIL )");
    row("names in a list", false, "INBOX (/shared/a /shared/b)");
    row("names and values", false, "INBOX /shared/a (/shared/b NIL)");
    row("name NIL", false, "INBOX (NIL NIL)");
    row("one component", false, "INBOX /shared");
    row("another scope", false, "INBOX /public/comment");
    row("empty component", false, "INBOX /shared//a");
    row("slash at the end", false, "INBOX /shared/a/");
    row("vendor alone", false, "INBOX /shared/vendor/a");
    row("asterisk", false, "INBOX \"/shared/*\"");
    row("8-bit", false, "INBOX {9}\r\n/shared/\xc3");
}

void TestResponseGrammar::metadata()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    const auto parsed = parseMetadata(text);
    QVERIFY2(parsed.has_value() == good, parsed ? "taken" : qPrintable(parsed.error().text));
    QVERIFY(!parseMetadata(text + ' '));
    for (qsizetype size = 0; size < text.size(); ++size) {
        QVERIFY2(!parseMetadata(text.first(size)), qPrintable(QString::number(size)));
    }
}

void TestResponseGrammar::metadataValues()
{
    const auto values = parseMetadata("* metadata \"\" (/shared/a \"x\" /private/b NIL)\r\n");
    QVERIFY(values);
    QCOMPARE(values->mailbox, QByteArray());
    const QList<std::pair<QByteArray, NString>> expected{{"/shared/a", "x"}, {"/private/b", {}}};
    QVERIFY(values->values == expected);
    QVERIFY(values->names.isEmpty());
    const auto names = parseMetadata("* METADATA INBOX /shared/a /private/b\r\n");
    QVERIFY(names);
    QCOMPARE(names->mailbox, QByteArray("INBOX"));
    QCOMPARE(names->names, QByteArrayList({"/shared/a", "/private/b"}));
    QVERIFY(names->values.isEmpty());
}

QTEST_GUILESS_MAIN(TestResponseGrammar)
#include "tst_responsegrammar.moc"
