#include "core/mailbox/account.h"
#include "core/mailbox/mailboxhub.h"
#include "dialogueserver.h"

#include <QTest>

#include <random>

using namespace Postnook;

// What is kept of a mailbox when nobody has it open any more.
class TestMailboxSnapshots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsAFullReading();
    void readsWhatChanged();
    void isReadWholeBelowTheHistory();
    void aDeletedMailboxIsGone();
    void aHubComesBackAsItIsNow();
    void leastRecentlyUsedGoes();
};

namespace
{

MailboxSnapshot snapshot(quint32 mailbox, qsizetype messages)
{
    MailboxSnapshot one;
    one.mailbox.id = MailboxId(mailbox);
    for (qsizetype i = 1; i <= messages; ++i) {
        one.uids.append(Uid(static_cast<quint32>(i)));
    }
    return one;
}

// A store of which only what a snapshot is read from matters.
class Mail
{
public:
    Mail()
        : m_store(*await(m_server.storage().mailStore(m_server.account().id)))
    {
        auto writer = m_store->newContent(0);
        if (writer->write("abc")) {
            m_content = *writer->finish();
        }
        m_inbox = info().id;
    }

    DialogueServer &server() { return m_server; }
    MailStore &store() { return *m_store; }
    const std::shared_ptr<MailStore> &sharedStore() { return m_store; }
    MailboxId inbox() const { return m_inbox; }

    MailboxInfo info()
    {
        return *await(
            m_store->read([](ReadTxn &txn) { return txn.mailbox(MailboxName("INBOX")); }));
    }
    void append(int count, const QByteArrayList &keywords = {})
    {
        NewMessage message;
        message.content = m_content;
        message.flags = {SystemFlag::Deleted, keywords};
        const auto done = await(m_store->write([=, inbox = m_inbox](WriteTxn &txn) -> Result<void> {
            for (int i = 0; i < count; ++i) {
                if (const auto appended = txn.append(inbox, message); !appended) {
                    return appended.error();
                }
            }
            return {};
        }));
        QVERIFY(done.has_value());
    }
    void expunge(Uid first, Uid last)
    {
        const auto done = await(m_store->write([=, inbox = m_inbox](WriteTxn &txn) {
            return txn.expunge(inbox, {{first, last}});
        }));
        QVERIFY(done.has_value());
    }
    Result<MailboxSnapshot> read(const std::optional<MailboxSnapshot> &known = std::nullopt)
    {
        return await(m_store->read(
            [known, inbox = m_inbox](ReadTxn &txn) { return readSnapshot(txn, inbox, known); }));
    }

private:
    DialogueServer m_server{DialogueServer::Setup()};
    std::shared_ptr<MailStore> m_store;
    StagedContent m_content;
    MailboxId m_inbox;
};

} // namespace

void TestMailboxSnapshots::equalsAFullReading()
{
    Mail mail;
    std::mt19937 generator(20261129);
    const auto below = [&generator](quint32 n) { return static_cast<quint32>(generator() % n); };
    QList<MailboxSnapshot> known{*mail.read()};
    for (int round = 0; round < 60; ++round) {
        if (below(3) > 0) {
            mail.append(static_cast<int>(below(4)) + 1, {"k" + QByteArray::number(below(20))});
        } else {
            const quint32 first = below(mail.info().uidNext.value) + 1;
            mail.expunge(Uid(first), Uid(first + below(5)));
        }
        const auto whole = mail.read();
        // From any earlier moment, the same moment too.
        for (const auto &earlier :
             {known.first(), known[below(static_cast<quint32>(known.size()))], *whole}) {
            const auto now = mail.read(earlier);
            QVERIFY(now.has_value());
            QCOMPARE(now->uids, whole->uids);
            QCOMPARE(now->mailbox, whole->mailbox);
            QCOMPARE(now->keywords, whole->keywords);
        }
        known.append(*whole);
    }
}

// What did not change is taken as it was.
void TestMailboxSnapshots::readsWhatChanged()
{
    Mail mail;
    mail.append(3);
    auto known = *mail.read();
    known.uids.removeAt(1); // to tell the two apart
    mail.append(1);
    QCOMPARE(mail.read(known)->uids, QList<Uid>({Uid(1), Uid(3), Uid(4)}));
}

void TestMailboxSnapshots::isReadWholeBelowTheHistory()
{
    Mail mail;
    mail.append(3);
    auto known = *mail.read();
    mail.expunge(Uid(2), Uid(2));
    known.uids.append(Uid(900));
    QCOMPARE(mail.read(known)->uids, QList<Uid>({Uid(1), Uid(3), Uid(900)}));
    mail.server().advanceUtc(2 * StorageOptions().syncHistorySeconds);
    QVERIFY(mail.server().cleanNow().has_value()); // whole rows become bare ones
    QVERIFY(mail.server().cleanNow().has_value());
    QCOMPARE(mail.read(known)->uids, QList<Uid>({Uid(1), Uid(3)}));
}

void TestMailboxSnapshots::aDeletedMailboxIsGone()
{
    Mail mail;
    auto known = *mail.read();
    known.mailbox.id = MailboxId(9999);
    const auto found = await(mail.store().read(
        [known](ReadTxn &txn) { return readSnapshot(txn, MailboxId(9999), known); }));
    QVERIFY(!found.has_value());
    QCOMPARE(found.error().code, ErrorCode::NotFound);
}

void TestMailboxSnapshots::aHubComesBackAsItIsNow()
{
    Mail mail;
    mail.append(2);
    const auto memory = std::make_shared<AccountMemory>();
    const auto uidsOfHub = [&] {
        Account account(mail.server().account(), mail.sharedStore(), memory);
        const auto hub = account.hub(mail.inbox());
        bool isLoaded = false;
        hub->whenLoaded(this, [&isLoaded](const Result<void> &) { isLoaded = true; });
        DialogueServer::runUntil([&isLoaded] { return isLoaded; });
        return hub->uids();
    };
    QCOMPARE(uidsOfHub(), QList<Uid>({Uid(1), Uid(2)}));
    const auto kept = memory->snapshots.known(mail.server().account().id, mail.inbox());
    QVERIFY(kept.has_value());
    QCOMPARE(kept->uids, QList<Uid>({Uid(1), Uid(2)}));
    mail.append(1);
    mail.expunge(Uid(1), Uid(1));
    QCOMPARE(uidsOfHub(), QList<Uid>({Uid(2), Uid(3)}));
}

void TestMailboxSnapshots::leastRecentlyUsedGoes()
{
    MailboxSnapshots snapshots(1000);
    const AccountId account(1);
    snapshots.keep(account, snapshot(1, 300));
    snapshots.keep(account, snapshot(2, 300));
    QVERIFY(snapshots.known(account, MailboxId(1)).has_value());
    QVERIFY(!snapshots.known(AccountId(2), MailboxId(1)).has_value());
    snapshots.keep(account, snapshot(1, 200)); // again, in its old place
    snapshots.keep(account, snapshot(3, 200));
    QVERIFY(snapshots.known(account, MailboxId(2)).has_value());
    QVERIFY(snapshots.known(account, MailboxId(1)).has_value());
    snapshots.keep(account, snapshot(4, 100));
    QVERIFY(!snapshots.known(account, MailboxId(3)).has_value());
    snapshots.keep(account, snapshot(5, 1000)); // too large
    QVERIFY(!snapshots.known(account, MailboxId(5)).has_value());
    QVERIFY(snapshots.known(account, MailboxId(1)).has_value());
}

QTEST_GUILESS_MAIN(TestMailboxSnapshots)
#include "tst_mailboxsnapshots.moc"
