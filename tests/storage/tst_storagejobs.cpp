#include "storage/sqlite/database.h"
#include "tests/storage/gate.h"
#include "tests/storage/storagetest.h"

#include <QDirIterator>
#include <QThread>

#include <atomic>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

using Appending = Future<Result<AppendResult>>;

}

// The contract of store.h: how jobs run. Group commit, notices, order, cancelling.
class TestStorageJobs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void jobsLeaveTheMainThread();
    void queuedWritesAreOneCommit();
    void atMost128JobsInAGroup();
    void atMost8MiBInAGroup();
    void aHugeJobIsItsOwnGroup();
    void failingJobRollsBackAlone();
    void failingJobThatSpilledLosesNothing();
    void futuresFinishInOrder();
    void noticesComeFirst();
    void noticesTellWhatChanged();
    void noticesTellKindsOfChanges();
    void noticesTellNames_data();
    void noticesTellNames();
    void nothingIsSeenBeforeTheCommit();
    void cancelledBeforeItBegan();
    void cancelledWhileReading();
    void writesAreNotCancelled();
    void runGivesItsValue();
    void closeFinishesQueuedWrites();
    void manyStoresAtOnce();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    MailStore &store() const { return mail().store(); }
    Storage &storage() const { return m_fixture->storage(); }
    Appending queueAppend(WriteOptions options = {}, const QByteArray &name = "INBOX");
    // A write that holds the lane until the gate opens.
    Appending queueHeldAppend(Gate &gate);

    std::unique_ptr<StorageFixture> m_fixture;
    NewMessage m_message;
};

void TestStorageJobs::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
    const auto message = newMessage(store(), "text");
    VERIFY_OK(message);
    m_message = *message;
}

void TestStorageJobs::cleanup()
{
    m_message = {};
    m_fixture.reset();
}

Appending TestStorageJobs::queueAppend(WriteOptions options, const QByteArray &name)
{
    return store().write(
        [message = m_message, name](WriteTxn &txn) {
            return txn.mailbox(MailboxName(name)).and_then([&](const MailboxInfo &info) {
                return txn.append(info.id, message);
            });
        },
        options);
}

Appending TestStorageJobs::queueHeldAppend(Gate &gate)
{
    return store().write([message = m_message, &gate](WriteTxn &txn) {
        const auto appended = txn.append(txn.mailbox(MailboxName("INBOX"))->id, message);
        gate.pass();
        return appended;
    });
}

void TestStorageJobs::jobsLeaveTheMainThread()
{
    const auto *main = QThread::currentThread();
    const auto isMain = [main] { return QThread::currentThread() == main; };
    QList<bool> continuations;
    const auto note = [&](const Result<bool> &ranInMain) {
        continuations.append(isMain());
        return ranInMain;
    };
    const auto read = store().read([=](ReadTxn &) { return Result<bool>(isMain()); }).then(note);
    const auto write = store().write([=](WriteTxn &) { return Result<bool>(isMain()); }).then(note);
    const auto run =
        storage().run(JobClass::Hashing, [=] { return Result<bool>(isMain()); }).then(note);
    for (const auto &future : {read, write, run}) {
        const auto ranInMain = await(future);
        VERIFY_OK(ranInMain);
        QVERIFY(!*ranInMain);
    }
    QCOMPARE(continuations, QList<bool>({true, true, true}));
}

void TestStorageJobs::queuedWritesAreOneCommit()
{
    int commits = 0;
    connect(&store(), &MailStore::committed, this, [&] { ++commits; });
    Gate gate;
    const auto held = queueHeldAppend(gate);
    gate.waitForArrival();
    QList<Appending> queued;
    for (int i = 0; i < 100; ++i) {
        queued.append(queueAppend());
    }
    gate.open();
    VERIFY_OK(await(held));
    for (const auto &append : queued) {
        VERIFY_OK(await(append));
    }
    QVERIFY2(commits <= 2, QByteArray::number(commits).constData());
    QCOMPARE(mail().info("INBOX")->messages, 101U);
}

void TestStorageJobs::atMost128JobsInAGroup()
{
    QList<qsizetype> sizes;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &notices) {
        sizes.append(notices.size());
    });
    Gate gate;
    const auto held = queueHeldAppend(gate);
    gate.waitForArrival();
    QList<Appending> queued;
    for (int i = 0; i < 300; ++i) {
        queued.append(queueAppend());
    }
    gate.open();
    for (const auto &append : queued) {
        VERIFY_OK(await(append));
    }
    qsizetype sum = 0;
    for (const auto size : sizes) {
        QVERIFY(size <= 128);
        sum += size;
    }
    QCOMPARE(sum, 301);
    QVERIFY2(sizes.size() <= 5, QByteArray::number(sizes.size()).constData());
}

