#include "core/wire/sequenceset.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <vector>

using namespace Postnook;

using Range = SequenceSet::Range;
using Span = SequenceSet::Span;
using Ranges = QList<Range>;
using Spans = QList<Span>;

Q_DECLARE_METATYPE(Ranges)
Q_DECLARE_METATYPE(Spans)

namespace
{

constexpr quint32 Star = 0;
constexpr quint32 Largest = 0xffffffffU;

QList<Uid> toUids(std::initializer_list<quint32> numbers)
{
    QList<Uid> uids;
    for (const auto number : numbers) {
        uids.append(Uid(number));
    }
    return uids;
}

} // namespace

class TestSequenceSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resolve_data();
    void resolve();
    void questions();
    void savedResult();
    void formats_data();
    void formats();
    void lowerBounds_data();
    void lowerBounds();
    void randomAgainstBitmap_data();
    void randomAgainstBitmap();
    void manyNumbers();
};

void TestSequenceSet::resolve_data()
{
    QTest::addColumn<Ranges>("ranges");
    QTest::addColumn<quint32>("largest");
    QTest::addColumn<Spans>("expected");

    QTest::newRow("rfc9051-9 2,4:7,9,12:* of 15") << Ranges{{2, 2}, {4, 7}, {9, 9}, {12, Star}}
                                                  << 15U << Spans{{2, 2}, {4, 7}, {9, 9}, {12, 15}};
    QTest::newRow("rfc9051-9 *:4,5:7 of 10") << Ranges{{Star, 4}, {5, 7}} << 10U << Spans{{4, 10}};
    QTest::newRow("rfc9051-9 4:2 is 2:4") << Ranges{{4, 2}} << 10U << Spans{{2, 4}};
    QTest::newRow("5:* of 3 holds 3") << Ranges{{5, Star}} << 3U << Spans{{3, 5}};
    QTest::newRow("*:* of 3") << Ranges{{Star, Star}} << 3U << Spans{{3, 3}};
    QTest::newRow("* in an empty mailbox") << Ranges{{Star, Star}} << 0U << Spans{};
    QTest::newRow("1:* in an empty mailbox") << Ranges{{1, Star}} << 0U << Spans{};
    QTest::newRow("numbers in an empty mailbox")
        << Ranges{{1, 2}, {5, Star}} << 0U << Spans{{1, 2}};
    QTest::newRow("above the largest") << Ranges{{7, 9}} << 3U << Spans{{7, 9}};
    QTest::newRow("unordered, adjacent, overlapping")
        << Ranges{{9, 9}, {1, 3}, {4, 4}, {2, 6}, {8, 8}} << 9U << Spans{{1, 6}, {8, 9}};
    QTest::newRow("one inside another") << Ranges{{1, 9}, {2, 3}, {10, 10}} << 9U << Spans{{1, 10}};
    QTest::newRow("session 28 whole space, twice")
        << Ranges{{1, Largest}, {Largest, 1}, {Largest, Star}} << 2U << Spans{{1, Largest}};
    QTest::newRow("last number joins") << Ranges{{Largest, Largest}, {Largest - 1, Largest - 1}}
                                       << 2U << Spans{{Largest - 1, Largest}};
    QTest::newRow("none") << Ranges{} << 5U << Spans{};
}

void TestSequenceSet::resolve()
{
    QFETCH(Ranges, ranges);
    QFETCH(quint32, largest);
    QFETCH(Spans, expected);

    QCOMPARE(SequenceSet(ranges).resolve(largest), expected);
}

void TestSequenceSet::questions()
{
    const SequenceSet plain({{5, 2}, {9, 9}});
    QVERIFY(!plain.usesStar());
    QVERIFY(!plain.isEmpty());
    QVERIFY(!plain.isSavedResult());
    QCOMPARE(plain.maximum(), 9U);

    const SequenceSet open({{5, Star}});
    QVERIFY(open.usesStar());
    QCOMPARE(open.maximum(), 5U);
    QVERIFY(SequenceSet({{Star, 5}}).usesStar());
    QCOMPARE(SequenceSet({{Star, Star}}).maximum(), 0U);

    QVERIFY(SequenceSet().isEmpty());
    QCOMPARE(SequenceSet().maximum(), 0U);
    QVERIFY(plain != open);
    QCOMPARE(plain, SequenceSet({{5, 2}, {9, 9}}));
}

void TestSequenceSet::savedResult()
{
    const auto set = SequenceSet::savedResult();
    QVERIFY(set.isSavedResult());
    QVERIFY(!set.isEmpty());
    QVERIFY(!set.usesStar());
    QCOMPARE(set.resolve(10), Spans{});
    QVERIFY(set != SequenceSet());
}

