#include "app/mirror/responsedata.h"

#include <QTest>

using namespace Postnook;

class TestResponseData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void list_data();
    void list();
    void fetch();
    void fetchFlags_data();
    void fetchFlags();
    void fetchUnknownItems_data();
    void fetchUnknownItems();
    void fetchBodies_data();
    void fetchBodies();
    void search_data();
    void search();
    void esearch_data();
    void esearch();
    void vanished();
    void namespaces();
    void metadata();
    void appendUid_data();
    void appendUid();
    void malformed_data();
    void malformed();
    void cutAnywhere();
};

namespace
{

const QByteArray WholeFetch =
    "(FLAGS (\\Seen $Junk) UID 7 INTERNALDATE \" 1-Jan-2026 10:00:00 +0100\" RFC822.SIZE 123 "
    "MODSEQ (17) ENVELOPE (NIL \"s (\" ((NIL NIL {3}\r\na\"b \"h\")) NIL) "
    "BODY[HEADER.FIELDS (\"DATE\" SUBJECT)] {6}\r\nDate:\n BODY[] {99}\r\n)";

QByteArray keywordsAndBits(const MessageFlags &flags)
{
    return QByteArray::number(int(flags.system)) + ' ' + flags.keywords.join(',');
}

} // namespace

void TestResponseData::list_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("attributes");
    QTest::addColumn<char>("separator");
    QTest::addColumn<QByteArray>("name");
    using List = QByteArrayList;
    QTest::newRow("plain") << QByteArray("(\\HasNoChildren \\Sent) \"/\" Sent")
                           << List{"\\hasnochildren", "\\sent"} << '/' << QByteArray("Sent");
    QTest::newRow("quoted") << QByteArray("() \".\" \"a \\\"b\"") << List{} << '.'
                            << QByteArray("a \"b");
    QTest::newRow("literal") << QByteArray("() \"/\" {3}\r\na\\b") << List{} << '/'
                             << QByteArray("a\\b");
    QTest::newRow("flat") << QByteArray("(\\NoInferiors) NIL INBOX") << List{"\\noinferiors"}
                          << '\0' << QByteArray("INBOX");
    QTest::newRow("backslash") << QByteArray("() \"\\\\\" \"a\\\\b\"") << List{} << '\\'
                               << QByteArray("a\\b");
    QTest::newRow("extended data") << QByteArray("() \"/\" a (\"CHILDINFO\" (\"SUBSCRIBED\"))")
                                   << List{} << '/' << QByteArray("a");
    QTest::newRow("raw UTF-8") << QByteArray("() \"/\" \"\xc3\xa4\"") << List{} << '/'
                               << QByteArray("\xc3\xa4");
}

void TestResponseData::list()
{
    QFETCH(QByteArray, text);
    const auto data = parseListData(text);
    QVERIFY(data);
    QTEST(data->attributes, "attributes");
    QTEST(data->separator, "separator");
    QTEST(data->name, "name");
}

void TestResponseData::fetch()
{
    const auto data = parseFetchData(WholeFetch);
    QVERIFY(data);
    QCOMPARE(data->uid, Uid(7));
    QCOMPARE(keywordsAndBits(data->flags.value()), QByteArray("1 $Junk"));
    QCOMPARE(data->date, InternalDate({1767258000, 60}));
    QCOMPARE(data->size, 123ULL);
    QCOMPARE(data->fields, QByteArray("Date:\n"));
    QVERIFY(data->hasBody);
}

void TestResponseData::fetchFlags_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("flags");
    QTest::newRow("none") << QByteArray("()") << QByteArray("0 ");
    QTest::newRow("all") << QByteArray("(\\answered \\FLAGGED \\Deleted \\Seen \\Draft)")
                         << QByteArray("31 ");
    QTest::newRow("recent is none of a message")
        << QByteArray("(\\Recent \\Seen)") << QByteArray("1 ");
    QTest::newRow("the server's own") << QByteArray("(\\XWhat \\* a)") << QByteArray("0 a");
    QTest::newRow("what no flag can be")
        << QByteArray("([odd] fine \"x\")") << QByteArray("0 fine");
    QTest::newRow("twice") << QByteArray("(b A a B)") << QByteArray("0 A,b");
    QTest::newRow("too long") << "(ok " + QByteArray(300, 'x') + ')' << QByteArray("0 ok");
}