void TestStorageJobs::atMost8MiBInAGroup()
{
    QList<qsizetype> sizes;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &notices) {
        sizes.append(notices.size());
    });
    Gate gate;
    const auto held = queueHeldAppend(gate);
    gate.waitForArrival();
    QList<Appending> queued;
    for (int i = 0; i < 8; ++i) {
        queued.append(queueAppend({0, 3 << 20}));
    }
    gate.open();
    for (const auto &append : queued) {
        VERIFY_OK(await(append));
    }
    VERIFY_OK(await(held));
    for (const auto size : sizes) {
        QVERIFY2(size <= 3, QByteArray::number(size).constData()); // one of them the held one
    }
}

void TestStorageJobs::aHugeJobIsItsOwnGroup()
{
    VERIFY_OK(await(queueAppend({0, quint64(1) << 40})));
    const auto huge = queueAppend({0, quint64(1) << 40});
    const auto small = queueAppend();
    VERIFY_OK(await(huge));
    VERIFY_OK(await(small));
}

void TestStorageJobs::failingJobRollsBackAlone()
{
    QList<CommitNotice> notices;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &some) {
        notices += some;
    });
    Gate gate;
    const auto held = queueHeldAppend(gate);
    gate.waitForArrival();
    QList<Appending> queued;
    for (quint64 i = 0; i < 30; ++i) {
        queued.append(store().write(
            [message = m_message, i](WriteTxn &txn) -> Result<AppendResult> {
                const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
                auto tagged = message;
                tagged.internalDate.secondsUtc = qint64(i);
                tagged.flags.keywords = {"k" + QByteArray::number(i)};
                const auto appended = txn.append(inbox, tagged);
                const auto made =
                    txn.createMailbox(MailboxName("M" + QByteArray::number(i)), SpecialUse::None);
                if (!made || i % 3 == 0) {
                    return Error{ErrorCode::Limit, QStringLiteral("the third")};
                }
                return appended;
            },
            {i + 1, 0}));
    }
    gate.open();
    Uid last = await(held)->uid;
    for (qsizetype i = 0; i < queued.size(); ++i) {
        const auto result = await(queued.at(i));
        if (i % 3 == 0) {
            VERIFY_ERROR(result, ErrorCode::Limit);
            QCOMPARE(result.error().text, QStringLiteral("the third"));
        } else {
            VERIFY_OK(result);
            QVERIFY(result->uid > last);
            last = result->uid;
        }
    }
    const auto rows = mail().rows("INBOX");
    QCOMPARE(rows->size(), 21);
    for (const auto &row : *rows) {
        QVERIFY(row.uid == Uid(1) || row.internalDate.secondsUtc % 3 != 0);
    }
    QCOMPARE(mail().keywords("INBOX")->size(), 20);
    QCOMPARE(mail().names()->size(), 6 + 20);
    for (const auto &notice : notices) {
        QVERIFY(notice.origin == 0 || (notice.origin - 1) % 3 != 0);
    }
}

// The job writes pages to the log before it fails, some of them twice. What the same commit has
// besides is there also for who knows the files alone, as after a crash.
void TestStorageJobs::failingJobThatSpilledLosesNothing()
{
    constexpr int Texts = 600;
    constexpr qsizetype TextBytes = 60000; // half of them: twice what SQLite keeps in memory
    QList<NewMessage> texts;
    for (int i = 0; i < Texts; ++i) {
        texts.append(*newMessage(store(), randomBytes(TextBytes, quint32(i))));
    }
    Gate gate;
    const auto held = queueHeldAppend(gate);
    // What it changes goes to the log first, and once.
    const auto before =
        store().write([](WriteTxn &txn) { return txn.setSubscribed(MailboxName("Other"), true); });
    const auto failing = store().write([texts](WriteTxn &txn) -> Result<AppendResult> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        for (qsizetype i = 0; i < texts.size(); ++i) {
            const auto appended = txn.append(inbox, texts[i]);
            if (!appended) {
                return appended;
            }
            if (i != texts.size() / 2) {
                continue;
            }
            const auto rows = readRows(txn, inbox, false);
            for (const auto &row : *rows) {
                MessageMeta meta;
                meta.scannerVersion = 1;
                if (!txn.describe(row.content, meta)) {
                    return Error{ErrorCode::Internal, QStringLiteral("not described")};
                }
            }
        }
        return Error{ErrorCode::Limit, QStringLiteral("at the very end")};
    });
    const auto after = queueAppend();
    gate.open();
    VERIFY_OK(await(held));
    VERIFY_OK(await(before));
    VERIFY_ERROR(await(failing), ErrorCode::Limit);
    VERIFY_OK(await(after));
    VERIFY_OK(await(queueAppend()));
    QCOMPARE(mail().info("INBOX")->messages, 3U);
    QVERIFY(mail().subscriptions()->contains("Other"));

    QDirIterator found(
        m_fixture->path(), {QStringLiteral("mail.db")}, QDir::Files, QDirIterator::Subdirectories);
    const auto file = found.next();
    const QTemporaryDir folder;
    const auto copy = folder.filePath(QStringLiteral("mail.db"));
    QVERIFY(QFile::copy(file, copy)
            && QFile::copy(file + QStringLiteral("-wal"), copy + QStringLiteral("-wal")));
    const auto recovered = Sqlite::Database::open(copy, Sqlite::Database::Mode::Reader, {});
    QVERIFY(recovered);
    const auto messages = (*recovered)->number("SELECT count(*) FROM message");
    VERIFY_OK(messages);
    QCOMPARE(*messages, 3);
}

