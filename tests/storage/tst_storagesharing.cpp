#include "tests/storage/gate.h"
#include "tests/storage/storagetest.h"

#include <QMutex>
#include <QThread>

#include <atomic>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

using Appending = Future<Result<AppendResult>>;

}

// The contract of store.h: how jobs share the threads. Classes, long jobs.
class TestStorageSharing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void hashingLeavesRoom();
    void backgroundIsOneAtATime();
    void backgroundWaitsForTheOthers();
    void readsDoNotStarveWrites();
    void writesDoNotStarveReads();
    void longJobsLetOthersRun();
    void aLongJobWaitsForNoLaterOne();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    MailStore &store() const { return mail().store(); }
    Storage &storage() const { return m_fixture->storage(); }
    Appending queueAppend();

    std::unique_ptr<StorageFixture> m_fixture;
    NewMessage m_message;
};

void TestStorageSharing::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
    const auto message = newMessage(store(), "text");
    VERIFY_OK(message);
    m_message = *message;
}

void TestStorageSharing::cleanup()
{
    m_message = {};
    m_fixture.reset();
}

Appending TestStorageSharing::queueAppend()
{
    return store().write([message = m_message](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, message);
    });
}

void TestStorageSharing::hashingLeavesRoom()
{
    const int workers = StorageFixture::workers();
    Gate gate;
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    QList<QFuture<Result<int>>> hashing;
    for (int i = 0; i < workers * 3; ++i) {
        hashing.append(storage().run(JobClass::Hashing, [&]() -> Result<int> {
            most = std::max(most.load(), ++running);
            gate.pass();
            --running;
            return 0;
        }));
    }
    gate.waitForArrival();
    if (workers > 1) {
        VERIFY_OK(mail().info("INBOX"));
        VERIFY_OK(await(queueAppend()));
    }
    gate.open();
    for (const auto &job : hashing) {
        VERIFY_OK(await(job));
    }
    QVERIFY2(most <= std::max(1, workers / 2), QByteArray::number(most).constData());
}

void TestStorageSharing::backgroundIsOneAtATime()
{
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    QList<QFuture<Result<int>>> jobs;
    for (int i = 0; i < 50; ++i) {
        jobs.append(storage().run(JobClass::Background, [&]() -> Result<int> {
            most = std::max(most.load(), ++running);
            QThread::yieldCurrentThread();
            --running;
            return 0;
        }));
    }
    for (const auto &job : jobs) {
        VERIFY_OK(await(job));
    }
    QCOMPARE(most.load(), 1);
}

void TestStorageSharing::backgroundWaitsForTheOthers()
{
    const int workers = StorageFixture::workers();
    QMutex mutex;
    QByteArray order;
    const auto job = [&](char name) {
        return [&, name]() -> Result<int> {
            const QMutexLocker lock(&mutex);
            order.append(name);
            return 0;
        };
    };
    Gate gate;
    QList<QFuture<Result<int>>> jobs;
    for (int i = 0; i < workers; ++i) {
        jobs.append(storage().run(JobClass::Interactive, [&]() -> Result<int> {
            gate.pass();
            return 0;
        }));
    }
    gate.waitForArrival(workers);
    jobs.append(storage().run(JobClass::Background, job('b')));
    for (int i = 0; i < workers * 4; ++i) {
        jobs.append(storage().run(JobClass::Interactive, job('i')));
    }
    gate.open();
    for (const auto &each : jobs) {
        VERIFY_OK(await(each));
    }
    // Other threads may be slow to note what they began before it.
    QVERIFY2(order.indexOf('b') >= workers * 4 - workers, order.constData());
}

// Readers that ask again at once, more of them than there are threads.
void TestStorageSharing::readsDoNotStarveWrites()
{
    bool stop = false;
    int reading = 0;
    QObject context;
    std::function<void()> readAgain = [&] {
        ++reading;
        store()
            .read([](ReadTxn &txn) { return txn.mailboxes(); })
            .then(&context, [&](const Result<QList<ListedMailbox>> &) {
                --reading;
                if (!stop) {
                    readAgain();
                }
            });
    };
    for (int i = 0; i < StorageFixture::workers() * 3; ++i) {
        readAgain();
    }
    for (int i = 0; i < 20; ++i) {
        VERIFY_OK(await(queueAppend()));
    }
    VERIFY_OK(await(storage().run(JobClass::Hashing, [] { return Result<int>(0); })));
    stop = true;
    QTRY_COMPARE(reading, 0);
}

void TestStorageSharing::writesDoNotStarveReads()
{
    bool stop = false;
    int writing = 0;
    QObject context;
    std::function<void()> writeAgain = [&] {
        ++writing;
        queueAppend().then(&context, [&](const Result<AppendResult> &) {
            --writing;
            if (!stop) {
                writeAgain();
            }
        });
    };
    for (int i = 0; i < 300; ++i) {
        writeAgain();
    }
    for (int i = 0; i < 20; ++i) {
        VERIFY_OK(mail().info("INBOX"));
    }
    stop = true;
    QTRY_COMPARE_WITH_TIMEOUT(writing, 0, 30000);
}

// All threads are held by long jobs: what comes meanwhile is done between two steps of them, and
// they do not see it.
void TestStorageSharing::longJobsLetOthersRun()
{
    const int workers = StorageFixture::workers();
    Gate gate;
    QList<Future<Result<bool>>> longJobs;
    for (int i = 0; i < workers; ++i) {
        longJobs.append(store().read([&](ReadTxn &txn) -> Result<bool> {
            const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
            const auto before = *txn.uids(inbox);
            gate.arrive();
            while (!gate.isOpen()) {
                txn.letOthersRun();
                QThread::yieldCurrentThread();
            }
            return before.isEmpty() && *txn.uids(inbox) == before;
        }));
    }
    gate.waitForArrival(workers);
    const auto appended = await(queueAppend());
    gate.open();
    VERIFY_OK(appended);
    for (const auto &job : std::as_const(longJobs)) {
        const auto sawOneMoment = await(job);
        VERIFY_OK(sawOneMoment);
        QVERIFY(*sawOneMoment);
    }
}

// Long jobs wait for no other, however many came later.
void TestStorageSharing::aLongJobWaitsForNoLaterOne()
{
    constexpr int MoreThanAreLong = 24;
    const int workers = StorageFixture::workers();
    Gate first;
    Gate others;
    const auto longJob = [this](Gate &gate) {
        return store().read([&gate](ReadTxn &txn) -> Result<bool> {
            gate.arrive();
            while (!gate.isOpen()) {
                txn.letOthersRun();
                QThread::yieldCurrentThread();
            }
            return true;
        });
    };
    const auto begunFirst = longJob(first);
    first.waitForArrival(1);
    QList<Future<Result<bool>>> later;
    for (int i = 0; i < MoreThanAreLong; ++i) {
        later.append(longJob(others));
    }
    others.waitForArrival(workers);
    first.open();
    VERIFY_OK(await(begunFirst));
    others.open();
    for (const auto &job : std::as_const(later)) {
        VERIFY_OK(await(job));
    }
    VERIFY_OK(await(queueAppend()));
}

QTEST_GUILESS_MAIN(TestStorageSharing)
#include "tst_storagesharing.moc"