void TestResponseData::fetchFlags()
{
    QFETCH(QByteArray, list);
    const auto data = parseFetchData("(UID 1 FLAGS " + list + ')');
    QVERIFY(data);
    QTEST(keywordsAndBits(data->flags.value()), "flags");
}

void TestResponseData::fetchUnknownItems_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::newRow("atom") << QByteArray("X-GM-MSGID 1278455344230334865");
    QTest::newRow("list") << QByteArray("X-GM-LABELS (\\Inbox \"a (b\" {2}\r\n)) &AOQ-)");
    QTest::newRow("nested") << QByteArray("BODYSTRUCTURE (((\"a\" NIL) (NIL {1}\r\n()) 5)");
    QTest::newRow("literal8") << QByteArray("BINARY[1] ~{2}\r\n\0)", 18);
    QTest::newRow("section with origin") << QByteArray("BODY[1.MIME]<0> \"x\"");
    QTest::newRow("bad date") << QByteArray("INTERNALDATE \"00-Foo-0000\"");
    QTest::newRow("no date") << QByteArray("INTERNALDATE NIL");
}

void TestResponseData::fetchUnknownItems()
{
    QFETCH(QByteArray, item);
    const auto data = parseFetchData('(' + item + " UID 9)");
    QVERIFY2(data, data ? "" : qPrintable(data.error().text));
    QCOMPARE(data->uid, Uid(9));
    QVERIFY(!data->date);
}

void TestResponseData::fetchBodies_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<bool>("hasBody");
    QTest::addColumn<QByteArray>("quoted");
    QTest::newRow("literal, its octets elsewhere")
        << QByteArray("body[] {1000000000000}\r\n") << true << QByteArray();
    QTest::newRow("literal8") << QByteArray("BODY[] ~{5}\r\n") << true << QByteArray();
    QTest::newRow("quoted") << QByteArray("BODY[] \"short\"") << true << QByteArray("short");
    QTest::newRow("empty") << QByteArray("BODY[] \"\"") << true << QByteArray();
    QTest::newRow("none") << QByteArray("BODY[] NIL") << false << QByteArray();
}

void TestResponseData::fetchBodies()
{
    QFETCH(QByteArray, item);
    for (const QByteArray &text : {"(UID 3 " + item + ')', '(' + item + " UID 3)"}) {
        const auto data = parseFetchData(text);
        QVERIFY(data);
        QCOMPARE(data->uid, Uid(3));
        QTEST(data->hasBody, "hasBody");
        QTEST(data->quotedBody, "quoted");
    }
}

void TestResponseData::search_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<Uid>>("uids");
    QTest::newRow("none") << QByteArray("") << QList<Uid>();
    QTest::newRow("some") << QByteArray("1 7 3") << QList<Uid>{Uid(1), Uid(7), Uid(3)};
    QTest::newRow("with MODSEQ") << QByteArray("1 2 (MODSEQ 9)") << QList<Uid>{Uid(1), Uid(2)};
    QTest::newRow("a space at the end") << QByteArray("1 ") << QList<Uid>{Uid(1)};
}

void TestResponseData::search()
{
    QFETCH(QByteArray, text);
    const auto uids = parseSearchData(text);
    QVERIFY(uids);
    QTEST(*uids, "uids");
}

void TestResponseData::esearch_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("spans");
    QTest::newRow("all") << QByteArray("(TAG \"m1\") UID ALL 1:3,9") << QByteArray("1:3,9");
    QTest::newRow("nothing found") << QByteArray("(TAG \"m1\") UID") << QByteArray();
    QTest::newRow("other items") << QByteArray("(TAG \"m1\") UID COUNT 3 MIN 1 ALL 4 MODSEQ 5")
                                 << QByteArray("4");
    QTest::newRow("unsorted") << QByteArray("UID ALL 9,1:2,3") << QByteArray("1:3,9");
    QTest::newRow("everything there can be")
        << QByteArray("UID ALL 1:4294967295") << QByteArray("1:4294967295");
}

void TestResponseData::esearch()
{
    QFETCH(QByteArray, text);
    const auto spans = parseEsearchData(text);
    QVERIFY(spans);
    QTEST(formatSpans(*spans), "spans");
}