void TestStorageJobs::futuresFinishInOrder()
{
    Gate gate;
    const auto held = queueHeldAppend(gate);
    gate.waitForArrival();
    QList<int> order;
    QList<QFuture<Result<AppendResult>>> queued;
    for (int i = 0; i < 200; ++i) {
        queued.append(queueAppend().then([&order, i](const Result<AppendResult> &result) {
            order.append(i);
            return result;
        }));
    }
    gate.open();
    Uid last;
    for (const auto &append : queued) {
        const auto result = await(append);
        VERIFY_OK(result);
        QVERIFY(result->uid > last);
        last = result->uid;
    }
    for (int i = 0; i < 200; ++i) {
        QCOMPARE(order.at(i), i);
    }
}

void TestStorageJobs::noticesComeFirst()
{
    QHash<quint64, ModSeq> told;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &notices) {
        QCOMPARE(QThread::currentThread(), thread());
        for (const auto &notice : notices) {
            told.insert(notice.origin, notice.modSeq);
        }
    });
    QList<bool> toldBefore;
    QList<QFuture<Result<AppendResult>>> queued;
    for (quint64 origin = 1; origin <= 50; ++origin) {
        queued.append(
            queueAppend({origin, 0}).then([&, origin](const Result<AppendResult> &result) {
                toldBefore.append(told.contains(origin));
                return result;
            }));
    }
    for (qsizetype i = 0; i < queued.size(); ++i) {
        const auto result = await(queued.at(i));
        VERIFY_OK(result);
        QCOMPARE(mail().row("INBOX", result->uid)->modSeq, told.value(quint64(i) + 1));
    }
    QCOMPARE(toldBefore, QList<bool>(50, true));
}

void TestStorageJobs::noticesTellWhatChanged()
{
    QList<CommitNotice> notices;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &some) {
        notices += some;
    });
    const auto inbox = mail().info("INBOX")->id;
    const auto sent = mail().info("Sent")->id;
    VERIFY_OK(await(queueAppend({7, 0})));
    QCOMPARE(notices.size(), 1);
    QCOMPARE(notices.first().mailbox, inbox);
    QCOMPARE(notices.first().origin, quint64(7));
    QCOMPARE(notices.first().modSeq, mail().info("INBOX")->highestModSeq);

    notices.clear();
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Remove, flagsOf(SystemFlag::Seen)));
    QVERIFY(notices.isEmpty()); // nothing changed

    VERIFY_OK(await(
        store().write([=](WriteTxn &txn) { return txn.move(inbox, AllUids, sent); }, {9, 0})));
    QCOMPARE(notices.size(), 2);
    QHash<MailboxId, CommitNotice> byMailbox;
    for (const auto &notice : notices) {
        byMailbox.insert(notice.mailbox, notice);
        QCOMPARE(notice.origin, quint64(9));
    }
    QCOMPARE(byMailbox.value(inbox).modSeq, mail().info("INBOX")->highestModSeq);
    QCOMPARE(byMailbox.value(sent).modSeq, mail().info("Sent")->highestModSeq);

    // Who only renames a mailbox has made none of its changes.
    notices.clear();
    const auto before = mail().info("Sent")->highestModSeq;
    VERIFY_OK(await(store().write(
        [](WriteTxn &txn) { return txn.renameMailbox(MailboxName("Sent"), MailboxName("Gone")); },
        {11, 0})));
    QCOMPARE(notices.size(), 2); // and one of the subscription
    QCOMPARE(notices.first().mailbox, sent);
    QCOMPARE(notices.first().modSeq, before);
    QCOMPARE(notices.first().origin, quint64(0));
    QCOMPARE(notices.first().writer, quint64(11));
}

