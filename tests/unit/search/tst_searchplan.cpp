#include "core/search/searchplan.h"
#include "core/search/searchsubject.h"
#include "fakemailbox.h"

#include <QTest>

using namespace Postnook;

namespace
{

using Kind = SearchKey::Kind;

SearchKey operation(Kind kind, quint32 count = 0)
{
    SearchKey key;
    key.kind = kind;
    key.count = count;
    return key;
}

SearchProgram programOf(const QList<SearchKey> &keys)
{
    SearchProgram program;
    program.keys = keys;
    return program;
}

SearchScope scopeOf(const QList<quint32> &uids)
{
    SearchScope scope;
    for (const quint32 uid : uids) {
        scope.uids.append(Uid(uid));
    }
    return scope;
}

} // namespace

class TestSearchPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesMalformedPrograms_data();
    void refusesMalformedPrograms();
    void narrows_data();
    void narrows();
    void columns_data();
    void columns();
    void everyTruthTable();
};

void TestSearchPlan::refusesMalformedPrograms_data()
{
    QTest::addColumn<QList<SearchKey>>("keys");
    QTest::addColumn<bool>("isWhole");

    const auto all = operation(Kind::All);
    const auto not_ = operation(Kind::Not);
    QTest::newRow("one key") << QList<SearchKey>{all} << true;
    QTest::newRow("AND of nothing") << QList<SearchKey>{operation(Kind::And)} << true;
    QTest::newRow("nothing") << QList<SearchKey>() << false;
    QTest::newRow("two keys") << QList<SearchKey>{all, all} << false;
    QTest::newRow("NOT alone") << QList<SearchKey>{not_} << false;
    QTest::newRow("OR with one") << QList<SearchKey>{operation(Kind::Or), all} << false;
    QTest::newRow("OR with three") << QList<SearchKey>{operation(Kind::Or), all, all, all} << false;
    QTest::newRow("AND that wants more")
        << QList<SearchKey>{operation(Kind::And, 0xffffffffU), all} << false;
    QTest::newRow("deepest") << QList<SearchKey>{operation(Kind::And, 1)}
            + QList<SearchKey>(102, not_) + QList<SearchKey>{all}
                             << true;
    QTest::newRow("too deep") << QList<SearchKey>(104, not_) + QList<SearchKey>{all} << false;
}

void TestSearchPlan::refusesMalformedPrograms()
{
    QFETCH(const QList<SearchKey>, keys);
    QFETCH(const bool, isWhole);

    FakeMailbox mailbox;
    const auto program = programOf(keys);
    const auto scope = scopeOf({1});
    const auto plan = SearchPlan::make(program, scope);
    QCOMPARE(plan.has_value(), isWhole);
    if (plan) {
        SearchSubject subject(mailbox, *plan, scope);
        subject.setMessage(Uid(1), 1, nullptr);
        QCOMPARE(plan->evaluate(subject, SearchCost::Row), SearchTruth::True);
    } else {
        QCOMPARE(plan.error().code, ErrorCode::Internal);
    }
}

void TestSearchPlan::narrows_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<QByteArray>("numbers");

    // The view: UIDs 10, 20, ... 100.
    const auto row = [](const QByteArray &criteria, const QByteArray &numbers) {
        QTest::newRow(criteria.constData()) << criteria << numbers;
    };
    row("ALL", "1:10");
    row("3", "3:3");
    row("3:5,9", "3:5 9:9");
    row("9:3 SEEN 5:7", "5:7");
    row("1:3 7:9", "");
    row("*", "10:10");
    row("20:*", "10:10");
    row("11:12", "");
    row("UID 35:*", "4:10");
    row("UID 1:19,11:29", "1:2");
    row("UID 11:19", "");
    row("UID 20:29,30:39,50", "2:3 5:5");
    row("UID 4294967295", "");
    row("1:8 UID 30:95", "3:8");
    row("(1)", "1:1");
    row("1:8 (2:9 (UID 30:95 OR 1 2))", "3:8");
    row("NOT NOT 2:3", "2:3");
    row("NOT (2:3)", "1:10");
    row("NOT 1", "1:10");
    row("OR 1 2", "1:10");
    row("OR 1 2 3", "3:3");
}

