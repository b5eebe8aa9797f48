#include "core/mailbox/pace.h"

#include <QTest>

#include <vector>

using namespace Postnook;

class TestPace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAWindowEachAtOnce()
    {
        int runs = 0;
        Pace pace({}, [&runs] { ++runs; });
        pace.request();
        pace.request();
        QCOMPARE(runs, 2);
    }

    void theFirstAtOnceTheOthersTogether()
    {
        int runs = 0;
        Pace pace(pacing(), [&runs] { ++runs; });
        pace.request();
        QCOMPARE(runs, 1);
        QCOMPARE(m_windows.size(), size_t(1));
        for (int i = 0; i < 100; ++i) {
            pace.request();
        }
        QCOMPARE(runs, 1);
        endWindow();
        QCOMPARE(runs, 2);
        QCOMPARE(m_windows.size(), size_t(1)); // the next window has begun
        pace.request();
        QCOMPARE(runs, 2);
        endWindow();
        QCOMPARE(runs, 3);
    }

    void nothingRunsUnasked()
    {
        int runs = 0;
        Pace pace(pacing(), [&runs] { ++runs; });
        QVERIFY(m_windows.empty());
        pace.request();
        endWindow();
        QCOMPARE(runs, 1);
        QVERIFY(m_windows.empty()); // no timer goes on
        pace.request();
        QCOMPARE(runs, 2);
    }

    void askedForWhileItRuns()
    {
        int runs = 0;
        Pace *self = nullptr;
        Pace pace(pacing(), [&] {
            if (++runs < 3) {
                self->request();
            }
        });
        self = &pace;
        pace.request();
        QCOMPARE(runs, 1);
        endWindow();
        QCOMPARE(runs, 2);
        endWindow();
        QCOMPARE(runs, 3);
        endWindow();
        QCOMPARE(runs, 3);
        QVERIFY(m_windows.empty());
    }

    void cleanup() { m_windows.clear(); }

private:
    Pacing pacing()
    {
        return {50, [this](int ms, QObject *, std::function<void()> then) {
                    QCOMPARE(ms, 50);
                    m_windows.push_back(std::move(then));
                }};
    }
    void endWindow()
    {
        for (const auto &then : std::exchange(m_windows, {})) {
            then();
        }
    }

    std::vector<std::function<void()>> m_windows;
};

QTEST_GUILESS_MAIN(TestPace)
#include "tst_pace.moc"
