#include "tests/storage/storagetest.h"

#include <QSignalSpy>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

constexpr qint64 Day = 86400;

}

// The contract of store.h: which messages can be brought back, and that they come back as they
// were.
class TestStorageUndelete : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void whatWasExpungedIsListed();
    void ofADeletedMailbox();
    void ofARenamedMailbox();
    void whatWasMovedIsNot();
    void copies();
    void copiesOfAFilteredList();
    void equalMessagesOfOneMailbox();
    void inPages();
    void comesBackAsItWas();
    void comesBackOnce();
    void comesBackFromADeletedMailbox();
    void intoNoMailbox();
    void isToldAsNew();
    void notBeyondItsTime();
    void fileOfContentStays();
    void keepsWhatIsKnownAfterARepair();
    void compactsOverAndOver();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    void pass(qint64 seconds) { m_fixture->setNow(m_fixture->now() + seconds); }
    void append(const char *mailbox, const QByteArray &bytes);
    // Sets \Deleted and expunges.
    void drop(const char *mailbox, const UidRanges &uids = AllUids);
    // As "mailbox:uid", with + where it has a copy and ! where its mailbox is deleted.
    QByteArrayList removed(RemovedQuery query = {});
    Result<QList<RemovedMessage>> read(RemovedQuery query);
    Result<CopyResult> bringBack(MailboxId from, const UidRanges &uids, const char *to);

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageUndelete::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    m_fixture->options().undeleteRetentionSeconds = 30 * Day;
    VERIFY_OK(m_fixture->open());
}

void TestStorageUndelete::cleanup()
{
    m_fixture.reset();
}

void TestStorageUndelete::append(const char *mailbox, const QByteArray &bytes)
{
    VERIFY_OK(mail().append(mailbox, bytes));
}