void TestStorageJobs::noticesTellKindsOfChanges()
{
    QHash<MailboxId, MailboxChanges> changes;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &notices) {
        for (const auto &notice : notices) {
            changes[notice.mailbox] |= notice.changes;
        }
    });
    const auto inbox = mail().info("INBOX")->id;
    const auto sent = mail().info("Sent")->id;
    const auto taken = [&] { return std::exchange(changes, {}); };
    using Changes = QHash<MailboxId, MailboxChanges>;
    constexpr auto Added = MailboxChange::MessagesAdded;
    constexpr auto Expunged = MailboxChange::MessagesExpunged;
    constexpr auto Flags = MailboxChange::FlagsChanged;

    VERIFY_OK(await(queueAppend()));
    QCOMPARE(taken(), (Changes{{inbox, Added}}));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf(SystemFlag::Flagged)));
    QCOMPARE(taken(), (Changes{{inbox, Flags}}));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf(SystemFlag::Seen)));
    QCOMPARE(taken(), (Changes{{inbox, Flags | MailboxChange::SeenChanged}}));
    VERIFY_OK(
        await(store().write([=](WriteTxn &txn) { return txn.move(inbox, AllUids, sent); }, {})));
    QCOMPARE(taken(), (Changes{{inbox, Expunged}, {sent, Added}}));
    VERIFY_OK(await(store().write(
        [](WriteTxn &txn) { return txn.renameMailbox(MailboxName("Sent"), MailboxName("Gone")); },
        {})));
    QCOMPARE(taken(), (Changes{{sent, MailboxChange::Named}, {MailboxId(), {}}}));
}

void TestStorageJobs::noticesTellNames_data()
{
    using Kind = NameEvent::Kind;
    using Work = std::function<Result<void>(WriteTxn &)>;
    QTest::addColumn<Work>("work");
    QTest::addColumn<QList<NameEvent>>("events");

    const auto name = [](const char *text) { return MailboxName(text); };
    const auto makesAbc = [=](WriteTxn &txn) {
        const auto made = txn.createMailbox(name("a/b/c"), SpecialUse::None);
        return made ? Result<void>() : Result<void>(made.error());
    };
    QTest::newRow("create with parents") << Work(makesAbc)
                                         << QList<NameEvent>{{Kind::Created, name("a")},
                                                             {Kind::Created, name("a/b")},
                                                             {Kind::Created, name("a/b/c")}};
    QTest::newRow("delete") << Work([=](WriteTxn &txn) { return txn.deleteMailbox(name("Junk")); })
                            << QList<NameEvent>{{Kind::Deleted, name("Junk")}};
    QTest::newRow("rename takes the subscription along")
        << Work([=](WriteTxn &txn) { return txn.renameMailbox(name("Sent"), name("x/Out")); })
        << QList<NameEvent>{{Kind::Renamed, name("x/Out"), name("Sent")},
                            {Kind::Created, name("x")},
                            {Kind::Unsubscribed, name("Sent")},
                            {Kind::Subscribed, name("x/Out")}};
    QTest::newRow("rename of INBOX")
        << Work([=](WriteTxn &txn) { return txn.renameMailbox(name("INBOX"), name("Old")); })
        << QList<NameEvent>{{Kind::Renamed, name("Old"), name("INBOX")}};
    QTest::newRow("subscribe to nothing")
        << Work([=](WriteTxn &txn) { return txn.setSubscribed(name("nowhere"), true); })
        << QList<NameEvent>{{Kind::Subscribed, name("nowhere")}};
    QTest::newRow("subscribe again")
        << Work([=](WriteTxn &txn) { return txn.setSubscribed(name("Sent"), true); })
        << QList<NameEvent>{};
    QTest::newRow("unsubscribe from nothing")
        << Work([=](WriteTxn &txn) { return txn.setSubscribed(name("nowhere"), false); })
        << QList<NameEvent>{};
}

void TestStorageJobs::noticesTellNames()
{
    QFETCH(std::function<Result<void>(WriteTxn &)>, work);
    QFETCH(QList<NameEvent>, events);
    QList<NameEvent> told;
    connect(&store(), &MailStore::committed, this, [&](const QList<CommitNotice> &notices) {
        for (const auto &notice : notices) {
            QCOMPARE(notice.writer, quint64(3));
            told += notice.names;
        }
    });
    VERIFY_OK(await(store().write(work, {3, 0})));
    QCOMPARE(told, events);
}

