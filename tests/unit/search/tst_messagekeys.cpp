#include "core/search/messagekeys.h"
#include "core/search/sortprogram.h"
#include "fakemailbox.h"

#include <QTest>

#include <random>

using namespace Postnook;

namespace
{

using Key = SortCriterion::Key;

constexpr auto Mailbox = MailboxId(7);
constexpr quint32 Many = 1100; // enough for their keys to be kept

} // namespace

// How keys are kept from one SORT or THREAD to the next, and how new mail joins them.
class TestMessageKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_mailbox.reset(); }
    void isKeptForARestart_data();
    void isKeptForARestart();
    void fewAreNotKept();
    void whatIsKeptGrowsWithTheMailbox();
    void ofAnotherUidValidity();
    void ofNoUseIsReadAnew_data();
    void ofNoUseIsReadAnew();
    void partsDoNotReplaceTheWhole();
    void goneMessagesGo();
    void newMailJoins();
    void goneToCompareWith();
    void threadsGoOn();

private:
    void add(quint32 uid);
    MessageKeys restarted() const { return {AccountId(1), std::make_shared<KeyCache>()}; }
    QList<Uid> sortedBy(Key key, MessageKeys &keys);
    int rowsToSortBy(Key key, MessageKeys &keys);
    QByteArray threads(MessageKeys &keys);

    std::unique_ptr<FakeMailbox> m_mailbox;
    std::mt19937 m_random;
};

void TestMessageKeys::init()
{
    m_random.seed(20261130);
    m_mailbox = std::make_unique<FakeMailbox>();
    for (quint32 uid = 1; uid <= Many; ++uid) {
        add(uid);
    }
}

// Of few words, so that many are alike.
void TestMessageKeys::add(quint32 uid)
{
    const auto below = [this](quint32 n) { return QByteArray::number(m_random() % n); };
    const auto id = QByteArray::number(uid);
    m_mailbox->add(uid,
                   "From: w" + below(50) + "@x\r\nTo: v" + below(50) + "@x\r\nCc: u" + below(50)
                       + "@x\r\nSubject: word " + below(500) + "\r\nMessage-ID: <" + id
                       + "@x>\r\nReferences: <" + below(uid + 1)
                       + "@x>\r\nDate: 1 Jan 2026 00:" + below(60).rightJustified(2, '0')
                       + ":00 +0000\r\n\r\n" + QByteArray(qsizetype(m_random() % 90), 'x'));
}

QList<Uid> TestMessageKeys::sortedBy(Key key, MessageKeys &keys)
{
    const auto sorted =
        sortMessages(*m_mailbox, Mailbox, m_mailbox->allUids(), {{key, false}}, keys);
    return sorted ? *sorted : QList<Uid>();
}

int TestMessageKeys::rowsToSortBy(Key key, MessageKeys &keys)
{
    m_mailbox->rowsVisited = 0;
    sortedBy(key, keys);
    return m_mailbox->rowsVisited;
}

QByteArray TestMessageKeys::threads(MessageKeys &keys)
{
    m_mailbox->rowsVisited = 0;
    const auto messages = keys.threadKeys(*m_mailbox, Mailbox, m_mailbox->allUids());
    return messages ? threadsByReferences(*messages) : QByteArray();
}

void TestMessageKeys::isKeptForARestart_data()
{
    QTest::addColumn<int>("key");
    for (const Key key : {Key::Arrival,
                          Key::Cc,
                          Key::Date,
                          Key::DisplayFrom,
                          Key::DisplayTo,
                          Key::From,
                          Key::Size,
                          Key::Subject,
                          Key::To}) {
        QTest::addRow("key %d", static_cast<int>(key)) << static_cast<int>(key);
    }
}

void TestMessageKeys::isKeptForARestart()
{
    QFETCH(const int, key);
    const auto by = static_cast<Key>(key);
    MessageKeys before = restarted();
    const auto sorted = sortedBy(by, before);
    QCOMPARE(sorted.size(), qsizetype(Many));
    QCOMPARE(m_mailbox->keptByNumber.size(), 1);
    MessageKeys after = restarted();
    QCOMPARE(rowsToSortBy(by, after), 0);
    QCOMPARE(sortedBy(by, after), sorted);
}

void TestMessageKeys::fewAreNotKept()
{
    for (quint32 uid = 900; uid <= Many; ++uid) {
        m_mailbox->remove(uid);
    }
    MessageKeys keys = restarted();
    QCOMPARE(sortedBy(Key::Subject, keys).size(), 899);
    QVERIFY(m_mailbox->keptByNumber.isEmpty());
}

void TestMessageKeys::whatIsKeptGrowsWithTheMailbox()
{
    MessageKeys keys = restarted();
    sortedBy(Key::Subject, keys);
    const auto first = m_mailbox->keptByNumber;
    for (quint32 uid = Many + 1; uid <= Many + 999; ++uid) {
        add(uid);
        if (uid % 100 == 0) {
            sortedBy(Key::Subject, keys);
        }
    }
    sortedBy(Key::Subject, keys);
    QCOMPARE(m_mailbox->keptByNumber, first); // too few to write all of it again
    add(Many + 1000);
    const auto sorted = sortedBy(Key::Subject, keys);
    QVERIFY(m_mailbox->keptByNumber != first);
    MessageKeys after = restarted();
    QCOMPARE(rowsToSortBy(Key::Subject, after), 0);
    QCOMPARE(sortedBy(Key::Subject, after), sorted);
}

