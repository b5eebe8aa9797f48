#include "core/search/searchevaluator.h"
#include "searchfixture.h"

#include <QTest>

using namespace Postnook;

// What a search looks at, and what it leaves alone.
class TestSearchCost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flagsOpenNothing();
    void setsNeedNoRows();
    void topLevelSetsNarrow();
    void onlyUndecidedAreOpened();
    void headerSearchReadsOnlyHeaders();
    void textFoundInHeaderSparesTheBody();
    void eachTextIsReadOnce();
    void fuzzySearchReadsNoMoreThanItMust();
    void indexSparesTheMessages();
    void indexNarrows();
    void flagsNarrow();
    void keywordsNarrow_data();
    void keywordsNarrow();
    void endsEarly_data();
    void endsEarly();
    void letsOthersRunWithoutRows();
};

void TestSearchCost::flagsOpenNothing()
{
    SearchFixture fixture;
    QCOMPARE(fixture.search("UNSEEN UNKEYWORD $junk SINCE 1-Jan-1970 LARGER 1"), QByteArray("8 9"));
    QCOMPARE(fixture.mailbox.contentsOpened, 0);
}

void TestSearchCost::setsNeedNoRows()
{
    SearchFixture fixture;
    QCOMPARE(fixture.search("UID 1:* NOT 2 OR RECENT ALL"), QByteArray("2 5 8 9"));
    QCOMPARE(fixture.mailbox.rowsVisited, 0);
}

void TestSearchCost::topLevelSetsNarrow()
{
    SearchFixture fixture;
    for (const char *search : {"UID 5:8 UNDRAFT",
                               "(UID 5:8 UNDRAFT)",
                               "UNDRAFT (ALL (UID 5:8))",
                               "NOT NOT UID 5:8 UNDRAFT"}) {
        fixture.mailbox.rowsVisited = 0;
        QCOMPARE(fixture.search(search), QByteArray("8"));
        QCOMPARE(fixture.mailbox.rowsVisited, 2);
    }
}

void TestSearchCost::onlyUndecidedAreOpened()
{
    SearchFixture fixture;
    QCOMPARE(fixture.search("UNSEEN OR FLAGGED BODY meet"), QByteArray("3 8"));
    QCOMPARE(fixture.mailbox.contentsOpened, 1); // 8: 3 is decided by its flag, 9 has no body
}

void TestSearchCost::headerSearchReadsOnlyHeaders()
{
    SearchFixture fixture;
    QCOMPARE(fixture.search("1 SUBJECT Friday FROM ann SENTSINCE 1-Jan-1990"), QByteArray("2"));
    QCOMPARE(fixture.mailbox.bytesRead, Plain.indexOf("\r\n\r\n") + 4);
}

void TestSearchCost::textFoundInHeaderSparesTheBody()
{
    SearchFixture fixture;
    QCOMPARE(fixture.search("1 TEXT Friday"), QByteArray("2"));
    QCOMPARE(fixture.search("1 OR BODY meet FROM ann"), QByteArray("2"));
    QCOMPARE(fixture.search("1 BODY meet FROM nobody"), QByteArray());
    QCOMPARE(fixture.mailbox.bytesRead, 3 * (Plain.indexOf("\r\n\r\n") + 4));
}

void TestSearchCost::eachTextIsReadOnce()
{
    SearchFixture fixture;
    QCOMPARE(fixture.search("1 BODY meet BODY shall NOT BODY nothing TEXT header FROM ann TO bob"),
             QByteArray("2"));
    QCOMPARE(fixture.mailbox.contentsOpened, 1);
    QVERIFY(fixture.mailbox.bytesRead <= Plain.size());
}

void TestSearchCost::fuzzySearchReadsNoMoreThanItMust()
{
    const auto header = Plain.indexOf("\r\n\r\n") + 4;
    SearchFixture fixture;
    QCOMPARE(fixture.search("1 FUZZY SUBJECT frieday"), QByteArray("2"));
    QCOMPARE(fixture.mailbox.bytesRead, header);
    QCOMPARE(fixture.search("1 FUZZY TEXT frieday"), QByteArray("2"));
    QCOMPARE(fixture.mailbox.bytesRead, 2 * header);
    QCOMPARE(fixture.search("1 FUZZY BODY meet FUZZY BODY shall FUZZY TEXT cafe"), QByteArray("2"));
    QVERIFY(fixture.mailbox.bytesRead <= 2 * header + Plain.size());
    QCOMPARE(fixture.search("UNSEEN FUZZY FLAGGED"), QByteArray("3"));
    QCOMPARE(fixture.mailbox.contentsOpened, 3);
}

