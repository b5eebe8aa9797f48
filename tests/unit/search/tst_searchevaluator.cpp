#include "core/search/relevancy.h"
#include "core/search/searchevaluator.h"
#include "searchfixture.h"

#include <QTest>

using namespace Postnook;

// What a search finds; tst_searchcost has what it looks at for that.
class TestSearchEvaluator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void addressesOfTheEnvelope_data();
    void addressesOfTheEnvelope();
    void emptyView();
    void objectIds_data();
    void objectIds();
    void findsFuzzily_data();
    void findsFuzzily();
    void scores_data();
    void scores();
    void manySlices();
    void indexedOrNot_data() { finds_data(); }
    void indexedOrNot();
    void unreadableMessages_data();
    void unreadableMessages();
    void storeErrorEndsTheSearch();
    void cancels_data();
    void cancels();
};

void TestSearchEvaluator::finds_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("uids");

    const auto named = [](const char *name, const QByteArray &criteria, const QByteArray &uids) {
        QTest::newRow(name) << criteria << uids;
    };
    const auto row = [&named](const QByteArray &criteria, const QByteArray &uids) {
        named(criteria.constData(), criteria, uids);
    };
    const auto literal = [](const QByteArray &bytes) {
        return '{' + QByteArray::number(bytes.size()) + "}\r\n" + bytes;
    };
    row("ALL", "2 3 5 8 9");
    row("2:3", "3 5");
    row("*", "9");
    row("7:9", "");
    row("UID 1:4,9", "2 3 9");
    row("UID 12", "");
    row("UID 4", "");
    row("UID *", "9");
    row("NOT 1", "3 5 8 9");
    row("OR 1 UID 9", "2 9");

    row("SEEN", "2 5");
    row("UNSEEN", "3 8 9");
    row("ANSWERED", "3");
    row("UNANSWERED", "2 5 8 9");
    row("FLAGGED", "3");
    row("UNFLAGGED", "2 5 8 9");
    row("DELETED", "8");
    row("UNDELETED", "2 3 5 9");
    row("DRAFT", "5");
    row("UNDRAFT", "2 3 8 9");
    row("RECENT", "8 9");
    row("OLD", "2 3 5");
    row("NEW", "8 9");
    row("KEYWORD $junk", "3");
    row("KEYWORD WORK", "5");
    row("UNKEYWORD $JUNK", "2 5 8 9");
    row("KEYWORD none", "");

    row("LARGER 60", "2 3 8");
    row("SMALLER 60", "5 9");
    row("LARGER " + QByteArray::number(Plain.size()), "3");
    row("SMALLER " + QByteArray::number(Plain.size()), "5 9");
    row("LARGER 9223372036854775807", "");

    // Dates as they stand, whatever the zone (RFC 9051 6.4.4).
    row("ON 8-Feb-1994", "2");
    row("ON 7-Feb-1994", "3");
    row("BEFORE 8-Feb-1994", "3 5");
    row("SINCE 8-Feb-1994", "2 8 9");
    row("BEFORE 1-Jan-1970", "5");
    row("SENTON 7-Feb-1994", "2 8");
    row("SENTON 8-Feb-1994", "3");
    row("SENTBEFORE 8-Feb-1994", "2 8");
    row("SENTSINCE 7-Feb-1994", "2 3 8");
    row("NOT SENTSINCE 1-Jan-1990", "5 9");

    row("FROM ann", "2 8");
    row("FROM \"ann miller\"", "2 8");
    row("FROM EXAMPLE.NET", "3");
    named("FROM in UTF-8", "FROM " + literal("j\xc3\xb6rg"), "3");
    named("FROM in windows-1252", "FROM " + literal("J\xd6RG"), "3");
    row("FROM \"\"", "2 3 8");
    row("TO carol", "2 8");
    row("TO \"carol <carol\"", "2 8");
    row("CC ann", "3");
    row("BCC secret", "3");
    row("SUBJECT \"lunch on friday\"", "2 8");
    named("SUBJECT folded", "SUBJECT " + literal("GR\xc3\x9c"), "3");
    row("SUBJECT \"e\"", "3 9");
    named("SUBJECT across encoded words",
          "SUBJECT "
              + literal("\xc3\x9f"
                        "e\xc3\xbc"
                        "ber"),
          "3");
    row("SUBJECT \"\"", "2 3 8 9");
    row("NOT SUBJECT \"\"", "5");
    row("HEADER x-note nothing", "5");
    row("HEADER X-EMPTY \"\"", "2 8");
    row("HEADER X-Empty x", "");
    row("HEADER x-note \" nothing\"", "5"); // "what comes after the colon"
    row("HEADER X-None \"\"", "");
    row("HEADER Content-Type html", "");

    row("BODY meet", "2 8");
    named("BODY in UTF-8", "BODY " + literal("CAF\xc3\x89"), "2 8");
    named("BODY in windows-1252", "BODY " + literal("caf\xe9"), "2 8");
    named("BODY in HTML",
          "BODY "
              + literal("gr\xc3\xbc\xc3\x9f"
                        "e, j\xc3\xb6rg"),
          "3");
    row("BODY \"pears\"", "3");
    named("BODY without a charset", "BODY " + literal("na\xc3\xafv"), "5");
    row("BODY lunch", "");
    row("BODY \"meet at the caf\"", "2 8");
    row("BODY x-none", "");
    row("NOT BODY meet", "3 5 9");
    row("BODY \"\"", "2 3 5 8 9");
    row("TEXT lunch", "2 8");
    row("TEXT meet", "2 8");
    row("TEXT \"head only\"", "9");
    row("TEXT example", "2 3 8");
    row("TEXT \"nothing else\"", "5");
    row("TEXT \"x-note\"", "5");
    row("TEXT \"\"", "2 3 5 8 9");
    row("NOT TEXT example", "5 9");

    row("SEEN FROM ann", "2");
    row("OR SEEN BODY pears", "2 3 5");
    row("OR BODY meet SUBJECT head", "2 8 9");
    row("OR (FROM ann NEW) (FROM example.net FLAGGED)", "3 8");
    row("NOT (OR FROM ann DRAFT)", "3 9");
}