void TestMessageKeys::ofAnotherUidValidity()
{
    MessageKeys before = restarted();
    sortedBy(Key::Subject, before);
    m_mailbox->uidValidity = UidValidity(2);
    MessageKeys after = restarted();
    QCOMPARE(rowsToSortBy(Key::Subject, after), int(Many));
    MessageKeys again = restarted();
    QCOMPARE(rowsToSortBy(Key::Subject, again), 0); // kept anew
}

void TestMessageKeys::ofNoUseIsReadAnew_data()
{
    QTest::addColumn<int>("other"); // whose keys are put where those of the subject belong
    QTest::newRow("numbers") << static_cast<int>(Key::Date);
    QTest::newRow("ranks") << static_cast<int>(Key::From);
    QTest::newRow("threads") << -1;
    QTest::newRow("nothing") << -2;
}

void TestMessageKeys::ofNoUseIsReadAnew()
{
    QFETCH(const int, other);
    MessageKeys before = restarted();
    const auto sorted = sortedBy(Key::Subject, before);
    const auto number = m_mailbox->keptByNumber.keys().first();
    m_mailbox->keptByNumber.clear();
    if (other >= 0) {
        sortedBy(static_cast<Key>(other), before);
    } else if (other == -1) {
        threads(before);
    }
    const auto wrong = m_mailbox->keptByNumber.values().value(0);
    QCOMPARE(wrong.isEmpty(), other == -2);
    m_mailbox->keptByNumber = {{number, wrong}};
    MessageKeys after = restarted();
    QCOMPARE(sortedBy(Key::Subject, after), sorted);
}

// What was kept of all is not lost to what a search found.
void TestMessageKeys::partsDoNotReplaceTheWhole()
{
    for (quint32 uid = Many + 1; uid <= Many + 1500; ++uid) {
        add(uid);
    }
    MessageKeys before = restarted();
    sortedBy(Key::Subject, before);
    MessageKeys after = restarted();
    const auto all = m_mailbox->allUids();
    for (qsizetype at = 0; at < all.size(); at += 300) {
        QVERIFY(after.sortKeys(*m_mailbox, Mailbox, Key::Subject, all.mid(at, 300)));
    }
    MessageKeys again = restarted();
    QCOMPARE(rowsToSortBy(Key::Subject, again), 0);
}

// A mailbox that mail only passes through does not keep the keys of all that ever was in it.
void TestMessageKeys::goneMessagesGo()
{
    for (quint32 uid = Many + 1; uid <= 4 * Many; ++uid) {
        add(uid);
    }
    MessageKeys before = restarted();
    sortedBy(Key::Date, before);
    const auto size = m_mailbox->keptByNumber.values().first().size();
    for (quint32 uid = 1; uid <= 3 * Many; ++uid) {
        m_mailbox->remove(uid);
    }
    MessageKeys after = restarted();
    QCOMPARE(rowsToSortBy(Key::Date, after), int(Many));
    QVERIFY(m_mailbox->keptByNumber.values().first().size() < size / 3);
}

// A few at a time, and then all at once, in the same order as though they had been there before.
void TestMessageKeys::newMailJoins()
{
    MessageKeys keys = restarted();
    sortedBy(Key::Subject, keys);
    quint32 uid = Many;
    for (const quint32 more : {1, 2, 15, 1, 400, 3}) {
        for (quint32 i = 0; i < more; ++i) {
            add(++uid);
        }
        const int rows = rowsToSortBy(Key::Subject, keys);
        QVERIFY2(more > 100 || rows <= int(more) * 12, QByteArray::number(rows).constData());
        MessageKeys fresh = restarted();
        m_mailbox->keptByNumber.clear();
        QCOMPARE(sortedBy(Key::Subject, keys), sortedBy(Key::Subject, fresh));
    }
}

// Of all that might be looked at to find the place of a new text.
void TestMessageKeys::goneToCompareWith()
{
    MessageKeys keys = restarted();
    sortedBy(Key::Subject, keys);
    for (quint32 uid = 1; uid <= Many; ++uid) {
        if (uid % 10 != 0) {
            m_mailbox->remove(uid);
        }
    }
    add(Many + 1);
    MessageKeys fresh = restarted();
    m_mailbox->keptByNumber.clear();
    QCOMPARE(sortedBy(Key::Subject, keys), sortedBy(Key::Subject, fresh));
    QCOMPARE(rowsToSortBy(Key::Subject, keys), 0);
}

void TestMessageKeys::threadsGoOn()
{
    MessageKeys before = restarted();
    const auto first = threads(before);
    QCOMPARE(m_mailbox->keptByNumber.size(), 1);
    MessageKeys after = restarted();
    QCOMPARE(threads(after), first);
    QCOMPARE(m_mailbox->rowsVisited, 0);
    for (quint32 uid = Many + 1; uid <= Many + 30; ++uid) {
        add(uid);
    }
    const auto more = threads(after);
    QCOMPARE(m_mailbox->rowsVisited, 30);
    m_mailbox->keptByNumber.clear();
    MessageKeys fresh = restarted();
    QCOMPARE(more, threads(fresh));
    QVERIFY(more != first);
}

QTEST_GUILESS_MAIN(TestMessageKeys)
#include "tst_messagekeys.moc"
