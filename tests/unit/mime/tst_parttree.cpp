#include "core/mime/messagescanner.h"
#include "core/mime/parttree.h"

#include <QTest>

using namespace Postnook;
using namespace Postnook::Mime;

namespace
{

using Kind = Section::Kind;

// RFC 9051 6.4.5's example in small: rfc822 inside multipart inside rfc822.
const QByteArray Nested = "Subject: outer\r\n"
                          "Content-Type: multipart/mixed; boundary=a\r\n"
                          "\r\n"
                          "--a\r\n"
                          "\r\n"
                          "text 1\r\n"
                          "--a\r\n"
                          "Content-Type: message/rfc822\r\n"
                          "X-Mime: 2\r\n"
                          "\r\n"
                          "Subject: middle\r\n"
                          "Content-Type: multipart/mixed; boundary=b\r\n"
                          "\r\n"
                          "--b\r\n"
                          "Content-Type: text/html\r\n"
                          "\r\n"
                          "text 2.1\r\n"
                          "--b\r\n"
                          "Content-Type: message/rfc822\r\n"
                          "\r\n"
                          "Subject: inner\r\n"
                          "\r\n"
                          "text 2.2.1\r\n"
                          "--b--\r\n"
                          "--a\r\n"
                          "Content-Type: multipart/x; boundary=c\r\n"
                          "\r\n"
                          "--c\r\n"
                          "\r\n"
                          "text 3.1\r\n"
                          "--c--\r\n"
                          "--a--\r\n";
const QByteArray Plain = "Subject: plain\r\n\r\nbody\r\n";
const QByteArray MessageInMessage = "Subject: 0\r\nContent-Type: message/rfc822\r\n\r\n"
                                    "Subject: 1\r\nContent-Type: message/rfc822\r\n\r\n"
                                    "Subject: 2\r\n\r\nbody\r\n";

PartTree treeOf(const QByteArray &message)
{
    return PartTree::fromBytes(scanMessage(message).parts).value_or(PartTree());
}

} // namespace

class TestPartTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void locate_data();
    void locate();
    void bytesComeBack();
    void damagedBytesAreRefused();
    void anyValueComesBack();
    void filter_data();
    void filter();
};