void TestSearchEvaluator::finds()
{
    QFETCH(const QByteArray, criteria);

    QTEST(SearchFixture().search(criteria), "uids");
}

// RFC 3501 6.4.4: FROM and its like look into the envelope, HEADER into the text of the field.
void TestSearchEvaluator::addressesOfTheEnvelope_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<bool>("isFound");

    const QByteArray commented = "From: <user (one)@ (two) domain.org>\r\n";
    QTest::newRow("comments inside") << commented << QByteArray("FROM user@domain.org") << true;
    QTest::newRow("part of it") << commented << QByteArray("FROM R@Dom") << true;
    QTest::newRow("the comment") << commented << QByteArray("FROM two") << true;
    QTest::newRow("other field") << commented << QByteArray("TO user@domain.org") << false;
    QTest::newRow("text of the field")
        << commented << QByteArray("HEADER From user@domain.org") << false;
    QTest::newRow("folded inside") << QByteArray("Cc: ann\r\n @example.org, b@c\r\n")
                                   << QByteArray("CC ann@example.org") << true;
    QTest::newRow("quoted") << QByteArray("To: \"ann b\"@example.org\r\n")
                            << QByteArray("TO \"ann b@example\"") << true;
    QTest::newRow("group") << QByteArray("Bcc: all: a @ b.c;\r\n") << QByteArray("BCC a@b.c")
                           << true;
    QTest::newRow("quotes in a name")
        << QByteArray("From: \"Smith \\\"Bob\\\" Jones\" <b@x.org>\r\n")
        << QByteArray("FROM \"Smith \\\"Bob\\\" Jones\"") << true;
    QTest::newRow("words in quotes among others")
        << QByteArray("From: John \"Johnny\" Smith <b@x.org>\r\n")
        << QByteArray("FROM \"john johnny smith\"") << true;
    QTest::newRow("a comment as the name") << QByteArray("From: b@x.org (Bob \\(B\\) Q)\r\n")
                                           << QByteArray("FROM \"Bob (B) Q\"") << true;
    QTest::newRow("a comment in the name") << QByteArray("From: Bob (c) Smith <b@x.org>\r\n")
                                           << QByteArray("FROM \"bob smith\"") << true;
    QTest::newRow("an encoded word before a comment")
        << QByteArray("To: =?utf-8?q?J=C3=BCrgen?= (c) Klein <b@x.org>\r\n")
        << QByteArray("TO {13+}\r\nj\xc3\xbcrgen klein") << true;
    QTest::newRow("a name and its address are two texts")
        << QByteArray("Cc: Bob <b@x.org>\r\n") << QByteArray("CC \"bob b@x\"") << false;
    QTest::newRow("a name in another field")
        << QByteArray("Cc: A (c) B <b@x.org>\r\n") << QByteArray("TO \"a b\"") << false;
    QTest::newRow("a name is not in HEADER")
        << QByteArray("Cc: A (c) B <b@x.org>\r\n") << QByteArray("HEADER Cc \"a b\"") << false;
    QTest::newRow("a group's name") << QByteArray("Bcc: all (c) friends: a@b.c;\r\n")
                                    << QByteArray("BCC \"all friends\"") << true;
    QTest::newRow("a group is no address")
        << QByteArray("Bcc: all: ;\r\n") << QByteArray("BCC all@") << false;
}

