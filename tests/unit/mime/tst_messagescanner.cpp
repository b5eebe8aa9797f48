#include "core/mime/basesubject.h"
#include "core/mime/messagescanner.h"
#include "core/mime/preview.h"

#include <QTest>

using namespace Postnook;
using namespace Postnook::Mime;

namespace
{

// One line per part: depth as dots, type, bytes of header and body with line ends shown.
QByteArray shown(const QByteArray &message, const PartTree &tree)
{
    const auto bytes = [&message](ByteRange range) {
        auto text = message.sliced(static_cast<qsizetype>(range.offset),
                                   static_cast<qsizetype>(range.size));
        return text.replace("\r", "\\r").replace("\n", "\\n");
    };
    QByteArray result;
    for (const auto &part : tree.parts()) {
        for (auto parent = part.parent; parent >= 0; parent = tree.parts()[parent].parent) {
            result += '.';
        }
        result += part.mediaType + " [" + bytes(part.header) + "] [" + bytes(part.body) + "] "
            + QByteArray::number(part.bodyLines) + '\n';
    }
    return result;
}

PartTree treeOf(const QByteArray &message)
{
    return PartTree::fromBytes(scanMessage(message).parts).value_or(PartTree());
}

MessageMeta scanInPieces(const QByteArray &message, const QList<qsizetype> &cuts)
{
    MessageScanner scanner;
    qsizetype from = 0;
    for (const auto cut : cuts) {
        // A copy of its own, freed at once, so that a view kept too long is noticed.
        scanner.feed(QByteArray(message.constData() + from, cut - from));
        from = cut;
    }
    scanner.feed(QByteArray(message.constData() + from, message.size() - from));
    return scanner.finish();
}

} // namespace

class TestMessageScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parts_data();
    void parts();
    void sortKeys();
    void anyCutGivesTheSame_data() { parts_data(); }
    void anyCutGivesTheSame();
    void partsTileTheMessage_data() { parts_data(); }
    void partsTileTheMessage();
    void structure_data();
    void structure();
    void longLines();
    void depthIsBounded_data();
    void depthIsBounded();
    void partsAreBounded_data();
    void partsAreBounded();
    void headerIsBoundedForParsing();
};

void TestMessageScanner::parts_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *message, const char *expected) {
        QTest::newRow(name) << QByteArray(message) << QByteArray(expected);
    };