void TestSearchPlan::narrows()
{
    QFETCH(const QByteArray, criteria);

    TokenCursor cursor(criteria);
    const auto program = parseSearch(cursor);
    QVERIFY(program);
    const auto plan =
        SearchPlan::make(*program, scopeOf({10, 20, 30, 40, 50, 60, 70, 80, 90, 100}));
    QVERIFY(plan);
    QByteArrayList spans;
    for (const auto &span : plan->numbers()) {
        spans.append(QByteArray::number(span.first) + ':' + QByteArray::number(span.last));
    }
    QTEST(spans.join(' '), "numbers");

    QVERIFY(SearchPlan::make(*program, scopeOf({}))->numbers().isEmpty());
}

void TestSearchPlan::columns_data()
{
    QTest::addColumn<QByteArray>("criteria");
    QTest::addColumn<bool>("needsRow");
    QTest::addColumn<MessageColumns>("forRows");
    QTest::addColumn<MessageColumns>("forContent");

    const MessageColumns none;
    const MessageColumns size = MessageColumn::Size;
    const MessageColumns dates = MessageColumn::Dates;
    const MessageColumns keys = MessageColumn::SortKeys;
    const MessageColumns body = MessageColumn::Size | MessageColumn::Parts;
    QTest::newRow("view") << QByteArray("1 NOT UID 2 OR OLD (RECENT ALL)") << false << none << none;
    QTest::newRow("flags") << QByteArray("SEEN KEYWORD a") << true << none << none;
    QTest::newRow("sizes") << QByteArray("LARGER 1 SMALLER 9") << true << size << size;
    QTest::newRow("dates") << QByteArray("OR ON 1-Jan-2026 SINCE 1-Jan-2026") << true << dates
                           << dates;
    QTest::newRow("header") << QByteArray("FROM a") << true << none << size;
    QTest::newRow("sent") << QByteArray("SENTON 1-Jan-2026") << true << keys << (keys | size);
    QTest::newRow("body") << QByteArray("BODY a") << true << none << body;
    QTest::newRow("body and dates")
        << QByteArray("TEXT a BEFORE 1-Jan-2026") << true << dates << (body | dates);
}

void TestSearchPlan::columns()
{
    QFETCH(const QByteArray, criteria);

    TokenCursor cursor(criteria);
    const auto program = parseSearch(cursor);
    QVERIFY(program);
    const auto plan = SearchPlan::make(*program, scopeOf({1}));
    QVERIFY(plan);
    QTEST(plan->needsRow(), "needsRow");
    QTEST(plan->columns(SearchCost::Row), "forRows");
    QTEST(plan->columns(SearchCost::Body), "forContent");
}

// False, Unknown and True through every operator: SEEN decides by the row, BODY is not known yet.
void TestSearchPlan::everyTruthTable()
{
    const QByteArrayList words{"UNSEEN", "BODY x", "SEEN"}; // of a message that is \Seen
    FakeMailbox mailbox;
    const auto scope = scopeOf({1});
    MessageRow row;
    row.flags.system = SystemFlag::Seen;

    const auto truthOf = [&](const QByteArray &criteria) {
        TokenCursor cursor(criteria);
        const auto program = parseSearch(cursor);
        const auto plan = SearchPlan::make(*program, scope);
        SearchSubject subject(mailbox, *plan, scope);
        subject.setMessage(Uid(1), 1, &row);
        return static_cast<int>(plan->evaluate(subject, SearchCost::Row));
    };
    for (int a = 0; a < 3; ++a) {
        QCOMPARE(truthOf(words[a]), a);
        QCOMPARE(truthOf("NOT " + words[a]), 2 - a);
        for (int b = 0; b < 3; ++b) {
            QCOMPARE(truthOf(words[a] + ' ' + words[b]), std::min(a, b));
            QCOMPARE(truthOf("OR " + words[a] + ' ' + words[b]), std::max(a, b));
            QCOMPARE(truthOf("NOT OR " + words[a] + ' ' + words[b]), 2 - std::max(a, b));
            QCOMPARE(truthOf("OR NOT (" + words[a] + " ALL) " + words[b] + " SEEN"),
                     std::max(2 - a, b));
        }
    }
    QCOMPARE(mailbox.contentsOpened, 0);
}

QTEST_GUILESS_MAIN(TestSearchPlan)
#include "tst_searchplan.moc"