void TestSearchEvaluator::addressesOfTheEnvelope()
{
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, criteria);
    QFETCH(const bool, isFound);

    FakeMailbox mailbox;
    mailbox.add(1, header + "\r\nbody\r\n");
    SearchScope scope;
    scope.uids = {Uid(1)};
    QCOMPARE(toText(searchFor(mailbox, criteria, scope)), QByteArray(isFound ? "1" : ""));
}

void TestSearchEvaluator::emptyView()
{
    SearchFixture fixture;
    fixture.scope.uids.clear();
    for (const char *criteria : {"ALL", "1:*", "*", "UID *", "NOT SEEN", "BODY a"}) {
        QCOMPARE(fixture.search(criteria), QByteArray());
    }
}

void TestSearchEvaluator::objectIds_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("uids");
    QTest::addColumn<int>("rowsVisited");

    const auto row = [](const QByteArray &criteria, const QByteArray &uids, int rowsVisited = 0) {
        QTest::newRow(criteria.constData()) << criteria << uids << rowsVisited;
    };
    // 2 and 8 have the same text and other dates.
    row("EMAILID %2", "2");
    row("EMAILID %8", "8");
    row("OR EMAILID %3 EMAILID %9", "3 9");
    row("NOT EMAILID %2", "3 5 8 9");
    row("EMAILID %4", ""); // gone, and the client knows
    row("EMAILID %12", "");
    row("THREADID T0000000000000007", "2 3 8");
    row("NOT THREADID T0000000000000007", "5 9");
    row("THREADID T0000000000000009 2:3", "5");
    row("THREADID T0000000000000009 4:5", "");
    row("THREADID T0000000000000008", "");
    row("THREADID T0000000000000000", "9"); // in no other thread
    // Case counts, and the ids of one kind are none of the other.
    row("THREADID t0000000000000007", "");
    row("THREADID T000000000000000A", "");
    row("THREADID %2", "");
    row("EMAILID T0000000000000007", "");
    row("EMAILID M1", "");
    row("THREADID T0000000000000007 UNDELETED", "2 3", 3);
    row("EMAILID %2 BODY meet", "2", 2);
}

void TestSearchEvaluator::objectIds()
{
    QFETCH(QByteArray, criteria);
    QFETCH(const QByteArray, uids);
    QFETCH(const int, rowsVisited);

    SearchFixture fixture;
    for (const quint32 uid : {2U, 3U, 4U, 8U, 12U}) {
        fixture.mailbox.at(uid).inThread(7);
    }
    fixture.mailbox.at(5).inThread(9);
    for (const quint32 uid : {12U, 2U, 3U, 4U, 8U, 9U}) {
        criteria.replace('%' + QByteArray::number(uid), fixture.mailbox.at(uid).emailId());
    }
    QCOMPARE(fixture.search(criteria), uids);
    QCOMPARE(fixture.mailbox.rowsVisited, rowsVisited);
}

