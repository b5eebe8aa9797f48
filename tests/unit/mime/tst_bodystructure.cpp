#include "core/mime/messagescanner.h"
#include "core/mime/parameters.h"

#include <QTest>

using namespace Postnook;
using namespace Postnook::Mime;

// BODYSTRUCTURE and BODY (RFC 9051 7.5.2) of what headers say; the cutting into parts is in
// tst_messagescanner.
class TestBodyStructure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leaf_data();
    void leaf();
    void commentsInComments();
    void withoutExtensions_data();
    void withoutExtensions();
    void forRev1_data();
    void forRev1();
    void forRev2_data();
    void forRev2();
    void withoutExtensionsOfBrokenBytes();
};

void TestBodyStructure::leaf_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected"); // for a body of "body\r\n"
    const auto row = [](const char *name, const char *header, const char *expected) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(expected);
    };
    const char *plain =
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 6 1 NIL NIL NIL NIL))";

    row("rfc2045-5.2 no type", "", plain);
    row("rfc2045-5.2 empty type", "Content-Type:\r\n", plain);
    row("rfc2045-5.2 rubbish", "Content-Type: ///;;;=\r\n", plain);
    row("rfc2045-5.2 no subtype", "Content-Type: application\r\n", plain);
    row("bare text keeps its parameters",
        "Content-Type: text; charset=utf-8\r\n",
        R"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 6 1 NIL NIL NIL NIL))");
    row("rfc2045-5.1 comments",
        "Content-Type: text/(x)plain (c;d); (d) charset (e) = (f) utf-8 (g)\r\n",
        R"(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 6 1 NIL NIL NIL NIL))");
    row("rfc2045-5.1 quoted value",
        "Content-Type: a/b; name=\"a\\\"b;c\"; x=\"\"\r\n",
        R"(("a" "b" ("name" "a\"b;c" "x" "") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc6657-3 no default for html",
        "Content-Type: text/html\r\n",
        R"(("text" "html" NIL NIL NIL "7bit" 6 1 NIL NIL NIL NIL))");
    row("value without quotes",
        "Content-Type: a/b; name=my file (1).pdf; y=a/b=c\r\n",
        R"(("a" "b" ("name" "my file (1).pdf" "y" "a/b=c") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("glued parenthesis",
        "Content-Type: a/b; name=f(1).pdf; charset=utf-8(c)\r\n",
        R"(("a" "b" ("name" "f(1).pdf" "charset" "utf-8") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("quote not closed",
        "Content-Type: a/b; x=\"utf-8; name=a\r\n",
        R"(("a" "b" ("x" "utf-8" "name" "a") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("nameless and valueless",
        "Content-Type: a/b;; =b; c; d=; e=f\r\n",
        R"(("a" "b" ("d" "" "e" "f") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("type twice",
        "Content-Type: a/b\r\nContent-Type: c/d\r\n",
        R"(("a" "b" NIL NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("type twice, the first one rubbish",
        "Content-Type: \r\nContent-Type: rubbish\r\nContent-Type: c/d; e=f\r\n",
        R"(("c" "d" ("e" "f") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("encoding twice, the first one rubbish",
        "Content-Transfer-Encoding: quoted printable\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Transfer-Encoding: 8bit\r\n",
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "base64" 6 1 NIL NIL NIL NIL))");
    row("rfc2231-3 sections",
        "Content-Type: a/b; name*1=b; name*0=a; q=1; name*3=d\r\n",
        R"(("a" "b" ("name" "ab" "q" "1" "name*3" "d") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc2231-4 extended",
        "Content-Type: a/b; name*=iso-8859-1'en'%41%42\r\n",
        R"(("a" "b" ("name*" "iso-8859-1'en'%41%42") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc2231-4.1 cut inside a character",
        "Content-Type: a/b;\r\n n*0*=utf-8''%e2%82;\r\n n*1*=%ac;\r\n n*2=\".pdf\"\r\n",
        R"(("a" "b" ("n*" "utf-8''%e2%82%ac.pdf") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc2231-4.1 what is not extended becomes so",
        "Content-Type: a/b; n*1=\"b c%'\"; n*0*=iso-8859-1'de'%e4; n*2=\xff*d.\r\n",
        R"(("a" "b" ("n*" "iso-8859-1'de'%e4b%20c%25%27%FF%2Ad.") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc2231-4.1 the first section names no charset",
        "Content-Type: a/b; n*0=\"a b\"; n*1*=%20c\r\n",
        R"(("a" "b" ("n*" "''a%20b%20c") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc2231-4 extended charset is one",
        "Content-Type: text/plain; charset*=us-ascii'en'utf-8\r\n",
        R"(("text" "plain" ("charset*" "us-ascii'en'utf-8") NIL NIL "7bit" 6 1 NIL NIL NIL NIL))");
    row("rfc2231 rubbish",
        "Content-Type: a/b; n*=utf-8''%zz%; n*99999999999999999999=x; n*-1=y; n**=z; *0=q\r\n",
        R"(("a" "b" ("n*" "utf-8''%zz%" "n*99999999999999999999" "x" "n*-1" "y" "n**" "z" "*0" "q") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("rfc2045-6.1 encoding with comment",
        "Content-Transfer-Encoding: (c) BASE64 (d)\r\n",
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "BASE64" 6 1 NIL NIL NIL NIL))");
    row("rfc2045-6.1 unknown encoding stays",
        "Content-Transfer-Encoding: x-weird\r\n",
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "x-weird" 6 1 NIL NIL NIL NIL))");
    row("encoding with a parameter",
        "Content-Transfer-Encoding: base64; x=y\r\n",
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "base64" 6 1 NIL NIL NIL NIL))");
    row("encoding of two words", "Content-Transfer-Encoding: quoted printable\r\n", plain);
    row("encoding is never NIL", "Content-Transfer-Encoding: (only a comment\r\n", plain);
    row("id, description, md5, disposition, languages, location",
        "Content-ID: <i@x>\r\nContent-Description: say \"hi\"\r\nContent-MD5: Q2hl==\r\n"
        "Content-Disposition: attachment; filename=a.txt; size=5\r\nContent-Language: en, (c) "
        "fr-CA\r\n"
        "Content-Location: http://x/\r\n a\r\n",
        R"(("text" "plain" ("charset" "us-ascii") "<i@x>" "say \"hi\"" "7bit" 6 1 "Q2hl==" ("attachment" ("filename" "a.txt" "size" "5")) ("en" "fr-CA") "http://x/a"))");
    row("one language",
        "Content-Language: en\r\nContent-Disposition: inline\r\n",
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 6 1 NIL ("inline" NIL) "en" NIL))");
    row("languages with rubbish",
        "Content-Language: , en us (c), \"x\" , de-CH; q=\"1, fr\"\r\n",
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 6 1 NIL NIL ("en" "de-CH") NIL))");
    row("disposition without type", "Content-Disposition: ;filename=x\r\n", plain);
    row("8-bit parameter",
        "Content-Type: a/b; name=\"\xe9\"\r\n",
        "(\"a\" \"b\" (\"name\" {1}\r\n\xe9) NIL NIL \"7bit\" 6 NIL NIL NIL NIL)");
    row("rfc2046-5.2.3 other messages are leaves",
        "Content-Type: message/external-body; access-type=x\r\n",
        R"(("message" "external-body" ("access-type" "x") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
}

