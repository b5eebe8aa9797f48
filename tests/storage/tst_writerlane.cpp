#include "storage/executor/writerlane.h"

#include <QSemaphore>
#include <QTest>

using namespace Postnook;

namespace
{

// Says to each call what the test has written down for it.
class ScriptedEngine : public CommitEngine
{
public:
    std::optional<Error> begin() override { return {}; }
    std::optional<Error> run(const WriteJob &) override
    {
        return isFull ? std::optional(Error{ErrorCode::OverQuota, QStringLiteral("full")})
                      : std::nullopt;
    }
    bool isOpen() const override { return true; }
    Result<QList<CommitNotice>> commit() override
    {
        ++commits;
        return QList<CommitNotice>();
    }
    void rollback() override { }
    bool makeRoom() override
    {
        isFull = --fullTimes > 0;
        return true;
    }
    void settle() override { }

    int fullTimes = 0;
    bool isFull = false;
    int commits = 0;
};

} // namespace

class TestWriterLane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Room may be made and be gone again; what was not committed must not be told as done.
    void aFullDisk_data()
    {
        QTest::addColumn<int>("fullTimes");
        QTest::addColumn<int>("commits");
        QTest::newRow("never") << 0 << 1;
        QTest::newRow("once") << 1 << 1;
        QTest::newRow("twice") << 2 << 0;
        QTest::newRow("for ever") << 1000 << 0;
    }

    void aFullDisk()
    {
        QFETCH(int, fullTimes);
        QFETCH(int, commits);
        PoolExecutor executor(1);
        ScriptedEngine engine;
        engine.fullTimes = fullTimes;
        engine.isFull = fullTimes > 0;
        WriterLane lane(executor, engine, [](const QList<CommitNotice> &) {});

        // Both in one group: they queue while the lane is kept busy.
        QSemaphore bothWait;
        lane.startAlone([&bothWait] { bothWait.acquire(); }, {});
        QList<bool> isDone;
        const auto note = [&isDone](const std::optional<Error> &error) { isDone.append(!error); };
        for (int i = 0; i < 2; ++i) {
            lane.start({.run = {}, .done = note, .options = {}}, {});
        }
        bothWait.release();
        executor.drain();
        QCOMPARE(engine.commits, commits);
        QCOMPARE(isDone, QList<bool>(2, commits > 0));
    }
};

QTEST_GUILESS_MAIN(TestWriterLane)
#include "tst_writerlane.moc"