// RFC 6203 3 and 5: texts, and nothing else, are matched fuzzily.
void TestSearchEvaluator::findsFuzzily_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("uids");

    const auto row = [](const QByteArray &criteria, const QByteArray &uids) {
        QTest::newRow(criteria.constData()) << criteria << uids;
    };
    row("SUBJECT frieday", "");
    row("FUZZY SUBJECT frieday", "2 8");
    row("FUZZY SUBJECT \"friday lunch\"", "2 8");
    row("FUZZY SUBJECT \"friday dinner\"", "");
    row("FUZZY SUBJECT grusse", "3");
    row("FUZZY FROM jorg", "3");
    row("FUZZY FROM milller", "2 8");
    row("FUZZY FROM exampel.org", "2 3 8"); // "org" is a part of "jorg"
    row("FUZZY FROM \"ann@example.org\"", "2 8");
    row("FUZZY TO \"carol bob\"", "2 8"); // in two values
    row("FUZZY CC exampl", "3");
    row("FUZZY HEADER x-note nothign", "5");
    row("FUZZY HEADER x-empty \"\"", "2 8");
    row("FUZZY BODY \"cafe metting\"", "");
    row("FUZZY BODY \"cafe mett\"", "");
    row("FUZZY BODY \"cafe shal\"", "2 8");
    row("FUZZY BODY piers", "");
    row("FUZZY BODY naive", "5");
    row("FUZZY BODY frieday", "");
    row("FUZZY TEXT frieday", "2 8");
    row("FUZZY TEXT \"friday cafe\"", "2 8"); // header and body
    row("FUZZY TEXT \"jorg apples\"", "3");
    row("FUZZY TEXT \"jorg friday\"", "");
    row("FUZZY BODY \"\"", "2 3 5 8 9");
    row("FUZZY SEEN", "2 5");
    row("FUZZY LARGER 1000000", "");
    row("FUZZY 1:2 FUZZY UID 2:3", "2 3");
    row("FUZZY KEYWORD work", "5");
    row("FUZZY KEYWORD wort", "");
    row("FUZZY SENTON 6-Feb-1994", "");
    row("NOT FUZZY SUBJECT frieday", "3 5 9");
    row("FUZZY NOT SUBJECT frieday", "3 5 9");
    row("FUZZY (SUBJECT frieday SEEN)", "2");
    row("FUZZY SUBJECT frieday FROM miler", "");
    row("FUZZY OR SUBJECT frieday SUBJECT grusse", "2 3 8");
    row("OR FUZZY SUBJECT frieday SUBJECT grusse", "2 8");
    row("OR SEEN FUZZY BODY \"cafe shal\"", "2 5 8");
}

void TestSearchEvaluator::findsFuzzily()
{
    QFETCH(const QByteArray, criteria);

    QTEST(SearchFixture().search(criteria), "uids");
}

// RFC 6203 4
void TestSearchEvaluator::scores_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("scores"); // UID:score

    const auto row = [](const QByteArray &criteria, const QByteArray &scores) {
        QTest::newRow(criteria.constData()) << criteria << scores;
    };
    row("FUZZY SUBJECT \"lunch on friday\"", "2:100 8:100");
    row("FUZZY SUBJECT frieday", "2:38 8:38");
    row("FUZZY BODY meet", "2:70 8:70");
    row("FUZZY TEXT meet", "2:70 8:70");
    row("FUZZY TEXT friday", "2:100 8:100");
    row("FUZZY TEXT lunches", "");
    row("FUZZY TEXT header", "2:70 8:70");
    row("FUZZY TEXT nothing", "5:50"); // in a field that nobody reads
    row("FUZZY TEXT bob", "2:85 8:85");
    row("FUZZY SUBJECT friday FUZZY BODY meet", "2:85 8:85"); // the mean
    row("FUZZY OR BODY meet SUBJECT friday", "2:100 8:100"); // the best
    row("FUZZY (SUBJECT frieday SEEN)", "2:38");
    row("FUZZY SUBJECT frieday NOT FUZZY BODY nothing", "2:38 8:38");
    row("FUZZY SEEN", "2:100 5:100"); // met exactly
    row("OR SEEN FUZZY SUBJECT frieday", "2:100 5:100 8:38");
    row("FUZZY OR SUBJECT frieday (FROM joerg FLAGGED)", "2:38 3:100 8:38");
    row("FUZZY 1:2", "2:100 3:100");
}

void TestSearchEvaluator::scores()
{
    QFETCH(const QByteArray, criteria);

    SearchFixture fixture;
    TokenCursor cursor(criteria);
    const auto program = parseSearch(cursor);
    QVERIFY(program);
    fixture.scope.mailbox = MailboxId(7);
    Relevancies relevancies;
    const auto found =
        evaluateSearch(fixture.mailbox, *program, fixture.scope, nullptr, {}, &relevancies);
    QVERIFY(found);
    QByteArrayList scores;
    for (const Uid uid : *found) {
        scores.append(QByteArray::number(uid.value) + ':'
                      + QByteArray::number(relevancies.of(uid)));
    }
    QTEST(scores.join(' '), "scores");
}