void TestStorageJobs::nothingIsSeenBeforeTheCommit()
{
    if (StorageFixture::workers() == 1) {
        QSKIP("one worker runs one job at a time");
    }
    Gate gate;
    const auto held = queueHeldAppend(gate);
    gate.waitForArrival();
    const auto info = mail().info("INBOX");
    const auto changes = mail().changes("INBOX", ModSeq(0));
    const bool finished = held.isFinished();
    gate.open();
    VERIFY_OK(await(held));
    QVERIFY(!finished);
    QCOMPARE(info->messages, 0U);
    QCOMPARE(info->uidNext, Uid(1));
    QVERIFY(changes->changed.isEmpty());
    QCOMPARE(mail().info("INBOX")->messages, 1U);
}

void TestStorageJobs::cancelledBeforeItBegan()
{
    const auto token = std::make_shared<std::atomic<bool>>(true);
    std::atomic<bool> ran = false;
    const auto read = store().read(
        [&ran](ReadTxn &) -> Result<int> {
            ran = true;
            return 1;
        },
        {JobClass::Interactive, token});
    VERIFY_ERROR(await(read), ErrorCode::Cancelled);
    QVERIFY(!ran);
}

void TestStorageJobs::cancelledWhileReading()
{
    constexpr int Messages = 5000; // a long read
    VERIFY_OK(await(store().write([message = m_message](WriteTxn &txn) -> Result<void> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        for (int i = 0; i < Messages; ++i) {
            if (const auto appended = txn.append(inbox, message); !appended) {
                return appended.error();
            }
        }
        return {};
    })));
    const auto token = std::make_shared<std::atomic<bool>>(false);
    std::atomic<int> visited = 0;
    std::atomic<bool> sawIt = false;
    const auto read = await(store().read(
        [&, token](ReadTxn &txn) -> Result<int> {
            const auto before = txn.isCancelled();
            const auto done = txn.forEachMessage(
                txn.mailbox(MailboxName("INBOX"))->id, AllUids, {}, false, [&](const MessageRow &) {
                    token->store(++visited >= 5);
                    return true;
                });
            sawIt = !before && txn.isCancelled();
            return done ? Result<int>(0) : done.error();
        },
        {JobClass::Interactive, token}));
    QVERIFY(sawIt);
    QVERIFY2(visited < Messages, QByteArray::number(visited).constData());
    VERIFY_ERROR(read, ErrorCode::Cancelled);
    VERIFY_OK(mail().info("INBOX")); // the connection is as good as before
}

void TestStorageJobs::writesAreNotCancelled()
{
    const auto cancelled =
        await(store().write([](WriteTxn &txn) { return Result<bool>(txn.isCancelled()); }));
    VERIFY_OK(cancelled);
    QVERIFY(!*cancelled);
}

void TestStorageJobs::runGivesItsValue()
{
    for (const auto jobClass :
         {JobClass::Interactive, JobClass::Hashing, JobClass::Background, JobClass::Write}) {
        const auto value = await(storage().run(jobClass, [] { return Result<int>(42); }));
        VERIFY_OK(value);
        QCOMPARE(*value, 42);
    }
}

void TestStorageJobs::closeFinishesQueuedWrites()
{
    for (int i = 0; i < 200; ++i) {
        queueAppend();
    }
    m_message = {};
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().info("INBOX")->messages, 200U);
}

void TestStorageJobs::manyStoresAtOnce()
{
    QList<Mail> mails;
    for (int i = 0; i < 8; ++i) {
        const auto opened = m_fixture->account(QStringLiteral("account%1").arg(i));
        VERIFY_OK(opened);
        mails.append(*opened);
    }
    QList<Appending> appends;
    for (int round = 0; round < 20; ++round) {
        for (const auto &each : mails) {
            const auto message = newMessage(each.store(), randomBytes(500, quint32(round)));
            VERIFY_OK(message);
            appends.append(each.store().write([given = *message](WriteTxn &txn) {
                return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
            }));
        }
    }
    for (const auto &append : appends) {
        VERIFY_OK(await(append));
    }
    for (const auto &each : mails) {
        QCOMPARE(each.info("INBOX")->messages, 20U);
    }
}

QTEST_GUILESS_MAIN(TestStorageJobs)
#include "tst_storagejobs.moc"