void TestStorageUndelete::drop(const char *mailbox, const UidRanges &uids)
{
    VERIFY_OK(mail().storeFlags(mailbox, uids, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge(mailbox, uids));
}

Result<QList<RemovedMessage>> TestStorageUndelete::read(RemovedQuery query)
{
    query.limit = query.limit == 0 ? 1000 : query.limit;
    return await(mail().store().read([query](ReadTxn &txn) { return txn.removedMessages(query); }));
}

QByteArrayList TestStorageUndelete::removed(RemovedQuery query)
{
    QByteArrayList found;
    const auto messages = read(std::move(query));
    if (!messages) {
        return {describe(messages.error())};
    }
    for (const RemovedMessage &message : *messages) {
        found.append(message.mailboxName.utf8 + ':' + QByteArray::number(message.uid.value)
                     + (message.hasCopy ? "+" : "") + (message.isMailboxDeleted ? "!" : ""));
    }
    return found;
}

Result<CopyResult>
TestStorageUndelete::bringBack(MailboxId from, const UidRanges &uids, const char *to)
{
    return await(mail().store().write([=](WriteTxn &txn) -> Result<CopyResult> {
        const auto target = txn.mailbox(MailboxName(to));
        return target ? txn.bringBack(from, uids, target->id) : target.error();
    }));
}

void TestStorageUndelete::whatWasExpungedIsListed()
{
    QCOMPARE(removed(), QByteArrayList());
    append("INBOX", "one");
    append("INBOX", "two");
    const auto flags = flagsOf(SystemFlag::Seen, {"$Label1"});
    VERIFY_OK(mail().append("Archive", "three", flags, {1'234'567, -90}));
    const auto savedAt = m_fixture->now();
    pass(10);
    drop("INBOX", only({2}));
    pass(10);
    drop("Archive");
    QCOMPARE(removed(), (QByteArrayList{"Archive:1", "INBOX:2"}));

    const auto messages = read({});
    VERIFY_OK(messages);
    const auto &message = messages->first();
    QCOMPARE(message.removedAtUtc, m_fixture->now());
    QCOMPARE(message.mailbox, mail().info("Archive")->id);
    QVERIFY(message.mailboxUse == SpecialUse::Archive);
    QVERIFY(message.flags == flagsOf(SystemFlag::Seen | SystemFlag::Deleted, {"$Label1"}));
    QVERIFY(message.internalDate == (InternalDate{1'234'567, -90}));
    QCOMPARE(message.saveDateUtc, savedAt);
    QCOMPARE(message.sizeBytes, quint64(5));

    // By time, and by mailbox.
    QCOMPARE(removed({.sinceUtc = m_fixture->now()}), QByteArrayList{"Archive:1"});
    QCOMPARE(removed({.sinceUtc = m_fixture->now() + 1}), QByteArrayList());
    QCOMPARE(removed({.mailbox = MailboxName("INBOX")}), QByteArrayList{"INBOX:2"});
    QCOMPARE(removed({.mailbox = MailboxName("Sent")}), QByteArrayList());
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(removed(), (QByteArrayList{"Archive:1", "INBOX:2"}));
}

void TestStorageUndelete::ofADeletedMailbox()
{
    VERIFY_OK(mail().create("Doomed"));
    append("Doomed", "one");
    append("Doomed", "two");
    VERIFY_OK(mail().remove("Doomed"));
    QCOMPARE(removed(), (QByteArrayList{"Doomed:2!", "Doomed:1!"}));
    // Another one of the name.
    VERIFY_OK(mail().create("Doomed"));
    append("Doomed", "three");
    pass(1);
    drop("Doomed");
    QCOMPARE(removed({.mailbox = MailboxName("Doomed")}),
             (QByteArrayList{"Doomed:1", "Doomed:2!", "Doomed:1!"}));
}

void TestStorageUndelete::ofARenamedMailbox()
{
    VERIFY_OK(mail().create("Old"));
    append("Old", "one");
    drop("Old");
    VERIFY_OK(mail().rename("Old", "New"));
    QCOMPARE(removed(), QByteArrayList{"New:1"});
    QCOMPARE(removed({.mailbox = MailboxName("Old")}), QByteArrayList());
}

void TestStorageUndelete::whatWasMovedIsNot()
{
    append("INBOX", "one");
    append("INBOX", "two");
    append("INBOX", "three");
    VERIFY_OK(mail().move("INBOX", only({1, 3}), "Trash"));
    QCOMPARE(removed(), QByteArrayList());
    drop("INBOX");
    QCOMPARE(removed(), QByteArrayList{"INBOX:2"});
    pass(1);
    drop("Trash", only({1}));
    QCOMPARE(removed(), (QByteArrayList{"Trash:1", "INBOX:2"}));
    // INBOX renamed: its messages move.
    append("INBOX", "four");
    VERIFY_OK(mail().rename("INBOX", "Before"));
    QCOMPARE(removed(), (QByteArrayList{"Trash:1", "INBOX:2"}));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(removed(), (QByteArrayList{"Trash:1", "INBOX:2"}));
}

// A client without MOVE: what it has copied is not lost, and when that goes it is offered once.
void TestStorageUndelete::copies()
{
    append("INBOX", "one");
    VERIFY_OK(mail().copy("INBOX", AllUids, "Trash"));
    drop("INBOX");
    QCOMPARE(removed(), QByteArrayList{"INBOX:1+"});
    pass(60);
    drop("Trash");
    QCOMPARE(removed(), (QByteArrayList{"Trash:1", "INBOX:1+"}));
    VERIFY_OK(bringBack(mail().info("Trash")->id, AllUids, "Trash"));
    QCOMPARE(removed(), QByteArrayList{"INBOX:1+"});

    // The same way, and moved on from there.
    append("INBOX", "two");
    VERIFY_OK(mail().copy("INBOX", AllUids, "Archive"));
    pass(60);
    drop("INBOX");
    pass(60);
    VERIFY_OK(mail().move("Archive", AllUids, "Junk"));
    pass(60);
    drop("Junk");
    QCOMPARE(removed(), (QByteArrayList{"Junk:1", "INBOX:2+", "INBOX:1+"}));
}

// Who asks for one mailbox wants what that has lost, wherever else it was lost later.
void TestStorageUndelete::copiesOfAFilteredList()
{
    append("INBOX", "one");
    VERIFY_OK(mail().copy("INBOX", AllUids, "Trash"));
    drop("INBOX");
    pass(60);
    QCOMPARE(removed({.mailbox = MailboxName("INBOX")}), QByteArrayList{"INBOX:1+"});
    drop("Trash");
    QCOMPARE(removed({.mailbox = MailboxName("INBOX")}), QByteArrayList{"INBOX:1"});
}

void TestStorageUndelete::equalMessagesOfOneMailbox()
{
    append("INBOX", "same");
    append("INBOX", "same");
    append("INBOX", "same");
    drop("INBOX", only({1}));
    QCOMPARE(removed(), QByteArrayList{"INBOX:1+"}); // there are two more of it
    pass(1);
    drop("INBOX");
    QCOMPARE(removed(), (QByteArrayList{"INBOX:3", "INBOX:2", "INBOX:1"}));
}

void TestStorageUndelete::inPages()
{
    QByteArrayList expected;
    for (int i = 1; i <= 20; ++i) {
        append(i % 3 == 0 ? "Archive" : "INBOX", QByteArray::number(i));
        pass(i % 2);
    }
    drop("INBOX", {{Uid(1), Uid(7)}});
    pass(1);
    drop("Archive");
    drop("INBOX");
    RemovedQuery query;
    query.limit = 3;
    QByteArrayList paged;
    for (;;) {
        const auto page = read(query);
        VERIFY_OK(page);
        if (page->isEmpty()) {
            break;
        }
        QVERIFY(page->size() <= 3);
        for (const auto &message : *page) {
            paged.append(message.mailboxName.utf8 + ':' + QByteArray::number(message.uid.value));
        }
        query.afterRemovedAtUtc = page->last().removedAtUtc;
        query.afterMailbox = page->last().mailbox;
        query.afterUid = page->last().uid;
    }
    QCOMPARE(paged.size(), 20);
    QCOMPARE(paged, removed());
}

void TestStorageUndelete::comesBackAsItWas()
{
    const auto large = randomBytes(100'000, 1);
    const auto flags = flagsOf(SystemFlag::Seen | SystemFlag::Flagged, {"$Label1", "Work"});
    VERIFY_OK(mail().append("INBOX", large, flags, {1'600'000'000, 120}));
    VERIFY_OK(mail().append("INBOX", "small", {}, {1'500'000'000, -60}));
    drop("INBOX");
    pass(5 * Day);
    const auto inbox = mail().info("INBOX")->id;
    const auto back = bringBack(inbox, AllUids, "INBOX");
    VERIFY_OK(back);
    QCOMPARE(back->uidValidity, mail().info("INBOX")->uidValidity);
    QCOMPARE(back->uids, (QList<std::pair<Uid, Uid>>{{Uid(1), Uid(3)}, {Uid(2), Uid(4)}}));

    const auto first = mail().row("INBOX", Uid(3));
    VERIFY_OK(first);
    QVERIFY(first->flags == flags);
    QVERIFY(first->internalDate == (InternalDate{1'600'000'000, 120}));
    QCOMPARE(first->saveDateUtc, m_fixture->now());
    QVERIFY(*mail().bytes("INBOX", Uid(3)) == large);
    const auto second = mail().row("INBOX", Uid(4));
    VERIFY_OK(second);
    QVERIFY(second->flags == MessageFlags());
    QVERIFY(second->internalDate == (InternalDate{1'500'000'000, -60}));
    QCOMPARE(*mail().bytes("INBOX", Uid(4)), QByteArray("small"));
    const auto info = mail().info("INBOX");
    QCOMPARE(info->messages, 2U);
    QCOMPARE(info->unseen, 1U);
    QCOMPARE(info->deleted, 0U);
    QCOMPARE(info->sizeBytes, quint64(large.size() + 5));
    const auto faults = await(mail().store().read([](ReadTxn &txn) { return txn.faults(); }));
    QCOMPARE(*faults, QStringList());
    // Whoever was not told yet that it had gone can read it.
    QCOMPARE(*mail().bytes("INBOX", Uid(2), true), QByteArray("small"));
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(*mail().bytes("INBOX", Uid(3)) == large);
}

void TestStorageUndelete::comesBackOnce()
{
    append("INBOX", "one");
    append("INBOX", "two");
    append("INBOX", "three");
    drop("INBOX", only({1, 2}));
    const auto inbox = mail().info("INBOX")->id;
    QCOMPARE(bringBack(inbox, only({2}), "Archive")->uids.size(), 1);
    QCOMPARE(removed(), QByteArrayList{"INBOX:1"});
    const auto rest = bringBack(inbox, AllUids, "Archive");
    VERIFY_OK(rest);
    QCOMPARE(rest->uids, (QList<std::pair<Uid, Uid>>{{Uid(1), Uid(2)}}));
    QCOMPARE(removed(), QByteArrayList());
    QCOMPARE(bringBack(inbox, AllUids, "Archive")->uids.size(), 0);
    QCOMPARE(mail().uids("Archive")->size(), 2);
    QCOMPARE(mail().uids("INBOX")->size(), 1);
    // Removed again, it is offered again: as what it is now.
    pass(1);
    drop("Archive", only({2}));
    QCOMPARE(removed(), QByteArrayList{"Archive:2"});
}

void TestStorageUndelete::comesBackFromADeletedMailbox()
{
    const auto made = mail().create("Doomed");
    VERIFY_OK(mail().append("Doomed", "one", flagsOf(SystemFlag::Seen, {"k"})));
    VERIFY_OK(mail().remove("Doomed"));
    VERIFY_ERROR(bringBack(made->id, AllUids, "Doomed"), ErrorCode::NotFound);
    const auto again = mail().create("Doomed");
    VERIFY_OK(bringBack(made->id, AllUids, "Doomed"));
    QVERIFY(again->uidValidity > made->uidValidity);
    QVERIFY(mail().row("Doomed", Uid(1))->flags == flagsOf(SystemFlag::Seen, {"k"}));
    QCOMPARE(*mail().keywords("Doomed"), QByteArrayList{"k"});
    QCOMPARE(*mail().bytes("Doomed", Uid(1)), QByteArray("one"));
}

void TestStorageUndelete::intoNoMailbox()
{
    append("INBOX", "one");
    drop("INBOX");
    const auto inbox = mail().info("INBOX")->id;
    VERIFY_ERROR(await(mail().store().write([inbox](WriteTxn &txn) {
                     return txn.bringBack(inbox, AllUids, MailboxId(999));
                 })),
                 ErrorCode::NotFound);
    QCOMPARE(removed(), QByteArrayList{"INBOX:1"});
    // Of no mailbox there is nothing.
    QCOMPARE(bringBack(MailboxId(999), AllUids, "INBOX")->uids.size(), 0);
}

void TestStorageUndelete::isToldAsNew()
{
    append("INBOX", "one");
    drop("INBOX");
    const auto before = mail().info("INBOX");
    QList<CommitNotice> notices;
    connect(&mail().store(), &MailStore::committed, this, [&notices](const auto &told) {
        notices += told;
    });
    VERIFY_OK(bringBack(before->id, AllUids, "INBOX"));
    QCOMPARE(notices.size(), 1);
    QCOMPARE(notices.first().mailbox, before->id);
    QVERIFY(notices.first().changes == MailboxChange::MessagesAdded);
    const auto changes = mail().changes("INBOX", before->highestModSeq);
    VERIFY_OK(changes);
    QCOMPARE(changes->changed.size(), 1);
    QCOMPARE(changes->changed.first().uid, Uid(2));
    QVERIFY(changes->changed.first().modSeq > before->highestModSeq);
    QCOMPARE(changes->expunged.size(), 0);
    // What has gone stays gone for who comes later.
    QCOMPARE(mail().changes("INBOX")->expunged.size(), 1);
}

void TestStorageUndelete::notBeyondItsTime()
{
    append("INBOX", "one");
    append("INBOX", "two");
    drop("INBOX", only({1}));
    pass(20 * Day);
    drop("INBOX");
    pass(11 * Day);
    const auto inbox = mail().info("INBOX")->id;
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(removed(), QByteArrayList{"INBOX:2"});
    QCOMPARE(bringBack(inbox, only({1}), "INBOX")->uids.size(), 0);
    QCOMPARE(bringBack(inbox, AllUids, "INBOX")->uids.size(), 1);
    pass(31 * Day);
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(*mail().bytes("INBOX", Uid(3)), QByteArray("two"));
}

void TestStorageUndelete::fileOfContentStays()
{
    const auto large = randomBytes(100'000, 9);
    append("INBOX", large);
    drop("INBOX");
    VERIFY_OK(bringBack(mail().info("INBOX")->id, AllUids, "INBOX"));
    pass(400 * Day);
    VERIFY_OK(m_fixture->clean());
    QVERIFY(*mail().bytes("INBOX", Uid(2)) == large);
}

void TestStorageUndelete::keepsWhatIsKnownAfterARepair()
{
    append("INBOX", "moved");
    append("INBOX", "gone");
    VERIFY_OK(mail().move("INBOX", only({1}), "Archive"));
    drop("INBOX");
    VERIFY_OK(mail().remove("Archive"));
    const auto before = removed();
    QCOMPARE(before.size(), 2);
    const auto anna = await(m_fixture->storage().account(QStringLiteral("anna")));
    VERIFY_OK(await(m_fixture->storage().repair(anna->id)));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(removed(), before);
}

// What nothing needs any more goes back to the disk, and the rest is as it was.
void TestStorageUndelete::compactsOverAndOver()
{
    m_fixture->options().undeleteRetentionSeconds = 0;
    VERIFY_OK(m_fixture->reopen());
    append("INBOX", randomBytes(60'000, 1));
    for (quint32 i = 2; i <= 100; ++i) {
        append("INBOX", randomBytes(i % 10 == 0 ? 100'000 : 60'000, i));
    }
    const auto compact = [this](MailStore::Compacting how) {
        return await(mail().store().compact(how));
    };
    const auto goOn = [&]() -> qint64 {
        for (int calls = 0; calls < 100; ++calls) {
            const auto step = compact(MailStore::Compacting::GoOn);
            if (!step || step->isDone) {
                return step ? step->sizeBytes : -1;
            }
        }
        return -1;
    };
    const auto begun = compact(MailStore::Compacting::Begin);
    VERIFY_OK(begun);
    QVERIFY(!begun->isDone);
    const auto full = goOn();
    QVERIFY(full > 6'000'000);
    drop("INBOX", {{Uid(2), MaxUid}});
    pass(1);
    VERIFY_OK(compact(MailStore::Compacting::Begin));
    const auto empty = goOn();
    QVERIFY2(empty > 60'000 && empty < 1'000'000, qPrintable(QString::number(empty)));
    QVERIFY(*mail().bytes("INBOX", Uid(1)) == randomBytes(60'000, 1));
    const auto faults = await(mail().store().read([](ReadTxn &txn) { return txn.faults(); }));
    QCOMPARE(*faults, QStringList());
}

QTEST_GUILESS_MAIN(TestStorageUndelete)
#include "tst_storageundelete.moc"