// More messages than are held at once; the answer is ascending whichever way it was found.
void TestSearchEvaluator::manySlices()
{
    constexpr quint32 Count = 1000;
    FakeMailbox mailbox;
    SearchScope scope;
    QByteArrayList expected;
    for (quint32 uid = 1; uid <= Count; ++uid) {
        const QByteArray parity = uid % 3 == 0 ? "fizz" : "plain";
        auto &message = mailbox.add(uid, "Subject: " + parity + "\r\n\r\n");
        if (uid % 5 == 0) {
            message.flag(SystemFlag::Seen);
        }
        if (uid % 3 == 0 || uid % 5 == 0) {
            expected.append(QByteArray::number(uid));
        }
        scope.uids.append(Uid(uid));
    }
    QCOMPARE(toText(searchFor(mailbox, "OR SEEN SUBJECT fizz", scope)), expected.join(' '));
    QCOMPARE(mailbox.contentsOpened, 800);
}

// However far the index has come, the answer is the same.
void TestSearchEvaluator::indexedOrNot()
{
    QFETCH(const QByteArray, criteria);

    constexpr quint32 Count = 100;
    FakeMailbox mailbox;
    SearchScope scope;
    for (quint32 uid = 1; uid <= Count; ++uid) {
        const QByteArray *const texts[] = {&Plain, &Mixed, &Bare, &NoBody};
        auto &message = mailbox.add(uid, *texts[uid % 4]);
        message.flag(uid % 3 == 0 ? SystemFlag::Seen : SystemFlag::Flagged);
        message.expunged = uid % 11 == 0;
        scope.uids.append(Uid(uid));
    }
    const QByteArray expected = toText(searchFor(mailbox, criteria, scope));
    for (const quint32 upTo : {1U, 50U, Count}) {
        mailbox.indexUpTo(upTo);
        QCOMPARE(toText(searchFor(mailbox, criteria, scope)), expected);
    }
}

void TestSearchEvaluator::unreadableMessages_data()
{
    QTest::addColumn<ErrorCode>("failure");

    QTest::newRow("no such content") << ErrorCode::NotFound;
    QTest::newRow("damaged") << ErrorCode::Corrupt;
}

// A message that cannot be read has no text, and the others are searched.
void TestSearchEvaluator::unreadableMessages()
{
    QFETCH(const ErrorCode, failure);

    SearchFixture fixture;
    fixture.mailbox.at(2).failure = failure;
    QCOMPARE(fixture.search("FROM ann"), QByteArray("8"));
    QCOMPARE(fixture.search("BODY meet"), QByteArray("8"));
    QCOMPARE(fixture.search("NOT TEXT meet"), QByteArray("2 3 5 9"));
    QCOMPARE(fixture.search("SENTSINCE 7-Feb-1994"), QByteArray("2 3 8")); // the row has it
}

void TestSearchEvaluator::storeErrorEndsTheSearch()
{
    SearchFixture fixture;
    fixture.mailbox.at(3).failure = ErrorCode::Unavailable;
    const auto error = "error " + QByteArray::number(static_cast<int>(ErrorCode::Unavailable));
    QCOMPARE(fixture.search("FROM ann"), error);
    QCOMPARE(fixture.search("BODY meet"), error);
    QCOMPARE(fixture.search("SEEN BODY meet"), QByteArray("2"));
}

void TestSearchEvaluator::cancels_data()
{
    QTest::addColumn<QByteArray>("criteria");

    QTest::newRow("rows") << QByteArray("SEEN");
    QTest::newRow("header") << QByteArray("FROM ann");
    QTest::newRow("body") << QByteArray("BODY meet");
}

// Raised at any moment, the token ends the search; once it is through, nothing has to ask again.
void TestSearchEvaluator::cancels()
{
    QFETCH(const QByteArray, criteria);

    const auto cancelled = "error " + QByteArray::number(static_cast<int>(ErrorCode::Cancelled));
    const QByteArray whole = SearchFixture().search(criteria);
    int questions = 1;
    for (;; ++questions) {
        SearchFixture fixture;
        fixture.mailbox.cancelAtQuestion(questions);
        const QByteArray answer = fixture.search(criteria);
        if (answer == whole) {
            break;
        }
        QCOMPARE(answer, cancelled);
    }
    QVERIFY(questions > 5); // between any two messages
}

QTEST_GUILESS_MAIN(TestSearchEvaluator)
#include "tst_searchevaluator.moc"
