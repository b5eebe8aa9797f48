#include "../search/fakemailbox.h"
#include "core/commands/mailboxlist.h"

#include <QTest>

using namespace Postnook;

// What LIST and LSUB take of the pool where names and patterns are many.
class TestMailboxList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letsOthersRun_data();
    void letsOthersRun();
    void isSoonDone();
    void endsWhenCancelled_data();
    void endsWhenCancelled();
};

namespace
{

constexpr int Names = 400;

// So that to compare a name with a pattern is a sixteenth of what is done without a pause.
QByteArray filler()
{
    return QByteArray(500, 'x');
}

QList<MailboxName> subscriptions()
{
    QList<MailboxName> names;
    for (int i = 0; i < Names; ++i) {
        names.append(MailboxName("work" + filler() + '/' + QByteArray::number(1000 + i)));
    }
    return names;
}

QList<ListedMailbox> mailboxes()
{
    QList<ListedMailbox> all;
    for (const MailboxName &name : subscriptions()) {
        ListedMailbox listed;
        listed.info.name = name;
        all.append(listed);
    }
    return all;
}

void addRows()
{
    QTest::addColumn<ListQuery>("query");
    QTest::addColumn<int>("comparisons");
    QByteArrayList patterns;
    for (int i = 0; i < 20; ++i) {
        patterns.append("*none" + filler() + QByteArray::number(i) + '*');
    }
    QTest::newRow("LIST") << ListQuery{.patterns = patterns} << Names * 20;
    QTest::newRow("LIST of subscribed names")
        << ListQuery{.patterns = patterns, .subscribed = true} << Names * 20;
    QTest::newRow("LSUB") << ListQuery{.patterns = {"*none" + filler()}, .isLsub = true} << Names;
    QTest::newRow("LSUB of levels")
        << ListQuery{.patterns = {"none" + filler() + "%"}, .isLsub = true} << Names * 2;
}

} // namespace

void TestMailboxList::letsOthersRun_data()
{
    addRows();
}

void TestMailboxList::letsOthersRun()
{
    QFETCH(const ListQuery, query);
    QFETCH(const int, comparisons);
    FakeMailbox txn;
    const auto all = mailboxes();
    const auto names = selectMailboxes(txn, all, subscriptions(), query);
    QVERIFY(names);
    QCOMPARE(names->size(), 0);
    QVERIFY2(txn.timesOthersRan >= comparisons / 16, QByteArray::number(txn.timesOthersRan));
}

// Others may take long, and a short answer would wait for them.
void TestMailboxList::isSoonDone()
{
    FakeMailbox txn;
    QList<ListedMailbox> all;
    for (const char *name : {"INBOX", "Drafts", "Sent", "work", "work/a", "work/b/c"}) {
        for (int i = 0; i < 50; ++i) {
            all.append(ListedMailbox());
            all.last().info.name = MailboxName(name + QByteArray::number(i));
        }
    }
    const auto names = selectMailboxes(txn, all, {}, {.patterns = {"*", "%", "work/*"}});
    QVERIFY(names);
    QVERIFY(names->size() >= all.size());
    QCOMPARE(txn.timesOthersRan, 0);
}

void TestMailboxList::endsWhenCancelled_data()
{
    addRows();
}

void TestMailboxList::endsWhenCancelled()
{
    QFETCH(const ListQuery, query);
    FakeMailbox txn;
    txn.cancelAtQuestion(2);
    const auto all = mailboxes();
    const auto names = selectMailboxes(txn, all, subscriptions(), query);
    QVERIFY(!names);
    QCOMPARE(names.error().code, ErrorCode::Cancelled);
    QVERIFY2(txn.timesOthersRan < 120, QByteArray::number(txn.timesOthersRan));
}

QTEST_GUILESS_MAIN(TestMailboxList)
#include "tst_mailboxlist.moc"