void TestBodyStructure::leaf()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    QCOMPARE(scanMessage(header + "\r\nbody\r\n").bodyStructure, expected);
}

// Each of these comments reaches over all that stands behind it. To read ahead through each of a
// thousand would take a thousand times the field.
void TestBodyStructure::commentsInComments()
{
    const auto parse = [](int comments) {
        const QByteArray field = QByteArray(";a=x(").repeated(comments) + ";b=y(c);"
            + QByteArray(")").repeated(comments) + 'z';
        FieldCursor cursor(field);
        const auto parameters = parseParameters(cursor);
        return parameterValue(parameters, "a") + ' ' + parameterValue(parameters, "b");
    };
    QCOMPARE(parse(0), QByteArray(" y"));
    QCOMPARE(parse(1), QByteArray("x( y"));
    QCOMPARE(parse(2), QByteArray("x( y"));
    QCOMPARE(parse(900), QByteArray("x( y(c)"));
    // Comments that stand side by side are all read.
    const auto many = QByteArray("; a=f(1)g (h); b=c (d)").repeated(400);
    FieldCursor cursor(many);
    const auto parameters = parseParameters(cursor);
    QCOMPARE(parameters.size(), 800);
    QCOMPARE(parameters.last().value, QByteArray("c"));
}

void TestBodyStructure::withoutExtensions_data()
{
    QTest::addColumn<QByteArray>("structure");
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char *name, const char *structure, const char *body) {
        QTest::newRow(name) << QByteArray(structure) << QByteArray(body);
    };
    row("text",
        R"(("text" "plain" ("a" "b") NIL NIL "7bit" 6 1 NIL ("x" NIL) ("a" "b") NIL))",
        R"(("text" "plain" ("a" "b") NIL NIL "7bit" 6 1))");
    row("other leaf",
        R"(("a" "b" NIL "<i>" "d" "7bit" 6 "md5" NIL NIL "loc"))",
        R"(("a" "b" NIL "<i>" "d" "7bit" 6))");
    row("multipart",
        R"((("a" "b" NIL NIL NIL "7bit" 6 NIL NIL NIL NIL)("text" "c" NIL NIL NIL "7bit" 6 2 NIL NIL NIL NIL) "mixed" ("b" "(") NIL NIL NIL))",
        R"((("a" "b" NIL NIL NIL "7bit" 6)("text" "c" NIL NIL NIL "7bit" 6 2) "mixed"))");
    row("message",
        R"(("message" "rfc822" NIL NIL NIL "7bit" 41 (NIL "in" ((NIL NIL "x" "y")) NIL NIL NIL NIL NIL NIL NIL) ("a" "b" NIL NIL NIL "7bit" 6 NIL NIL NIL NIL) 3 NIL NIL NIL NIL))",
        R"(("message" "rfc822" NIL NIL NIL "7bit" 41 (NIL "in" ((NIL NIL "x" "y")) NIL NIL NIL NIL NIL NIL NIL) ("a" "b" NIL NIL NIL "7bit" 6) 3))");
    row("message that is a leaf",
        R"(("message" "delivery-status" NIL NIL NIL "7bit" 41 NIL NIL NIL NIL))",
        R"(("message" "delivery-status" NIL NIL NIL "7bit" 41))");
    row("rfc3501-9 message/global is a part like others",
        R"((("Message" "Global" NIL NIL NIL "8bit" 41 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL) ("a" "b" NIL NIL NIL "7bit" 6 NIL NIL NIL NIL) 3 NIL NIL NIL NIL) "mixed" NIL NIL NIL NIL))",
        R"((("Message" "Global" NIL NIL NIL "8bit" 41) "mixed"))");
    row("quotes and literals",
        "(\"a\" \"b\" (\"x\" \"\\\")(\" \"y\" {4}\r\n)\"( ) NIL NIL \"7bit\" 6 {3}\r\n))) NIL NIL "
        "NIL)",
        "(\"a\" \"b\" (\"x\" \"\\\")(\" \"y\" {4}\r\n)\"( ) NIL NIL \"7bit\" 6)");
}

