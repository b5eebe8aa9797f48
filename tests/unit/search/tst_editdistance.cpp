#include "core/search/editdistance.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace Postnook;

namespace
{

// The same by the whole table, as textbooks have it.
int plainDistance(const QString &a, const QString &b)
{
    QList<QList<int>> edits(a.size() + 1, QList<int>(b.size() + 1, 0));
    for (qsizetype i = 0; i <= a.size(); ++i) {
        for (qsizetype j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                edits[i][j] = static_cast<int>(i + j);
                continue;
            }
            const int change = a[i - 1] == b[j - 1] ? 0 : 1;
            edits[i][j] =
                std::min({edits[i - 1][j] + 1, edits[i][j - 1] + 1, edits[i - 1][j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                edits[i][j] = std::min(edits[i][j], edits[i - 2][j - 2] + 1);
            }
        }
    }
    return edits.last().last();
}

} // namespace

class TestEditDistance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void counts_data();
    void counts();
    void isThatOfTheWholeTable();
};

void TestEditDistance::counts_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("edits");

    const auto row = [](const char *name, const char *a, const char *b, int limit, int edits) {
        QTest::newRow(name) << QString::fromLatin1(a) << QString::fromLatin1(b) << limit << edits;
    };
    row("nothing", "", "", 2, 0);
    row("same", "minutes", "minutes", 2, 0);
    row("left out", "minutes", "mintes", 2, 1);
    row("put in", "minutes", "minuttes", 2, 1);
    row("changed", "minutes", "minutez", 2, 1);
    row("swapped", "minutes", "mintues", 2, 1);
    row("two swapped", "minutes", "imntues", 2, 2);
    row("first and last", "minutes", "ninutez", 2, 2);
    row("not within none", "minutes", "minute", 0, 1);
    row("not within one", "minutes", "imntues", 1, 2);
    row("not within two", "minutes", "seconds", 2, 3);
    row("much longer", "a", "abcdefgh", 2, 3);
    row("empty and short", "", "ab", 2, 2);
}

void TestEditDistance::counts()
{
    QFETCH(const QString, a);
    QFETCH(const QString, b);
    QFETCH(const int, limit);

    QTEST(editDistance(a, b, limit), "edits");
    QTEST(editDistance(b, a, limit), "edits");
}

void TestEditDistance::isThatOfTheWholeTable()
{
    QRandomGenerator random(6203);
    const auto word = [&random](int letters, int alphabet) {
        QString text(letters, Qt::Uninitialized);
        for (QChar &c : text) {
            c = QChar(u'a' + random.bounded(alphabet));
        }
        return text;
    };
    for (int round = 0; round < 20'000; ++round) {
        const int alphabet = 2 + random.bounded(3);
        const int longest = round % 100 == 0 ? static_cast<int>(MaxEditLetters) : 9;
        const auto a = word(random.bounded(longest + 1), alphabet);
        const auto b = word(random.bounded(longest + 1), alphabet);
        for (int limit = 0; limit <= 3; ++limit) {
            const int edits = editDistance(a, b, limit);
            const int expected = std::min(plainDistance(a, b), limit + 1);
            QVERIFY2(edits == expected, qPrintable(a + QLatin1Char(' ') + b));
        }
    }
}

QTEST_GUILESS_MAIN(TestEditDistance)
#include "tst_editdistance.moc"
