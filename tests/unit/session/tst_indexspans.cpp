#include "core/session/indexspans.h"

#include <QSet>
#include <QTest>

#include <algorithm>

using namespace Postnook;

namespace
{

QSet<qsizetype> positions(const QList<IndexSpan> &spans)
{
    QSet<qsizetype> all;
    for (const IndexSpan &span : spans) {
        for (auto i = span.first; i <= span.last; ++i) {
            all.insert(i);
        }
    }
    return all;
}

// Every list of spans of positions 0 to 6, as the bits of a number have it.
QList<IndexSpan> spansOfBits(unsigned bits)
{
    QList<IndexSpan> spans;
    for (qsizetype i = 0; i < 7; ++i) {
        if ((bits >> i & 1U) == 0) {
            continue;
        }
        if (!spans.isEmpty() && spans.last().last == i - 1) {
            spans.last().last = i;
        } else {
            spans.append({i, i});
        }
    }
    return spans;
}

bool isAscending(const QList<IndexSpan> &spans)
{
    qsizetype next = 0;
    for (const IndexSpan &span : spans) {
        if (span.first < next || span.last < span.first) {
            return false;
        }
        next = span.last + 1;
    }
    return true;
}

} // namespace

class TestIndexSpans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofUids();
    void everyPair();
    void everyPart();
    void numbers();
};

void TestIndexSpans::ofUids()
{
    const QList<Uid> view{Uid(2), Uid(3), Uid(7), Uid(9)};
    QCOMPARE(spansOf({}, view), QList<IndexSpan>());
    QCOMPARE(spansOf({Uid(1), Uid(4), Uid(10)}, view), QList<IndexSpan>());
    QCOMPARE(spansOf({Uid(2), Uid(3), Uid(9)}, view), (QList<IndexSpan>{{0, 1}, {3, 3}}));
    QCOMPARE(spansOf({Uid(3), Uid(5), Uid(7)}, view), (QList<IndexSpan>{{1, 2}}));
    QCOMPARE(spansOf(view, view), (QList<IndexSpan>{{0, 3}}));
    QCOMPARE(spansOf({Uid(2)}, {}), QList<IndexSpan>());
}

void TestIndexSpans::everyPair()
{
    for (unsigned a = 0; a < 128; ++a) {
        for (unsigned b = 0; b < 128; ++b) {
            const auto left = spansOfBits(a);
            const auto right = spansOfBits(b);
            const auto both = common(left, right);
            const auto rest = without(left, right);
            QCOMPARE(positions(both), positions(left) & positions(right));
            QCOMPARE(positions(rest), positions(left) - positions(right));
            QVERIFY(isAscending(both) && isAscending(rest));
        }
    }
}

void TestIndexSpans::everyPart()
{
    for (unsigned bits = 0; bits < 128; ++bits) {
        const auto spans = spansOfBits(bits);
        auto all = positions(spans).values();
        std::sort(all.begin(), all.end());
        QCOMPARE(countOf(spans), all.size());
        for (qsizetype begin = 0; begin <= all.size(); ++begin) {
            for (qsizetype size = 0; size <= all.size() - begin; ++size) {
                auto part = positions(mid(spans, begin, size)).values();
                std::sort(part.begin(), part.end());
                QCOMPARE(part, all.mid(begin, size));
            }
        }
    }
}

void TestIndexSpans::numbers()
{
    QCOMPARE(formatNumbers({}), QByteArray());
    QCOMPARE(formatNumbers({{0, 0}, {2, 4}}), QByteArray("1,3:5"));
}

QTEST_GUILESS_MAIN(TestIndexSpans)
#include "tst_indexspans.moc"