void TestSequenceSet::formats_data()
{
    QTest::addColumn<QList<Uid>>("uids");
    QTest::addColumn<QByteArray>("expected");

    QTest::newRow("none") << toUids({}) << QByteArray();
    QTest::newRow("one") << toUids({7}) << QByteArray("7");
    QTest::newRow("a run") << toUids({1, 2, 3}) << QByteArray("1:3");
    QTest::newRow("two make a run") << toUids({1, 2}) << QByteArray("1:2");
    QTest::newRow("rfc4315-4 runs and singles")
        << toUids({1, 2, 3, 7, 9, 10}) << QByteArray("1:3,7,9:10");
    QTest::newRow("the last UIDs")
        << toUids({1, Largest - 1, Largest}) << QByteArray("1,4294967294:4294967295");
}

void TestSequenceSet::formats()
{
    QFETCH(QList<Uid>, uids);
    QFETCH(QByteArray, expected);

    QCOMPARE(formatUidSet(uids), expected);
    QCOMPARE(formatUidRanges(toUidRanges(uids)), expected);
    const auto last = uids.isEmpty() ? 10 : uids.last().value;
    for (quint32 n = 1; n <= std::min(last, 1000U); ++n) {
        QCOMPARE(contains(toUidRanges(uids), Uid(n)), uids.contains(Uid(n)));
    }
    QVERIFY(contains({{Uid(5), MaxUid}}, MaxUid));
}

void TestSequenceSet::lowerBounds_data()
{
    QTest::addColumn<QList<Uid>>("uids");

    QTest::newRow("none") << toUids({});
    QTest::newRow("one") << toUids({7});
    QTest::newRow("no gap") << toUids({3, 4, 5, 6, 7, 8});
    QTest::newRow("a gap in front") << toUids({2, 5, 6, 7, 8, 9});
    QTest::newRow("a gap at the end") << toUids({2, 3, 4, 5, 6, 12});
    QTest::newRow("gaps all over") << toUids({1, 4, 5, 8, 11, 13, 14});
    QTest::newRow("the lowest") << toUids({1, 2, 4});
    QTest::newRow("the largest") << toUids({2, 3, Largest - 1, Largest});
}

void TestSequenceSet::lowerBounds()
{
    QFETCH(QList<Uid>, uids);

    for (const quint32 n :
         {0U,  1U,  2U,  3U,  4U,  5U,  6U,          7U,          8U,          9U,
          10U, 11U, 12U, 13U, 14U, 15U, 0x7fffffffU, Largest - 2, Largest - 1, Largest}) {
        const auto expected = std::lower_bound(uids.begin(), uids.end(), Uid(n)) - uids.begin();
        QCOMPARE(lowerBound(uids, Uid(n)), expected);
    }
}

void TestSequenceSet::randomAgainstBitmap_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 100; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void TestSequenceSet::randomAgainstBitmap()
{
    QFETCH(quint32, seed);
    constexpr quint32 Bound = 80;
    QRandomGenerator random(seed);
    const quint32 largest = random.bounded(Bound);
    Ranges ranges;
    std::vector<bool> wanted(Bound, false);
    for (int i = random.bounded(12); i > 0; --i) {
        const auto end = [&] { return random.bounded(5) == 0 ? Star : random.bounded(1U, Bound); };
        const Range range{end(), end()};
        ranges.append(range);
        const auto a = range.first == Star ? largest : range.first;
        const auto b = range.last == Star ? largest : range.last;
        for (quint32 number = std::min(a, b); number <= std::max(a, b); ++number) {
            if (a > 0 && b > 0) {
                wanted[number] = true;
            }
        }
    }

    const auto spans = SequenceSet(ranges).resolve(largest);
    std::vector<bool> covered(Bound, false);
    quint32 previousEnd = 0;
    for (const Span &span : spans) {
        QVERIFY(span.first <= span.last);
        QVERIFY(previousEnd == 0 || span.first > previousEnd + 1); // ascending, not adjacent
        previousEnd = span.last;
        std::fill(covered.begin() + span.first, covered.begin() + span.last + 1, true);
    }
    QVERIFY(covered == wanted);
}

void TestSequenceSet::manyNumbers()
{
    // session 29, and far beyond: odd numbers downwards
    constexpr quint32 Count = 200'000;
    Ranges ranges;
    for (quint32 number = 2 * Count; number > 1; number -= 2) {
        ranges.append({number - 1, number - 1});
    }
    const auto spans = SequenceSet(ranges).resolve(2 * Count);
    QCOMPARE(spans.size(), qsizetype(Count));
}

QTEST_GUILESS_MAIN(TestSequenceSet)
#include "tst_sequenceset.moc"