void TestBodyStructure::withoutExtensions()
{
    QFETCH(QByteArray, structure);
    QFETCH(QByteArray, body);
    QCOMPARE(bodyFor(ImapVersion::Rev1, structure), body);
    QCOMPARE(bodyFor(ImapVersion::Rev1, body), body);
}

void TestBodyStructure::forRev1_data()
{
    QTest::addColumn<QByteArray>("structure");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *structure, const char *expected) {
        QTest::newRow(name) << QByteArray(structure) << QByteArray(expected);
    };
#define NESTED "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) "
    row("rfc3501-9 message/global",
        R"(("message" "global" NIL NIL NIL "8bit" 4 )" NESTED
        R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL) 1 "m" ("inline" NIL) ("en" "de") "l"))",
        R"(("message" "global" NIL NIL NIL "8bit" 4 "m" ("inline" NIL) ("en" "de") "l"))");
    row("message/global in message/rfc822",
        R"(("message" "rfc822" NIL NIL NIL "7bit" 41 )" NESTED
        R"(("MESSAGE" "GLOBAL" ("x" "y") NIL NIL "8bit" 4 )" NESTED
        R"(("a" "b" NIL NIL NIL "7bit" 0 NIL NIL NIL NIL) 1 NIL NIL NIL NIL) 2 NIL NIL NIL NIL))",
        R"(("message" "rfc822" NIL NIL NIL "7bit" 41 )" NESTED
        R"(("MESSAGE" "GLOBAL" ("x" "y") NIL NIL "8bit" 4 NIL NIL NIL NIL) 2 NIL NIL NIL NIL))");
    row("the word elsewhere",
        R"(("a" "global" ("global" "b") NIL NIL "7bit" 6 NIL NIL NIL NIL))",
        R"(("a" "global" ("global" "b") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
#undef NESTED
}