void TestPartTree::locate_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QList<quint32>>("part");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QByteArray>("expected"); // "-": there is none
    const auto row = [](const char *name,
                        const QByteArray &message,
                        const QList<quint32> &part,
                        Kind kind,
                        const QByteArray &expected) {
        QTest::newRow(name) << message << part << kind << expected;
    };
    const auto from = [](const char *text) { return Nested.sliced(Nested.indexOf(text)); };
    const auto between = [from](const char *first, const char *behind) {
        const auto text = from(first);
        return text.first(text.indexOf(behind));
    };
    const QByteArray none = "-";

    row("plain []", Plain, {}, Kind::Whole, Plain);
    row("plain [HEADER]", Plain, {}, Kind::Header, "Subject: plain\r\n\r\n");
    row("plain [HEADER.FIELDS]", Plain, {}, Kind::HeaderFields, "Subject: plain\r\n\r\n");
    row("plain [HEADER.FIELDS.NOT]", Plain, {}, Kind::HeaderFieldsNot, "Subject: plain\r\n\r\n");
    row("plain [TEXT]", Plain, {}, Kind::Text, "body\r\n");
    row("plain [MIME]", Plain, {}, Kind::Mime, none);
    row("plain [1]", Plain, {1}, Kind::Whole, "body\r\n");
    row("plain [1.MIME]", Plain, {1}, Kind::Mime, "Subject: plain\r\n\r\n");
    row("plain [1.HEADER]", Plain, {1}, Kind::Header, none);
    row("plain [1.TEXT]", Plain, {1}, Kind::Text, none);
    row("plain [2]", Plain, {2}, Kind::Whole, none);
    row("plain [1.1]", Plain, {1, 1}, Kind::Whole, none);
    row("plain [0]", Plain, {0}, Kind::Whole, none);

    row("nested [TEXT]", Nested, {}, Kind::Text, from("--a\r\n"));
    row("nested [1]", Nested, {1}, Kind::Whole, "text 1");
    row("nested [1.MIME]", Nested, {1}, Kind::Mime, "\r\n");
    row("nested [1.TEXT]", Nested, {1}, Kind::Text, none);
    row("nested [1.1]", Nested, {1, 1}, Kind::Whole, none);
    row("nested [2]",
        Nested,
        {2},
        Kind::Whole,
        between("Subject: middle", "\r\n--a\r\nContent-Type: multipart/x"));
    row("nested [2.MIME]",
        Nested,
        {2},
        Kind::Mime,
        "Content-Type: message/rfc822\r\nX-Mime: 2\r\n\r\n");
    row("nested [2.HEADER]",
        Nested,
        {2},
        Kind::Header,
        "Subject: middle\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    row("nested [2.TEXT]",
        Nested,
        {2},
        Kind::Text,
        between("--b\r\n", "\r\n--a\r\nContent-Type: multipart/x"));
    row("nested [2.1]", Nested, {2, 1}, Kind::Whole, "text 2.1");
    row("nested [2.1.MIME]", Nested, {2, 1}, Kind::Mime, "Content-Type: text/html\r\n\r\n");
    row("nested [2.1.HEADER]", Nested, {2, 1}, Kind::Header, none);
    row("nested [2.2]", Nested, {2, 2}, Kind::Whole, "Subject: inner\r\n\r\ntext 2.2.1");
    row("nested [2.2.HEADER]", Nested, {2, 2}, Kind::Header, "Subject: inner\r\n\r\n");
    row("nested [2.2.TEXT]", Nested, {2, 2}, Kind::Text, "text 2.2.1");
    row("nested [2.2.MIME]", Nested, {2, 2}, Kind::Mime, "Content-Type: message/rfc822\r\n\r\n");
    row("nested [2.2.1]", Nested, {2, 2, 1}, Kind::Whole, "text 2.2.1");
    row("nested [2.2.2]", Nested, {2, 2, 2}, Kind::Whole, none);
    row("nested [2.2.1.1]", Nested, {2, 2, 1, 1}, Kind::Whole, none);
    row("nested [2.3]", Nested, {2, 3}, Kind::Whole, none);
    row("nested [3]", Nested, {3}, Kind::Whole, between("--c\r\n", "\r\n--a--"));
    row("nested [3.HEADER]", Nested, {3}, Kind::Header, none);
    row("nested [3.MIME]",
        Nested,
        {3},
        Kind::Mime,
        "Content-Type: multipart/x; boundary=c\r\n\r\n");
    row("nested [3.1]", Nested, {3, 1}, Kind::Whole, "text 3.1");
    row("nested [4]", Nested, {4}, Kind::Whole, none);
    row("nested [4294967295]", Nested, {4294967295U}, Kind::Whole, none);

    const auto inside1 = MessageInMessage.sliced(MessageInMessage.indexOf("Subject: 1"));
    const auto inside2 = MessageInMessage.sliced(MessageInMessage.indexOf("Subject: 2"));
    row("message [1]", MessageInMessage, {1}, Kind::Whole, inside1);
    row("message [1.HEADER]",
        MessageInMessage,
        {1},
        Kind::Header,
        "Subject: 1\r\nContent-Type: message/rfc822\r\n\r\n");
    row("message [1.TEXT]", MessageInMessage, {1}, Kind::Text, inside2);
    row("message [1.1]", MessageInMessage, {1, 1}, Kind::Whole, inside2);
    row("message [1.1.HEADER]", MessageInMessage, {1, 1}, Kind::Header, "Subject: 2\r\n\r\n");
    row("message [1.1.1]", MessageInMessage, {1, 1, 1}, Kind::Whole, "body\r\n");
    row("message [1.1.1.1]", MessageInMessage, {1, 1, 1, 1}, Kind::Whole, none);
    row("message [1.2]", MessageInMessage, {1, 2}, Kind::Whole, none);

    const QByteArray empty = "Content-Type: multipart/mixed\r\n\r\ntext";
    row("multipart without parts [1]", empty, {1}, Kind::Whole, "text");
    row("multipart without parts [1.MIME]", empty, {1}, Kind::Mime, "");
    row("multipart without parts [2]", empty, {2}, Kind::Whole, none);
}

void TestPartTree::locate()
{
    QFETCH(QByteArray, message);
    QFETCH(QList<quint32>, part);
    QFETCH(Kind, kind);
    QFETCH(QByteArray, expected);
    const auto range =
        treeOf(message).locate({part, kind, {}}, static_cast<quint64>(message.size()));
    QCOMPARE(range.has_value(), expected != "-");
    if (range) {
        QCOMPARE(
            message.mid(static_cast<qsizetype>(range->offset), static_cast<qsizetype>(range->size)),
            expected);
    }
}

