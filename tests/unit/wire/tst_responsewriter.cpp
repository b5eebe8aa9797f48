#include "core/wire/responsewriter.h"

#include "core/wire/tokencursor.h"

#include <QRandomGenerator>
#include <QTest>

#include <limits>

using namespace Postnook;

class TestResponseWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void strings_data();
    void strings();
    void astrings_data();
    void astrings();
    void nstrings();
    void numbers();
    void mailboxes_data();
    void mailboxes();
    void literals();
    void flags_data();
    void flags();
    void writesALine();
    void randomStringsReadBack();
};

void TestResponseWriter::strings_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("empty") << QByteArray("") << QByteArray("\"\"");
    QTest::newRow("plain") << QByteArray("a b") << QByteArray("\"a b\"");
    QTest::newRow("rfc9051-4.3 escapes") << QByteArray("a\"b\\c") << QByteArray("\"a\\\"b\\\\c\"");
    QTest::newRow("controls but CR, LF, NUL")
        << QByteArray("\x01\t\x7f") << QByteArray("\"\x01\t\x7f\"");
    QTest::newRow("CR") << QByteArray("a\rb") << QByteArray("{3}\r\na\rb");
    QTest::newRow("LF") << QByteArray("a\n") << QByteArray("{2}\r\na\n");
    QTest::newRow("8 bit") << QByteArray("\xc3\xa4") << QByteArray("{2}\r\n\xc3\xa4");
    QTest::newRow("rfc9051-9 CHAR8: no NUL") << QByteArray("a\0b", 3)
                                             << QByteArray("{3}\r\na\x80"
                                                           "b");
    QTest::newRow("longest quoted") << QByteArray(1000, 'x') << '"' + QByteArray(1000, 'x') + '"';
    QTest::newRow("longer") << QByteArray(1001, 'x') << "{1001}\r\n" + QByteArray(1001, 'x');
}

void TestResponseWriter::strings()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);

    QByteArray out;
    ResponseWriter(out).string(bytes);
    QCOMPARE(out, expected);
}

void TestResponseWriter::astrings_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("atom") << QByteArray("Sent/2026") << QByteArray("Sent/2026");
    QTest::newRow("with ]") << QByteArray("a]") << QByteArray("a]");
    QTest::newRow("empty") << QByteArray() << QByteArray("\"\"");
    QTest::newRow("blank") << QByteArray("a b") << QByteArray("\"a b\"");
    QTest::newRow("NIL is a string") << QByteArray("nil") << QByteArray("\"nil\"");
    QTest::newRow("NIL in front") << QByteArray("nile") << QByteArray("nile");
    for (const char *special : {"(", ")", "{", "%", "*", "\x7f", "\x1f"}) {
        QTest::addRow("atom-special %02x", static_cast<unsigned>(*special))
            << QByteArray(special) << '"' + QByteArray(special) + '"';
    }
    QTest::newRow("quote") << QByteArray("\"") << QByteArray("\"\\\"\"");
    QTest::newRow("8 bit") << QByteArray("\xe4") << QByteArray("{1}\r\n\xe4");
}

void TestResponseWriter::astrings()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, expected);

    QByteArray out;
    ResponseWriter(out).astring(bytes);
    QCOMPARE(out, expected);
}

void TestResponseWriter::nstrings()
{
    QByteArray out;
    ResponseWriter(out).nstring("x", true).space().nstring("", false).space().nstring("x", false);
    QCOMPARE(out, "NIL \"\" \"x\"");
}

void TestResponseWriter::numbers()
{
    QByteArray out;
    ResponseWriter(out).number(0).space().number(std::numeric_limits<quint64>::max());
    QCOMPARE(out, "0 18446744073709551615");
}

