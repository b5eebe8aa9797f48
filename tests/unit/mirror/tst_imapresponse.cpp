#include "app/mirror/imapresponse.h"

#include <QTest>

using namespace Postnook;
using Kind = ImapResponse::Kind;

class TestImapResponse : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parse_data();
    void parse();
    void notAResponse_data();
    void notAResponse();
    void words();
};

void TestImapResponse::parse_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<quint32>("number");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("rest"); // the text of a status, the arguments of data
    const auto row = [](const char *title,
                        const char *line,
                        Kind kind,
                        const char *name,
                        quint32 number,
                        const char *code,
                        const char *rest) {
        QTest::newRow(title) << QByteArray(line) << kind << QByteArray(name) << number
                             << QByteArray(code) << QByteArray(rest);
    };
    row("tagged", "m1 OK done", Kind::Tagged, "OK", 0, "", "done");
    row("tagged with code", "m1 NO [OVERQUOTA] full", Kind::Tagged, "NO", 0, "OVERQUOTA", "full");
    row("tagged without text", "m1 OK", Kind::Tagged, "OK", 0, "", "");
    row("in small letters", "m1 ok [appenduid 1 2] x", Kind::Tagged, "OK", 0, "appenduid 1 2", "x");
    row("greeting",
        "* OK [CAPABILITY IMAP4rev1] hi",
        Kind::Status,
        "OK",
        0,
        "CAPABILITY IMAP4rev1",
        "hi");
    row("preauth", "* PREAUTH", Kind::Status, "PREAUTH", 0, "", "");
    row("bye", "* BYE go away", Kind::Status, "BYE", 0, "", "go away");
    row("code without a space behind",
        "* OK [UIDNEXT 3]next",
        Kind::Status,
        "OK",
        0,
        "UIDNEXT 3",
        "next");
    row("code that is not closed", "* OK [UIDNEXT 3", Kind::Status, "OK", 0, "", "[UIDNEXT 3");
    row("number", "* 12 EXISTS", Kind::Data, "EXISTS", 12, "", "");
    row("fetch", "* 1 FETCH (UID 5)", Kind::Data, "FETCH", 1, "", "(UID 5)");
    row("list", "* LIST () \"/\" a", Kind::Data, "LIST", 0, "", "() \"/\" a");
    row("fetch in small letters", "* 1 fetch (uid 5)", Kind::Data, "FETCH", 1, "", "(uid 5)");
    row("continuation", "+ go on", Kind::Continuation, "", 0, "", "go on");
    row("bare continuation", "+", Kind::Continuation, "", 0, "", "");
}

void TestImapResponse::parse()
{
    QFETCH(QByteArray, line);
    const auto response = parseImapResponse(line);
    QVERIFY(response);
    QTEST(response->kind, "kind");
    QTEST(response->name, "name");
    QTEST(response->number, "number");
    QTEST(response->code, "code");
    QTEST(response->kind == Kind::Data ? response->arguments : response->text, "rest");
}

void TestImapResponse::notAResponse_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a star") << QByteArray("*");
    QTest::newRow("a star and a space") << QByteArray("* ");
    QTest::newRow("a number alone") << QByteArray("* 5");
    QTest::newRow("a number that is none") << QByteArray("* 5x FETCH (UID 5)");
    QTest::newRow("a number too large") << QByteArray("* 4294967296 EXISTS");
    QTest::newRow("tagged without a status") << QByteArray("m1 LIST () \"/\" a");
    QTest::newRow("http") << QByteArray("HTTP/1.1 400 Bad Request");
    QTest::newRow("a space in front") << QByteArray(" OK");
}

void TestImapResponse::notAResponse()
{
    QFETCH(QByteArray, line);
    const auto response = parseImapResponse(line);
    QVERIFY(!response);
    QCOMPARE(response.error().code, ErrorCode::Invalid);
}

void TestImapResponse::words()
{
    ImapResponse response;
    response.text = "no \x1b[31mway\r\n";
    QCOMPARE(response.words(), QStringLiteral("no ?[31mway??"));
    response.text = QByteArray(10'000, 'x');
    QCOMPARE(response.words().size(), 300);
    response.text = "";
    QVERIFY(!response.words().isEmpty());
}

QTEST_GUILESS_MAIN(TestImapResponse)
#include "tst_imapresponse.moc"
