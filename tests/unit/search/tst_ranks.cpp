#include "core/search/ranks.h"

#include <QRandomGenerator>
#include <QTest>

#include <set>

using namespace Postnook;

class TestRanks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ranks_data()
    {
        QTest::addColumn<QByteArrayList>("texts");
        QTest::addColumn<QList<qint64>>("ranks");
        const auto row = [](const char *name, QByteArrayList texts, QList<qint64> ranks) {
            QTest::newRow(name) << texts << ranks;
        };
        row("none", {}, {});
        row("empty", {"", ""}, {0, 0});
        row("short", {"b", "", "a", "b"}, {2, 0, 1, 2});
        row("one begins the other", {"12345678", "1234567", "123456789", ""}, {2, 1, 3, 0});
        row("octets, not signed ones", {"\xff", "a", "\x7f"}, {2, 0, 1});
        row("zeros count", {QByteArray("a\0\0", 3), "a", QByteArray("a\0", 2)}, {2, 0, 1});
        row("zeros at the end of a piece",
            {QByteArray("1234567\0", 8), "1234567", QByteArray("1234567\0\0", 9)},
            {1, 0, 2});
        const QByteArray much(2000, 'x');
        row("much alike", {much + "b", much, much + "a", much + "b"}, {2, 0, 1, 2});
    }

    void ranks()
    {
        QFETCH(const QByteArrayList, texts);
        QFETCH(const QList<qint64>, ranks);
        QCOMPARE(ranksOf(texts), ranks);
    }

    void asAPlainSortHasThem()
    {
        for (quint32 seed = 1; seed <= 200; ++seed) {
            QRandomGenerator random(seed);
            const auto texts = randomTexts(random, 60);
            const std::set<QByteArray> sorted(texts.begin(), texts.end());
            const auto ranks = ranksOf(texts);
            for (qsizetype i = 0; i < texts.size(); ++i) {
                const auto before = std::distance(sorted.begin(), sorted.find(texts[i]));
                QCOMPARE(ranks[i], static_cast<qint64>(before));
            }
        }
    }

    void amongKnownOnes()
    {
        for (quint32 seed = 1; seed <= 200; ++seed) {
            QRandomGenerator random(seed);
            const auto texts = randomTexts(random, random.bounded(80));
            const auto knownCount = random.bounded(static_cast<int>(texts.size()) + 1);
            const auto known = texts.first(knownCount);
            const auto ranks = ranksAmong(
                ranksOf(known), texts.sliced(knownCount), [&](const QList<qsizetype> &at) {
                    QList<QByteArray> asked;
                    for (const qsizetype i : at) {
                        asked.append(known[i]);
                    }
                    return Result(asked);
                });
            QVERIFY(ranks);
            QCOMPARE(ranks->known + ranks->added, ranksOf(texts));
        }
    }

    // Ten for one among a thousand, and not one after the other.
    void looksAtFew()
    {
        QList<QByteArray> known;
        for (int i = 0; i < 1000; ++i) {
            known.append(QByteArray::number(i * 10).rightJustified(5, '0'));
        }
        int times = 0;
        qsizetype texts = 0;
        const auto ranks =
            ranksAmong(ranksOf(known), {"01234", "05000", "01234", "99999"}, [&](const auto &at) {
                ++times;
                texts += at.size();
                QList<QByteArray> asked;
                for (const qsizetype i : at) {
                    asked.append(known[i]);
                }
                return Result(asked);
            });
        QCOMPARE(ranks->added, QList<qint64>({124, 501, 124, 1001}));
        QCOMPARE(ranks->known[123], 123);
        QCOMPARE(ranks->known[124], 125);
        QVERIFY2(times <= 10 && texts <= 30, QByteArray::number(texts).constData());
    }

    void failsAsTheTextsDo()
    {
        const auto ranks = ranksAmong({0, 1}, {"a"}, [](const auto &) -> Result<QList<QByteArray>> {
            return Error{ErrorCode::NotFound, {}};
        });
        QVERIFY(!ranks);
        QCOMPARE(ranks.error().code, ErrorCode::NotFound);
    }

private:
    // Of few octets, and with beginnings in common, so that all lengths of what is alike occur.
    static QList<QByteArray> randomTexts(QRandomGenerator &random, int count)
    {
        QList<QByteArray> texts;
        for (int i = 0; i < count; ++i) {
            QByteArray text = texts.isEmpty() ? QByteArray() : texts[random.bounded(texts.size())];
            text.truncate(random.bounded(static_cast<int>(text.size()) + 1));
            for (auto more = random.bounded(12); more > 0; --more) {
                text.append("\0a\xff"[random.bounded(3)]);
            }
            texts.append(text);
        }
        return texts;
    }
};

QTEST_GUILESS_MAIN(TestRanks)
#include "tst_ranks.moc"