#define MIXED "Content-Type: multipart/mixed; boundary=b"
#define MIXED_SHOWN "Content-Type: multipart/mixed; boundary=b"

    row("empty message", "", "text/plain [] [] 0\n");
    row("header only", "A: b\r\n\r\n", "text/plain [A: b\\r\\n\\r\\n] [] 0\n");
    row("empty header", "\r\nbody\r\n", "text/plain [\\r\\n] [body\\r\\n] 1\n");
    row("no blank line", "A: b\r\nno body\r\n", "text/plain [A: b\\r\\nno body\\r\\n] [] 0\n");
    row("cut within the header", "A: b", "text/plain [A: b] [] 0\n");
    row("last line open",
        "A: b\r\n\r\none\r\ntwo",
        "text/plain [A: b\\r\\n\\r\\n] [one\\r\\ntwo] 1\n");
    row("bare LF", "A: b\n\none\ntwo\n", "text/plain [A: b\\n\\n] [one\\ntwo\\n] 2\n");
    row("mixed line ends",
        "A: b\nB: c\r\n\nbody\r\n",
        "text/plain [A: b\\nB: c\\r\\n\\n] [body\\r\\n] 1\n");
    row("bare CR ends nothing",
        "A: b\r\rx\r\n\r\na\rb",
        "text/plain [A: b\\r\\rx\\r\\n\\r\\n] [a\\rb] 0\n");
    row("CR CR LF is no blank line",
        "A: b\r\n\r\r\nB: c\r\n\r\nx",
        "text/plain [A: b\\r\\n\\r\\r\\nB: c\\r\\n\\r\\n] [x] 0\n");
    row("blank fold goes on",
        "A: b\r\n \r\n c\r\n\r\nx",
        "text/plain [A: b\\r\\n \\r\\n c\\r\\n\\r\\n] [x] 0\n");

    row("rfc2046-5.1.1 line end belongs to the delimiter",
        MIXED
        "\r\n\r\npreamble\r\n--b\r\n\r\none\r\n--b\r\nA: b\r\n\r\ntwo\r\n\r\n--b--\r\nepilogue\r\n",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] "
        "[preamble\\r\\n--b\\r\\n\\r\\none\\r\\n--b\\r\\nA: "
        "b\\r\\n\\r\\ntwo\\r\\n\\r\\n--b--\\r\\nepilogue\\r\\n] 11\n"
        ".text/plain [\\r\\n] [one] 0\n.text/plain [A: b\\r\\n\\r\\n] [two\\r\\n] 1\n");
    row("delimiters with LF",
        MIXED "\n\n--b\n\none\n--b--\n",
        "multipart/mixed [" MIXED_SHOWN
        "\\n\\n] [--b\\n\\none\\n--b--\\n] 4\n.text/plain [\\n] [one] 0\n");
    row("rfc2046-5.1.1 padding behind delimiters",
        MIXED "\r\n\r\n--b \t\r\n\r\none\r\n--b-- \r\n",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b \t\\r\\n\\r\\none\\r\\n--b-- \\r\\n] "
        "4\n.text/plain [\\r\\n] [one] 0\n");
    row("rfc2046-5.1.1 blanks at the end of a boundary",
        "Content-Type: multipart/mixed; boundary=\"b \"\r\n\r\n--b\r\n\r\none\r\n--b--",
        "multipart/mixed [Content-Type: multipart/mixed; boundary=\"b \"\\r\\n\\r\\n] "
        "[--b\\r\\n\\r\\none\\r\\n--b--] 3\n.text/plain [\\r\\n] [one] 0\n");
    row("rfc2046-5.1.1 the beginning of the line is enough",
        MIXED "\r\n\r\n--bc\r\n\r\none\r\n--b--d\r\nx",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--bc\\r\\n\\r\\none\\r\\n--b--d\\r\\nx] 4\n.text/plain [\\r\\n] [one] 0\n");
    row("not at the start of a line",
        MIXED "\r\n\r\n--b\r\n\r\n --b\r\nx--b\r\n",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\n\\r\\n --b\\r\\nx--b\\r\\n] "
        "4\n.text/plain [\\r\\n] [ --b\\r\\nx--b\\r\\n] 2\n");
    row("end missing",
        MIXED "\r\n\r\n--b\r\n\r\none\r\n",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b\\r\\n\\r\\none\\r\\n] 3\n.text/plain [\\r\\n] [one\\r\\n] 1\n");
    row("nothing behind the end is a part",
        MIXED "\r\n\r\n--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\nno\r\n--b--\r\n",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b\\r\\n\\r\\none\\r\\n--b--\\r\\n--b\\r\\n\\r\\nno\\r\\n--b--\\r\\n] "
        "8\n.text/plain [\\r\\n] [one] 0\n");
    row("parts with nothing in them",
        MIXED "\r\n\r\n--b\r\n--b\r\n\r\n--b\r\nA: b\r\n--b--\r\n",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b\\r\\n--b\\r\\n\\r\\n--b\\r\\nA: b\\r\\n--b--\\r\\n] 6\n"
        ".text/plain [] [] 0\n.text/plain [] [] 0\n.text/plain [A: b] [] 0\n");
    row("rfc2046-5.1.1 the empty line of a header can be the delimiter's",
        MIXED "\r\n\r\n--b\r\nA: b\r\n\r\n--b\r\nA: b\n\n--b\r\nA: b\r\n\r\n\r\n--b--\r\n",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nA: b\\r\\n\\r\\n--b\\r\\nA: "
        "b\\n\\n--b\\r\\nA: b\\r\\n\\r\\n\\r\\n--b--\\r\\n] 11\n"
        ".text/plain [A: b\\r\\n] [] 0\n.text/plain [A: b\\n] [] 0\n"
        ".text/plain [A: b\\r\\n\\r\\n] [] 0\n");
    row("the empty line of a multipart's header is its own",
        MIXED "\r\n\r\n--b\r\nContent-Type: multipart/x; "
              "boundary=i\r\n\r\n--i\r\n\r\none\r\n--i--\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nContent-Type: multipart/x; "
        "boundary=i\\r\\n\\r\\n--i\\r\\n\\r\\none\\r\\n--i--\\r\\n--b--] 7\n"
        ".multipart/x [Content-Type: multipart/x; boundary=i\\r\\n\\r\\n] "
        "[--i\\r\\n\\r\\none\\r\\n--i--] 3\n..text/plain [\\r\\n] [one] 0\n");
    row("multipart whose header an outer delimiter ends",
        MIXED "\r\n\r\n--b\r\nContent-Type: multipart/x; boundary=i\r\n\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nContent-Type: multipart/x; "
        "boundary=i\\r\\n\\r\\n--b--] 3\n"
        ".multipart/x [Content-Type: multipart/x; boundary=i\\r\\n] [] 0\n..text/plain [] [] 0\n");
    row("delimiter ends the message",
        MIXED "\r\n\r\n--b",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b] 0\n.text/plain [] [] 0\n");

    row("no delimiter: the body is one part",
        MIXED "\r\n\r\ntext\r\n",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [text\\r\\n] 1\n.text/plain [] [text\\r\\n] 1\n");
    row("no boundary: the body is one part",
        "Content-Type: multipart/mixed\r\n\r\n--b\r\nx",
        "multipart/mixed [Content-Type: multipart/mixed\\r\\n\\r\\n] [--b\\r\\nx] 1\n.text/plain "
        "[] [--b\\r\\nx] 1\n");
    row("only an end: the body is one part",
        MIXED "\r\n\r\n--b--\r\n",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b--\\r\\n] 1\n.text/plain [] [--b--\\r\\n] 1\n");
    row("text around the only end: all of it is the part",
        MIXED "\r\n\r\nbefore\r\n--b--\r\nbehind\r\n",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [before\\r\\n--b--\\r\\nbehind\\r\\n] 3\n"
        ".text/plain [] [before\\r\\n--b--\\r\\nbehind\\r\\n] 3\n");
    row("multipart without a body",
        MIXED,
        "multipart/mixed [" MIXED_SHOWN "] [] 0\n.text/plain [] [] 0\n");

    row("boundary is the beginning of the inner one",
        MIXED
        "\r\n\r\n--b\r\nContent-Type: multipart/x; "
        "boundary=bb\r\n\r\n--bb\r\n\r\none\r\n--bb--\r\n--bb\r\nno\r\n--b\r\n\r\ntwo\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nContent-Type: multipart/x; "
        "boundary=bb\\r\\n\\r\\n--bb\\r\\n\\r\\none\\r\\n--bb--\\r\\n--bb\\r\\nno\\r\\n--"
        "b\\r\\n\\r\\ntwo\\r\\n--b--] 12\n"
        ".multipart/x [Content-Type: multipart/x; boundary=bb\\r\\n\\r\\n] "
        "[--bb\\r\\n\\r\\none\\r\\n--bb--\\r\\n--bb\\r\\nno] 5\n"
        "..text/plain [\\r\\n] [one] 0\n.text/plain [\\r\\n] [two] 0\n");
    row("boundary that looks like an end",
        MIXED "\r\n\r\n--b\r\nContent-Type: multipart/x; "
              "boundary=b--\r\n\r\n--b--\r\n\r\none\r\n--b----\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nContent-Type: multipart/x; "
        "boundary=b--\\r\\n\\r\\n--b--\\r\\n\\r\\none\\r\\n--b----\\r\\n--b--] 7\n"
        ".multipart/x [Content-Type: multipart/x; boundary=b--\\r\\n\\r\\n] "
        "[--b--\\r\\n\\r\\none\\r\\n--b----] 3\n"
        "..text/plain [\\r\\n] [one] 0\n");
    row("inner end missing",
        MIXED "\r\n\r\n--b\r\nContent-Type: multipart/x; "
              "boundary=i\r\n\r\n--i\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nContent-Type: multipart/x; "
        "boundary=i\\r\\n\\r\\n--i\\r\\n\\r\\none\\r\\n--b\\r\\n\\r\\ntwo\\r\\n--b--] 9\n"
        ".multipart/x [Content-Type: multipart/x; boundary=i\\r\\n\\r\\n] [--i\\r\\n\\r\\none] "
        "2\n..text/plain [\\r\\n] [one] 0\n.text/plain [\\r\\n] [two] 0\n");
    row("same boundary inside: the innermost open one",
        MIXED "\r\n\r\n--b\r\n" MIXED "\r\n\r\n--b\r\n\r\none\r\n--b--\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\n" MIXED_SHOWN
        "\\r\\n\\r\\n--b\\r\\n\\r\\none\\r\\n--b--\\r\\n--b--] 7\n"
        ".multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b\\r\\n\\r\\none\\r\\n--b--] 3\n..text/plain [\\r\\n] [one] 0\n");

    row("rfc2046-5.2.1 message",
        "Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\ninner\r\n",
        "message/rfc822 [Content-Type: message/rfc822\\r\\n\\r\\n] [A: b\\r\\n\\r\\ninner\\r\\n] "
        "3\n.text/plain [A: b\\r\\n\\r\\n] [inner\\r\\n] 1\n");
    row("message in multipart in message",
        "Content-Type: message/global\r\n\r\n" MIXED
        "\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\nin\r\n--b--",
        "message/global [Content-Type: message/global\\r\\n\\r\\n] [" MIXED_SHOWN
        "\\r\\n\\r\\n--b\\r\\nContent-Type: message/rfc822\\r\\n\\r\\nA: "
        "b\\r\\n\\r\\nin\\r\\n--b--] 8\n"
        ".multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b\\r\\nContent-Type: message/rfc822\\r\\n\\r\\nA: "
        "b\\r\\n\\r\\nin\\r\\n--b--] 6\n"
        "..message/rfc822 [Content-Type: message/rfc822\\r\\n\\r\\n] [A: b\\r\\n\\r\\nin] "
        "2\n...text/plain [A: b\\r\\n\\r\\n] [in] 0\n");
    row("message with nothing in it",
        MIXED "\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n--b\r\nContent-Type: "
              "message/rfc822\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN
        "\\r\\n\\r\\n] [--b\\r\\nContent-Type: message/rfc822\\r\\n\\r\\n--b\\r\\nContent-Type: "
        "message/rfc822\\r\\n--b--] 5\n"
        ".message/rfc822 [Content-Type: message/rfc822\\r\\n] [] 0\n..text/plain [] [] 0\n"
        ".message/rfc822 [Content-Type: message/rfc822] [] 0\n..text/plain [] [] 0\n");
    row("message whose header a delimiter ends",
        MIXED "\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nA: b\r\n\r\n--b--",
        "multipart/mixed [" MIXED_SHOWN "\\r\\n\\r\\n] [--b\\r\\nContent-Type: "
        "message/rfc822\\r\\n\\r\\nA: b\\r\\n\\r\\n--b--] 5\n"
        ".message/rfc822 [Content-Type: message/rfc822\\r\\n\\r\\n] [A: b\\r\\n] 1\n"
        "..text/plain [A: b\\r\\n] [] 0\n");
    row("rfc2231-4 extended boundary",
        "Content-Type: multipart/mixed; boundary*=us-ascii''%62\r\n\r\n--b\r\n\r\none\r\n--b--",
        "multipart/mixed [Content-Type: multipart/mixed; boundary*=us-ascii''%62\\r\\n\\r\\n] "
        "[--b\\r\\n\\r\\none\\r\\n--b--] 3\n.text/plain [\\r\\n] [one] 0\n");
    row("rfc2046-5.1.5 digest",
        "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nA: "
        "b\r\n\r\nin\r\n--b\r\nContent-Type: text/x\r\n\r\nt\r\n--b--",
        "multipart/digest [Content-Type: multipart/digest; boundary=b\\r\\n\\r\\n] "
        "[--b\\r\\n\\r\\nA: b\\r\\n\\r\\nin\\r\\n--b\\r\\nContent-Type: "
        "text/x\\r\\n\\r\\nt\\r\\n--b--] 9\n"
        ".message/rfc822 [\\r\\n] [A: b\\r\\n\\r\\nin] 2\n..text/plain [A: b\\r\\n\\r\\n] [in] "
        "0\n.text/x [Content-Type: text/x\\r\\n\\r\\n] [t] 0\n");
    row("empty digest part",
        "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n--b--",
        "multipart/digest [Content-Type: multipart/digest; boundary=b\\r\\n\\r\\n] "
        "[--b\\r\\n--b--] 1\n"
        ".message/rfc822 [] [] 0\n..text/plain [] [] 0\n");
#undef MIXED
#undef MIXED_SHOWN
}