void TestSearchCost::indexSparesTheMessages()
{
    SearchFixture fixture;
    fixture.mailbox.indexUpTo(12);
    QCOMPARE(fixture.search("OR TEXT meet FROM joerg@"), QByteArray("2 3 8"));
    QCOMPARE(fixture.mailbox.contentsOpened, 0);
    fixture.mailbox.indexUpTo(4);
    QCOMPARE(fixture.search("OR TEXT meet FROM joerg@"), QByteArray("2 3 8"));
    QCOMPARE(fixture.mailbox.contentsOpened, 3);
}

// What is rare is looked up; what is not indexed is looked at.
void TestSearchCost::indexNarrows()
{
    constexpr quint32 Count = 1000;
    FakeMailbox mailbox;
    SearchScope scope;
    for (quint32 uid = 1; uid <= Count; ++uid) {
        const QByteArray word = uid % 400 == 0 ? "needle" : "straw";
        mailbox.add(uid, "Subject: hay\r\n\r\n" + word + "\r\n");
        scope.uids.append(Uid(uid));
    }
    mailbox.indexUpTo(990);
    QCOMPARE(toText(searchFor(mailbox, "TEXT eedl", scope)), QByteArray("400 800"));
    QCOMPARE(mailbox.rowsVisited, 2 + 10 + 10);
    QCOMPARE(mailbox.contentsOpened, 10);
    mailbox.rowsVisited = 0;
    QCOMPARE(toText(searchFor(mailbox, "UID 500:* SUBJECT hay BODY needle", scope)),
             QByteArray("800"));
    QCOMPARE(mailbox.rowsVisited, 1 + 10 + 10);
    mailbox.rowsVisited = 0;
    QCOMPARE(toText(searchFor(mailbox, "(UID 500:* (SUBJECT hay BODY needle))", scope)),
             QByteArray("800"));
    QCOMPARE(mailbox.rowsVisited, 1 + 10 + 10);
    // Within OR and NOT it rules out, and narrows nothing.
    mailbox.rowsVisited = mailbox.contentsOpened = 0;
    QCOMPARE(toText(searchFor(mailbox, "OR BODY needle 7", scope)), QByteArray("7 400 800"));
    QCOMPARE(mailbox.rowsVisited, int(Count) + 10);
    QCOMPARE(mailbox.contentsOpened, 10);
}

// In a large mailbox what all matches have to have is asked for at once.
void TestSearchCost::flagsNarrow()
{
    constexpr quint32 Count = 3000;
    FakeMailbox mailbox;
    SearchScope scope;
    for (quint32 uid = 1; uid <= Count; ++uid) {
        auto &message = mailbox.add(uid, "\r\n");
        message.flag(uid % 100 == 0 ? SystemFlag::Flagged : SystemFlag::Seen);
        message.flag(uid % 300 == 0 ? SystemFlag::Draft : SystemFlag::Answered);
        scope.uids.append(Uid(uid));
    }
    const QByteArray drafts = "300 600 900 1200 1500 1800 2100 2400 2700 3000";
    QCOMPARE(toText(searchFor(mailbox, "UNSEEN DRAFT", scope)), drafts);
    QCOMPARE(toText(searchFor(mailbox, "UID 500:* NOT DRAFT FLAGGED UID 1:900", scope)),
             QByteArray("500 700 800"));
    QCOMPARE(toText(searchFor(mailbox, "SEEN UNSEEN", scope)), QByteArray());
    QCOMPARE(mailbox.rowsVisited, 401 + int(Count) - 30); // by the set; SEEN, which is not UNSEEN
    mailbox.rowsVisited = 0;
    QCOMPARE(toText(searchFor(mailbox, "FLAGGED DRAFT LARGER 1", scope)), drafts);
    QCOMPARE(toText(searchFor(mailbox, "(FLAGGED (NOT UNDRAFT)) LARGER 1", scope)), drafts);
    QCOMPARE(mailbox.rowsVisited, 20);
    QCOMPARE(toText(searchFor(mailbox, "OR FLAGGED DRAFT 1:200", scope)), QByteArray("100 200"));
}