void TestResponseData::vanished()
{
    const auto earlier = parseVanishedData("(EARLIER) 1:5,9");
    QVERIFY(earlier);
    QVERIFY(earlier->isEarlier);
    QCOMPARE(formatSpans(earlier->uids), QByteArray("1:5,9"));
    const auto now = parseVanishedData("7");
    QVERIFY(now);
    QVERIFY(!now->isEarlier);
}

void TestResponseData::namespaces()
{
    const auto data = parseNamespaceData(
        "((\"INBOX.\" \".\" \"X\" (\"y\"))) NIL ((\"Shared/\" \"/\")(\"#news.\" NIL))");
    QVERIFY2(data, data ? "" : qPrintable(data.error().text));
    QCOMPARE(data->personal, QByteArrayList{"INBOX."});
    QCOMPARE(data->others, (QByteArrayList{"Shared/", "#news."}));
}

void TestResponseData::metadata()
{
    const auto values =
        parseMetadataData("\"INBOX\" (/private/a {2}\r\nx) /private/b NIL /private/c ~{1}\r\ny)");
    QVERIFY(values);
    QCOMPARE(values->size(), 2);
    QCOMPARE(values->at(0).second, QByteArray("x)"));
    QCOMPARE(values->at(1).first, QByteArray("/private/c"));
}

void TestResponseData::appendUid_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<Uid>>("uids");
    QTest::newRow("one") << QByteArray("17 3") << QList<Uid>{Uid(3)};
    QTest::newRow("set in its order")
        << QByteArray("17 5:6,2") << QList<Uid>{Uid(5), Uid(6), Uid(2)};
    QTest::newRow("endless") << QByteArray("17 1:4294967295") << QList<Uid>();
    QTest::newRow("star") << QByteArray("17 1:*") << QList<Uid>();
    QTest::newRow("none") << QByteArray("") << QList<Uid>();
}

void TestResponseData::appendUid()
{
    QFETCH(QByteArray, text);
    QTEST(parseAppendUid(text), "uids");
}

void TestResponseData::malformed_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *kind, const QByteArray &text) {
        QTest::addRow("%s %s", kind, text.left(40).constData()) << QByteArray(kind) << text;
    };
    row("LIST", "");
    row("LIST", "(\\Sent \"/\" a");
    row("LIST", "() \"//\" a");
    row("LIST", "() \"/\"");
    row("LIST", "() \"/\" {99}\r\na");
    row("FETCH", "");
    row("FETCH", "(UID 0)");
    row("FETCH", "(UID 4294967296)");
    row("FETCH", "(UID x)");
    row("FETCH", "(UID 1");
    row("FETCH", "(UID 1) rest");
    row("FETCH", "(FLAGS \\Seen)");
    row("FETCH", "(BODY[");
    row("FETCH", "(BODY[] {x}\r\n)");
    row("FETCH", "(BODY[] x)");
    row("FETCH", "(RFC822.SIZE 99999999999999999999)");
    row("FETCH", QByteArray("(X ") + QByteArray(100'000, '('));
    row("SEARCH", "1 x");
    row("SEARCH", "0");
    row("ESEARCH", "UID ALL");
    row("ESEARCH", "UID ALL 1:*");
    row("ESEARCH", "UID ALL $");
    row("VANISHED", "");
    row("VANISHED", "(EARLIER)");
    row("VANISHED", "1:*");
    row("NAMESPACE", "NIL NIL");
    row("NAMESPACE", "((");
    row("METADATA", "a (b");
}

void TestResponseData::malformed()
{
    QFETCH(QByteArray, kind);
    QFETCH(QByteArray, text);
    const bool isTaken = kind == "LIST" ? parseListData(text).has_value()
        : kind == "FETCH"               ? parseFetchData(text).has_value()
        : kind == "SEARCH"              ? parseSearchData(text).has_value()
        : kind == "ESEARCH"             ? parseEsearchData(text).has_value()
        : kind == "VANISHED"            ? parseVanishedData(text).has_value()
        : kind == "NAMESPACE"           ? parseNamespaceData(text).has_value()
                                        : parseMetadataData(text).has_value();
    QVERIFY(!isTaken);
}

void TestResponseData::cutAnywhere()
{
    for (qsizetype size = 0; size < WholeFetch.size(); ++size) {
        QVERIFY(!parseFetchData(WholeFetch.first(size)));
    }
}

QTEST_GUILESS_MAIN(TestResponseData)
#include "tst_responsedata.moc"