void TestMessageScanner::parts()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, expected);
    const auto tree = treeOf(message);
    QCOMPARE(shown(message, tree), expected);
    const auto meta = scanMessage(message);
    QCOMPARE(meta.headerSize, tree.parts().first().header.size);
    // What the scanner keeps of the bodies is what the preview reads.
    const auto read = [&message](quint64 offset, quint64 size) {
        return message.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(size));
    };
    QCOMPARE(meta.preview, previewText(tree, read));
}

void TestMessageScanner::sortKeys()
{
    const auto meta = scanMessage("Subject: =?utf-8?q?AW:_Gr=C3=BC=C3=9Fe?= (fwd)\r\n"
                                  "Date: Mon, 05 Jan 2026 10:00:00 +0130\r\n"
                                  "Subject: later\r\nDate: 1 Jan 2000 00:00:00 +0000\r\n"
                                  "Content-Type: message/rfc822\r\n\r\n"
                                  "Subject: inner\r\nDate: 2 Jan 2000 00:00:00 +0000\r\n\r\n");
    QCOMPARE(meta.baseSubject, baseSubject("=?utf-8?q?AW:_Gr=C3=BC=C3=9Fe?= (fwd)").text);
    QVERIFY(meta.isReply);
    QVERIFY(meta.sentDate == (InternalDate{1'767'601'800, 90}));

    const auto without = scanMessage("Date: someday\r\nSubject: Lunch\r\n\r\n");
    QCOMPARE(without.baseSubject, QByteArray("Lunch"));
    QVERIFY(!without.isReply);
    QVERIFY(!without.sentDate);
    QVERIFY(scanMessage("").baseSubject.isEmpty());
}

void TestMessageScanner::anyCutGivesTheSame()
{
    QFETCH(QByteArray, message);
    const auto whole = scanMessage(message);
    QCOMPARE(whole.scannerVersion, ScannerVersion);
    QList<qsizetype> all;
    for (qsizetype cut = 0; cut <= message.size(); ++cut) {
        QCOMPARE(scanInPieces(message, {cut}), whole);
        all.append(cut);
    }
    QCOMPARE(scanInPieces(message, all), whole);
}

// Bodies follow their headers, children lie inside of their parents and in order.
void TestMessageScanner::partsTileTheMessage()
{
    QFETCH(QByteArray, message);
    const auto tree = treeOf(message);
    QList<quint64> free(tree.parts().size(), 0); // where the next child may begin
    for (qsizetype i = 0; i < tree.parts().size(); ++i) {
        const auto &part = tree.parts()[i];
        QCOMPARE(part.body.offset, part.header.offset + part.header.size);
        free[i] = part.body.offset;
        const auto end = part.body.offset + part.body.size;
        if (i == 0) {
            QCOMPARE(part.header.offset, 0U);
            QCOMPARE(end, static_cast<quint64>(message.size()));
            continue;
        }
        const auto &parent = tree.parts()[part.parent];
        QVERIFY(part.header.offset >= free[part.parent]);
        QVERIFY(end <= parent.body.offset + parent.body.size);
        free[part.parent] = end;
        if (parent.type == Part::Type::Message) {
            QCOMPARE(part.header.offset, parent.body.offset);
            QCOMPARE(end, parent.body.offset + parent.body.size);
        }
        QVERIFY(parent.type != Part::Type::Leaf);
    }
}

void TestMessageScanner::structure_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("multipart with its own data")
        << QByteArray("Content-Type: multipart/mixed; boundary=\"b c\"; "
                      "x=y\r\nContent-Disposition: inline\r\n"
                      "Content-Language: de\r\nContent-Location: l\r\n\r\n--b c\r\n\r\n--b c--")
        << QByteArray(
               R"((("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL) "mixed" ("boundary" "b c" "x" "y") ("inline" NIL) "de" "l"))");
    QTest::newRow("message has envelope, body, lines")
        << QByteArray("Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ninner\r\n")
        << QByteArray(
               R"(("message" "rfc822" NIL NIL NIL "7bit" 22 (NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 7 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL))");
    QTest::newRow("multipart without parts has one")
        << QByteArray("Content-Type: multipart/mixed\r\n\r\ntext\r\n")
        << QByteArray(
               R"((("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 6 1 NIL NIL NIL NIL) "mixed" NIL NIL NIL NIL))");
}