void TestPartTree::bytesComeBack()
{
    const auto tree = treeOf(Nested);
    QCOMPARE(tree.parts().size(), 9);
    QCOMPARE(PartTree::fromBytes(tree.toBytes()).value_or(PartTree()).parts(), tree.parts());
    QCOMPARE(tree.parts()[4].mediaType, QByteArray("text/html"));
    QCOMPARE(tree.parts()[0].encoding, QByteArray("7bit"));
}

void TestPartTree::damagedBytesAreRefused()
{
    const auto bytes = treeOf(Nested).toBytes();
    for (qsizetype size = 0; size < bytes.size(); ++size) {
        const auto tree = PartTree::fromBytes(bytes.first(size));
        QVERIFY(!tree);
        QCOMPARE(tree.error().code, ErrorCode::Corrupt);
    }
    QVERIFY(!PartTree::fromBytes(bytes + '\0'));
    for (qsizetype i = 0; i < bytes.size(); ++i) { // refused or not: no harm done
        auto damaged = bytes;
        damaged[i] = static_cast<char>(damaged[i] ^ '\xff');
        if (const auto tree = PartTree::fromBytes(damaged)) {
            (void)tree->find({2, 2, 1});
        }
    }
}

void TestPartTree::anyValueComesBack()
{
    PartTree tree;
    Part part;
    part.header = {~0ULL, 5};
    part.body = {3, ~0ULL};
    part.bodyLines = ~0U;
    part.type = Part::Type::Message;
    part.mediaType = "message/rfc822";
    tree.append(part);
    part.parent = 0;
    part.header = {0, 0};
    part.charset = "utf-8";
    part.name = QByteArray(300, 'n');
    tree.append(part);
    QCOMPARE(PartTree::fromBytes(tree.toBytes()).value_or(PartTree()).parts(), tree.parts());
}

void TestPartTree::filter_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArrayList>("names");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("others");
    const QByteArray header = "Subject: a\r\n b\r\nTo: x\r\nSUBJECT : c\r\nFrom: y\r\n\r\n";
    QTest::newRow("folded, any case, repeated")
        << header << QByteArrayList{"subject"}
        << QByteArray("Subject: a\r\n b\r\nSUBJECT : c\r\n\r\n")
        << QByteArray("To: x\r\nFrom: y\r\n\r\n");
    QTest::newRow("several, order of the header")
        << header << QByteArrayList{"FROM", "To", "X-None"}
        << QByteArray("To: x\r\nFrom: y\r\n\r\n")
        << QByteArray("Subject: a\r\n b\r\nSUBJECT : c\r\n\r\n");
    QTest::newRow("more names than usual, of one length, in no order")
        << header
        << QByteArrayList{"tz",   "TO", "ta", "Cc", "xx", "aa", "bb", "cC",   "dd",   "ee",
                          "FROM", "gg", "hh", "ii", "jj", "kk", "ll", "zzzz", "aaaa", "Subjecu"}
        << QByteArray("To: x\r\nFrom: y\r\n\r\n")
        << QByteArray("Subject: a\r\n b\r\nSUBJECT : c\r\n\r\n");
    QTest::newRow("none of them") << header << QByteArrayList{"Sub"} << QByteArray("\r\n")
                                  << header;
    QTest::newRow("bare LF stays") << QByteArray("A: 1\nB: 2\n\n") << QByteArrayList{"a"}
                                   << QByteArray("A: 1\n\r\n") << QByteArray("B: 2\n\r\n");
    QTest::newRow("rfc9051-7.5.2 no empty line")
        << QByteArray("A: 1\r\nB: 2") << QByteArrayList{"b"} << QByteArray("B: 2")
        << QByteArray("A: 1\r\n");
    QTest::newRow("lines that are no fields")
        << QByteArray("From me Mon\r\nA: 1\r\nnonsense\r\n\r\n") << QByteArrayList{"a"}
        << QByteArray("A: 1\r\n\r\n") << QByteArray("From me Mon\r\nnonsense\r\n\r\n");
    QTest::newRow("no header") << QByteArray() << QByteArrayList{"a"} << QByteArray()
                               << QByteArray();
}

void TestPartTree::filter()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArrayList, names);
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, others);
    QCOMPARE(filterHeader(header, names, false), fields);
    QCOMPARE(filterHeader(header, names, true), others);
}

QTEST_GUILESS_MAIN(TestPartTree)
#include "tst_parttree.moc"