void TestResponseWriter::mailboxes_data()
{
    QTest::addColumn<QByteArray>("utf8");
    QTest::addColumn<QByteArray>("inUtf7");
    QTest::addColumn<QByteArray>("inUtf8");

    const auto row =
        [](const char *name, const char *utf8, const char *inUtf7, const char *inUtf8) {
            QTest::newRow(name) << QByteArray(utf8) << QByteArray(inUtf7) << QByteArray(inUtf8);
        };
    row("INBOX", "INBOX", "INBOX", "INBOX");
    row("blank", "Sent Items", "\"Sent Items\"", "\"Sent Items\"");
    row("umlaut", "Entw\xc3\xbcrfe", "Entw&APw-rfe", "\"Entw\xc3\xbcrfe\"");
    row("ampersand", "A&B", "A&-B", "A&B");
    row("quote and backslash", "a\"\\", "\"a\\\"\\\\\"", "\"a\\\"\\\\\"");
    const auto letters = QByteArray("\xc3\xbc ").repeated(333);
    QTest::newRow("longer than a quoted string may be in one of them")
        << letters << "{1998}\r\n" + QByteArray("&APw- ").repeated(333) << '"' + letters + '"';
}

void TestResponseWriter::mailboxes()
{
    QFETCH(QByteArray, utf8);
    QFETCH(QByteArray, inUtf7);
    QFETCH(QByteArray, inUtf8);

    QByteArray out;
    ResponseWriter(out).mailbox(MailboxName(utf8), NameCoding::ModifiedUtf7);
    QCOMPARE(out, inUtf7);
    out.clear();
    ResponseWriter(out).mailbox(MailboxName(utf8), NameCoding::Utf8);
    QCOMPARE(out, inUtf8);
}

void TestResponseWriter::literals()
{
    QByteArray out;
    ResponseWriter writer(out);
    writer.literal(QByteArrayView("a\0\r\n", 4))
        .space()
        .literal("")
        .space()
        .literalHeader(5'000'000'000);
    QCOMPARE(out, "{4}\r\na" + QByteArray(1, '\0') + "\r\n {0}\r\n {5000000000}\r\n");
}

void TestResponseWriter::flags_data()
{
    QTest::addColumn<MessageFlags>("flags");
    QTest::addColumn<bool>("recent");
    QTest::addColumn<QByteArray>("expected");

    const SystemFlags all = SystemFlag::Seen | SystemFlag::Answered | SystemFlag::Flagged
        | SystemFlag::Deleted | SystemFlag::Draft;
    QTest::newRow("none") << MessageFlags() << false << QByteArray("()");
    QTest::newRow("recent") << MessageFlags() << true << QByteArray("(\\Recent)");
    QTest::newRow("rfc9051-9 order")
        << MessageFlags{all, {}} << false
        << QByteArray("(\\Answered \\Flagged \\Deleted \\Seen \\Draft)");
    QTest::newRow("keywords") << MessageFlags{{}, {"$Junk", "a"}} << false
                              << QByteArray("($Junk a)");
    QTest::newRow("all kinds") << MessageFlags{SystemFlag::Seen, {"$Junk"}} << true
                               << QByteArray("(\\Recent \\Seen $Junk)");
}

void TestResponseWriter::flags()
{
    QFETCH(MessageFlags, flags);
    QFETCH(bool, recent);
    QFETCH(QByteArray, expected);

    QByteArray out;
    ResponseWriter(out).flags(flags, recent);
    QCOMPARE(out, expected);
}

void TestResponseWriter::writesALine()
{
    QByteArray out = "* OK\r\n";
    ResponseWriter writer(out);
    writer.raw("* ")
        .number(3)
        .raw(" FETCH (INTERNALDATE ")
        .dateTime({760686745, -480})
        .raw(QByteArray(")"))
        .crlf();
    QCOMPARE(out, "* OK\r\n* 3 FETCH (INTERNALDATE \" 7-Feb-1994 21:52:25 -0800\")\r\n");
}

// What the writer writes, the cursor reads, NUL aside.
void TestResponseWriter::randomStringsReadBack()
{
    QRandomGenerator random(9051);
    for (int round = 0; round < 3000; ++round) {
        QByteArray bytes(random.bounded(12), Qt::Uninitialized);
        for (char &c : bytes) {
            c = static_cast<char>(random.bounded(round % 2 == 0 ? 0x80 : 0x100));
        }
        QByteArray out;
        ResponseWriter(out).string(bytes).space().astring(bytes);
        bytes.replace('\0', '\x80');
        TokenCursor cursor(out);
        QCOMPARE(cursor.string(), bytes);
        cursor.expectSpace();
        QCOMPARE(cursor.astring(), bytes);
        cursor.expectEnd();
        QVERIFY(!cursor.hasFailed());
    }
}

QTEST_GUILESS_MAIN(TestResponseWriter)
#include "tst_responsewriter.moc"
