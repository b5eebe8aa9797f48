#include "core/search/keycache.h"

#include <QTest>

using namespace Postnook;

// What SORT and THREAD keep from one to the next.
class TestKeyCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEachPlace();
    void sizes_data();
    void sizes();
    void leastRecentlyUsedGoes();
    void tooLargeIsNotKept();
    void forgetsAnAccount();
    void mergesByUid();
};

namespace
{

using Key = SortCriterion::Key;

KeyColumn numbers(const QList<quint32> &uids)
{
    KeyColumn column;
    for (const quint32 uid : uids) {
        column.uids.append(Uid(uid));
        column.numbers.append(uid * 10);
    }
    return column;
}

KeyPlace place(int account, quint32 mailbox = 7, std::optional<Key> key = Key::Date)
{
    return {AccountId(account), MailboxId(mailbox), key};
}

} // namespace

void TestKeyCache::keepsEachPlace()
{
    KeyCache cache;
    const QList<KeyPlace> places{
        place(1), place(2), place(1, 8), place(1, 7, Key::Size), place(1, 7, std::nullopt)};
    for (const KeyPlace &one : places) {
        QCOMPARE(cache.known(one).uids, QList<Uid>());
    }
    for (qsizetype i = 0; i < places.size(); ++i) {
        cache.keep(places[i], numbers({static_cast<quint32>(i) + 1}));
    }
    for (qsizetype i = 0; i < places.size(); ++i) {
        QCOMPARE(cache.known(places[i]).uids, QList<Uid>{Uid(static_cast<quint32>(i) + 1)});
    }
}

void TestKeyCache::sizes_data()
{
    QTest::addColumn<KeyColumn>("column");
    QTest::addColumn<qint64>("octets"); // at least
    QTest::newRow("numbers") << numbers({1, 2, 3}) << qint64(3 * 12);
    KeyColumn threads;
    threads.uids.append(Uid(1));
    threads.threads.append(ThreadMessage{.uid = Uid(1),
                                         .messageId = threads.names.of(QByteArray(500, 'i')),
                                         .references = QList<ThreadName>(100, 1)});
    QTest::newRow("threads") << threads << qint64(4 + 400);
}

void TestKeyCache::sizes()
{
    QFETCH(const KeyColumn, column);
    QFETCH(const qint64, octets);
    QCOMPARE_GE(column.sizeBytes(), octets);
    QCOMPARE_LE(column.sizeBytes(), octets + 200);
}

void TestKeyCache::leastRecentlyUsedGoes()
{
    const auto column = numbers({1, 2, 3, 4});
    KeyCache cache(3 * column.sizeBytes());
    for (const int account : {1, 2, 3}) {
        cache.keep(place(account), column);
    }
    QCOMPARE(cache.known(place(1)).uids.size(), 4);
    cache.keep(place(3), column); // again, in its old place
    cache.keep(place(4), column);
    QCOMPARE(cache.known(place(2)).uids.size(), 0);
    for (const int account : {1, 3, 4}) {
        QCOMPARE(cache.known(place(account)).uids.size(), 4);
    }
}

void TestKeyCache::tooLargeIsNotKept()
{
    const auto column = numbers({1, 2, 3, 4});
    KeyCache cache(column.sizeBytes() - 1);
    cache.keep(place(1), numbers({1}));
    cache.keep(place(2), numbers({1}));
    cache.keep(place(1), column);
    QCOMPARE(cache.known(place(1)).uids.size(), 0);
    QCOMPARE(cache.known(place(2)).uids.size(), 1);
    cache.keep(place(1), numbers({1}));
    QCOMPARE(cache.known(place(1)).uids.size(), 1);
}

void TestKeyCache::forgetsAnAccount()
{
    const auto column = numbers({1, 2, 3, 4});
    KeyCache cache(2 * column.sizeBytes());
    cache.keep(place(1), column);
    cache.keep(place(2), column);
    cache.forget(AccountId(1));
    QCOMPARE(cache.known(place(1)).uids.size(), 0);
    cache.keep(place(3), column); // there is room again
    QCOMPARE(cache.known(place(2)).uids.size(), 4);
}

void TestKeyCache::mergesByUid()
{
    const auto both = merged(numbers({2, 5, 9}), numbers({1, 3, 4, 10}));
    QCOMPARE(both.uids, numbers({1, 2, 3, 4, 5, 9, 10}).uids);
    QCOMPARE(both.numbers, numbers({1, 2, 3, 4, 5, 9, 10}).numbers);
    QCOMPARE(merged({}, numbers({1})).numbers, QList<qint64>{10});
}

QTEST_GUILESS_MAIN(TestKeyCache)
#include "tst_keycache.moc"