void TestBodyStructure::forRev1()
{
    QFETCH(QByteArray, structure);
    QFETCH(QByteArray, expected);
    QCOMPARE(bodyStructureFor(ImapVersion::Rev1, structure), expected);
    QCOMPARE(bodyStructureFor(ImapVersion::Rev1, expected), expected);
}

void TestBodyStructure::forRev2_data()
{
    QTest::addColumn<QByteArray>("structure");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *structure, const char *expected) {
        QTest::newRow(name) << QByteArray(structure) << QByteArray(expected);
    };
    row("rfc9051-7.5.2 an extended parameter",
        R"(("text" "plain" ("name*" "iso-8859-1'en'%E4b%22" "x" "y") NIL NIL "7bit" 6 1 NIL NIL NIL NIL))",
        "(\"text\" \"plain\" (\"name*\" {4}\r\n\xc3\xa4"
        "b\" \"x\" \"y\") NIL NIL \"7bit\" 6 1 NIL NIL NIL NIL)");
    row("in a disposition, and what is ASCII is quoted",
        R"(("a" "b" NIL NIL NIL "base64" 6 "md5" ("attachment" ("filename*" "utf-8''a%20b.txt" "size" "3")) "en" NIL))",
        R"(("a" "b" NIL NIL NIL "base64" 6 "md5" ("attachment" ("filename*" "a b.txt" "size" "3")) "en" NIL))");
    row("of a multipart, and of the parts in it",
        R"((("a" "b" ("n*" "''%41") NIL NIL "7bit" 6 NIL NIL NIL NIL) "mixed" ("boundary*" "''%3D") ("inline" NIL) NIL NIL))",
        R"((("a" "b" ("n*" "A") NIL NIL "7bit" 6 NIL NIL NIL NIL) "mixed" ("boundary*" "=") ("inline" NIL) NIL NIL))");
    row("a value that is a literal",
        "(\"a\" \"b\" (\"n*\" {6}\r\n'\"'%42) NIL NIL \"7bit\" 6 NIL NIL NIL NIL)",
        R"(("a" "b" ("n*" "B") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
    row("neither the MD5 sum nor a description",
        R"(("a" "b" NIL NIL "d*" "7bit" 6 "m*" NIL NIL NIL))",
        R"(("a" "b" NIL NIL "d*" "7bit" 6 "m*" NIL NIL NIL))");
    row("message/global shows its message",
        R"(("message" "global" ("n*" "''x") NIL NIL "8bit" 4 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("a" "b" NIL NIL NIL "7bit" 0 NIL NIL NIL NIL) 1 NIL NIL NIL NIL))",
        R"(("message" "global" ("n*" "x") NIL NIL "8bit" 4 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("a" "b" NIL NIL NIL "7bit" 0 NIL NIL NIL NIL) 1 NIL NIL NIL NIL))");
    row("what is broken stays",
        R"(("a" "b" ("n*") NIL NIL "7bit" 6 NIL NIL NIL NIL))",
        R"(("a" "b" ("n*") NIL NIL "7bit" 6 NIL NIL NIL NIL))");
}

void TestBodyStructure::forRev2()
{
    QFETCH(QByteArray, structure);
    QFETCH(QByteArray, expected);
    QCOMPARE(bodyStructureFor(ImapVersion::Rev2, structure), expected);
}

// What comes back damaged from a disk must do no harm.
void TestBodyStructure::withoutExtensionsOfBrokenBytes()
{
    const QByteArray structure = "((\"a\" \"b\" (\"x\" {4}\r\n)\"( ) NIL NIL \"7bit\" 6 NIL NIL "
                                 "NIL NIL) \"mixed\" NIL NIL NIL NIL)";
    for (qsizetype size = 0; size < structure.size(); ++size) {
        QCOMPARE(bodyFor(ImapVersion::Rev1, structure.first(size)), structure.first(size));
    }
    for (const auto *broken :
         {"{99999999999999999999}", "({5}\r\na", "(((((((", "\"\\", "(\"message\" {"}) {
        QCOMPARE(bodyFor(ImapVersion::Rev1, broken), QByteArray(broken));
        QCOMPARE(bodyFor(ImapVersion::Rev2, broken), QByteArray(broken));
    }
}

QTEST_GUILESS_MAIN(TestBodyStructure)
#include "tst_bodystructure.moc"