void TestMessageScanner::structure()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, expected);
    QCOMPARE(scanMessage(message).bodyStructure, expected);
}

// Lines longer than what is kept of a line that comes in pieces.
void TestMessageScanner::longLines()
{
    const QByteArray boundary(900, 'L');
    const QByteArray blanks(3000, ' ');
    const QByteArray head = "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n";
    const auto message = head + "--" + boundary + blanks + "\r\n\r\none" + QByteArray(5000, 'x')
        + "\r\n--" + boundary + blanks + "x\r\n\r\ntwo\r\n--" + boundary + "--" + blanks + "\r\n";
    const auto whole = scanMessage(message);
    const auto tree = treeOf(message);
    QCOMPARE(tree.parts().size(), 3);
    QCOMPARE(tree.parts()[1].body.size, 5003U);
    QCOMPARE(tree.parts()[2].body.size, 3U);
    for (qsizetype step : {1, 7, 1000, 1023, 1024, 1025}) {
        QList<qsizetype> cuts;
        for (auto cut = step; cut < message.size(); cut += step) {
            cuts.append(cut);
        }
        QCOMPARE(scanInPieces(message, cuts), whole);
    }

    // Longer than a line may be: it separates nothing.
    const QByteArray tooLong(1001, 'L');
    const auto other =
        "Content-Type: multipart/mixed; boundary=" + tooLong + "\r\n\r\n--" + tooLong + "\r\n\r\nx";
    QCOMPARE(treeOf(other).parts().size(), 2);
}

