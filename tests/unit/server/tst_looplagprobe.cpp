#include "app/server/looplagprobe.h"

#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

class TestLoopLagProbe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void summary_data();
    void summary();
};

void TestLoopLagProbe::summary_data()
{
    QTest::addColumn<QList<qint64>>("lateUs");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing yet") << QList<qint64>{}
                                 << u"loop lag: p50 0.0 ms, p99 0.0 ms, max 0.0 ms (0 samples)"_s;
    QTest::newRow("one") << QList<qint64>{2'340}
                         << u"loop lag: p50 2.4 ms, p99 2.4 ms, max 2.3 ms (1 samples)"_s;
    QTest::newRow("early counts as in time")
        << QList<qint64>{-500} << u"loop lag: p50 0.1 ms, p99 0.1 ms, max 0.0 ms (1 samples)"_s;
    QTest::newRow("a long stall among many")
        << QList<qint64>(199, 50) + QList<qint64>{2'000'000}
        << u"loop lag: p50 0.1 ms, p99 0.1 ms, max 2000.0 ms (200 samples)"_s;
    QTest::newRow("two long stalls in hundred")
        << QList<qint64>(98, 50) + QList<qint64>{30'000, 40'000}
        << u"loop lag: p50 0.1 ms, p99 30.1 ms, max 40.0 ms (100 samples)"_s;
}

void TestLoopLagProbe::summary()
{
    QFETCH(QList<qint64>, lateUs);
    QFETCH(QString, text);
    LoopLagProbe probe;
    for (const qint64 late : std::as_const(lateUs)) {
        probe.note(late);
    }
    QCOMPARE(probe.summary(), text);
}

QTEST_GUILESS_MAIN(TestLoopLagProbe)
#include "tst_looplagprobe.moc"