void TestSearchCost::keywordsNarrow_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("found");
    QTest::addColumn<int>("rowsVisited");
    const auto row = [](const QByteArray &criteria, const QByteArray &found, int rows) {
        QTest::newRow(criteria.constData()) << criteria << found << rows;
    };
    row("KEYWORD WORK", "500 1000 1500 2000 2500 3000", 0);
    row("KEYWORD none", "", 0);
    row("KEYWORD work KEYWORD junk", "1500 3000", 0);
    row("KEYWORD work UNKEYWORD junk", "500 1000 2000 2500", 0);
    row("KEYWORD work NOT KEYWORD junk", "500 1000 2000 2500", 0);
    row("NOT UNKEYWORD work", "500 1000 1500 2000 2500 3000", 0);
    row("NOT SEEN", "1000 2000 3000", 0);
    row("NOT UNSEEN KEYWORD junk", "750 1500 2250", 0);
    row("NOT SEEN NOT KEYWORD junk", "1000 2000", 0);
    row("NOT SEEN UNSEEN", "1000 2000 3000", 0);
    row("NOT SEEN SEEN", "", 3); // what is not seen is asked for, the other is looked at
    row("NOT NOT KEYWORD junk", "750 1500 2250 3000", 0);
    row("KEYWORD junk LARGER 1", "750 1500 2250 3000", 4);
    row("OR KEYWORD junk KEYWORD none", "750 1500 2250 3000", 3000);
    row(QByteArray("KEYWORD junk ").repeated(9).trimmed(), "750 1500 2250 3000", 4);
}

// So do keywords, and where no other key looks at rows, none is read.
void TestSearchCost::keywordsNarrow()
{
    QFETCH(const QByteArray, criteria);
    FakeMailbox mailbox;
    SearchScope scope;
    for (quint32 uid = 1; uid <= 3000; ++uid) {
        auto &message = mailbox.add(uid, "\r\n");
        message.flag(uid % 1000 == 0 ? SystemFlag::Draft : SystemFlag::Seen);
        if (uid % 500 == 0) {
            message.keyword("Work");
        }
        if (uid % 750 == 0) {
            message.keyword("Junk");
        }
        scope.uids.append(Uid(uid));
    }
    QTEST(toText(searchFor(mailbox, criteria, scope)), "found");
    QTEST(mailbox.rowsVisited, "rowsVisited");
}

void TestSearchCost::endsEarly_data()
{
    QTest::addColumn<quint32>("first");
    QTest::addColumn<quint32>("last");
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("end");
    QTest::addColumn<int>("rowsVisited");

    QTest::newRow("MIN") << 1U << 0U << QByteArray("3 6 9") << QByteArray() << 1024;
    QTest::newRow("MAX") << 0U << 1U << QByteArray() << QByteArray("9993 9996 9999") << 784;
    QTest::newRow("both") << 1U << 1U << QByteArray("3 6 9") << QByteArray("9993 9996 9999")
                          << 1024 + 784;
    QTest::newRow("a page") << 500U << 0U << QByteArray("3 6 9") << QByteArray() << 2048;
    QTest::newRow("all") << SearchExtent::All << 0U << QByteArray("3 6 9")
                         << QByteArray("9993 9996 9999") << 10'000;
}

void TestSearchCost::endsEarly()
{
    QFETCH(const quint32, first);
    QFETCH(const quint32, last);
    QFETCH(const QByteArray, start);
    QFETCH(const QByteArray, end);
    QFETCH(const int, rowsVisited);

    FakeMailbox mailbox;
    SearchScope scope;
    for (quint32 uid = 1; uid <= 10'000; ++uid) {
        mailbox.add(uid, "\r\n").flag(uid % 3 == 0 ? SystemFlag::Seen : SystemFlag::Draft);
        scope.uids.append(Uid(uid));
    }
    TokenCursor cursor("OR SEEN KEYWORD none");
    scope.mailbox = MailboxId(7);
    const auto found = evaluateSearch(mailbox, *parseSearch(cursor), scope, nullptr, {first, last});
    const QByteArray text = ' ' + toText(found) + ' ';
    QVERIFY(text.startsWith(' ' + start));
    QVERIFY(text.endsWith(end + ' '));
    QCOMPARE(mailbox.rowsVisited, rowsVisited);
    // After each slice, and within them after 256 rows.
    const int slices = (rowsVisited + 1023) / 1024;
    const int withinSlices = rowsVisited / 1024 * 4 + rowsVisited % 1024 / 256;
    QCOMPARE(mailbox.timesOthersRan, slices + withinSlices);
}

void TestSearchCost::letsOthersRunWithoutRows()
{
    FakeMailbox mailbox;
    SearchScope scope;
    for (quint32 uid = 1; uid <= 10'000; ++uid) {
        scope.uids.append(Uid(uid));
    }
    TokenCursor cursor("ALL");
    const auto found = evaluateSearch(mailbox, *parseSearch(cursor), scope);
    QVERIFY(found);
    QCOMPARE(*found, scope.uids);
    QCOMPARE(mailbox.rowsVisited, 0);
    QCOMPARE(mailbox.timesOthersRan, 10);
}

QTEST_GUILESS_MAIN(TestSearchCost)
#include "tst_searchcost.moc"