void TestMessageScanner::depthIsBounded_data()
{
    QTest::addColumn<QByteArray>("opening");
    QTest::newRow("multiparts") << QByteArray(
        "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n");
    QTest::newRow("messages") << QByteArray("Content-Type: message/rfc822\r\n\r\n");
    QTest::newRow("one boundary for all")
        << QByteArray("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n");
}

void TestMessageScanner::depthIsBounded()
{
    QFETCH(QByteArray, opening);
    QByteArray message;
    for (int i = 0; i < MaxDepth * 3; ++i) {
        message += QByteArray(opening).replace("%d", QByteArray::number(i));
    }
    message += "\r\ndeep\r\n";
    const auto tree = treeOf(message);
    qsizetype deepest = 0;
    for (const auto &part : tree.parts()) {
        qsizetype depth = 1;
        for (auto parent = part.parent; parent >= 0; parent = tree.parts()[parent].parent) {
            ++depth;
        }
        deepest = qMax(deepest, depth);
    }
    QCOMPARE(deepest, MaxDepth);
    const auto &limit = tree.parts()[MaxDepth - 1];
    QCOMPARE(limit.type, Part::Type::Leaf);
    QCOMPARE(limit.mediaType, QByteArray("application/octet-stream"));
    // The rest is one leaf, where it does not look like a part beside it.
    QCOMPARE(tree.parts().size() == MaxDepth,
             opening.contains("%d") || opening.contains("message"));
}

void TestMessageScanner::partsAreBounded_data()
{
    QTest::addColumn<int>("partsBefore"); // plain ones; more follow, in all too many
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("plain") << 0 << QByteArray("\r\nx\r\n");
    const QByteArray multipart = "Content-Type: multipart/mixed; boundary=c\r\n\r\nx\r\n";
    const QByteArray message = "Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\nx\r\n";
    for (int before = MaxParts - 4; before < MaxParts - 1; ++before) {
        QTest::addRow("multipart without parts behind %d", before) << before << multipart;
        QTest::addRow("message behind %d", before) << before << message;
    }
}

void TestMessageScanner::partsAreBounded()
{
    QFETCH(int, partsBefore);
    QFETCH(QByteArray, part);
    QByteArray message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (int i = 0; i < MaxParts + 10; ++i) {
        message += "--b\r\n" + (i == partsBefore ? part : QByteArray("\r\nx\r\n"));
    }
    message += "--b--\r\n";
    const auto tree = treeOf(message);
    QCOMPARE(tree.parts().size(), MaxParts);
    const auto &last = tree.parts().last();
    QCOMPARE(last.body.offset + last.body.size, static_cast<quint64>(message.size()));
}

void TestMessageScanner::headerIsBoundedForParsing()
{
    const QByteArray filler = "X-Filler: " + QByteArray(1000, 'x') + "\r\n";
    QByteArray message = "Subject: early\r\n";
    while (message.size() < MaxHeaderBytes) {
        message += filler;
    }
    message += "From: late@example.org\r\n\r\nbody\r\n";
    const auto meta = scanMessage(message);
    QCOMPARE(meta.envelope, QByteArray("(NIL \"early\" NIL NIL NIL NIL NIL NIL NIL NIL)"));
    QCOMPARE(meta.headerSize, static_cast<quint32>(message.size() - 6));
}

QTEST_GUILESS_MAIN(TestMessageScanner)
#include "tst_messagescanner.moc"
