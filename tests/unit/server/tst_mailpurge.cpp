#include "app/server/mailpurge.h"
#include "tests/storage/storagetest.h"

#include <QRegularExpression>
#include <QSignalSpy>

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// Old mail leaves Trash and Junk, and nothing else leaves anything. The clock is the test's.
class TestMailPurge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void offByItself();
    void byTheTimeItCameThere();
    void eachByItsOwnRule();
    void onlyTheMailboxItself();
    void theUseCounts();
    void aLostClock();
    void inSlices();
    void everyAccount();
    void staysForUndelete();

private:
    static constexpr qint64 Day = 86400;

    const Mail &mail() const { return m_fixture->mail(); }
    void pass(qint64 seconds) { m_fixture->setNow(m_fixture->now() + seconds); }
    void append(const char *mailbox, const QByteArray &bytes);
    void run(const QList<PurgeRule> &rules);
    qsizetype count(const QByteArray &mailbox) { return mail().uids(mailbox)->size(); }

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestMailPurge::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestMailPurge::cleanup()
{
    m_fixture.reset();
}

void TestMailPurge::append(const char *mailbox, const QByteArray &bytes)
{
    VERIFY_OK(mail().append(mailbox, bytes));
}

void TestMailPurge::run(const QList<PurgeRule> &rules)
{
    MailPurge purge(m_fixture->storage(), [this] { return m_fixture->now(); });
    QSignalSpy finished(&purge, &MailPurge::finished);
    purge.setRules(rules);
    QVERIFY(finished.wait(60'000));
}

void TestMailPurge::offByItself()
{
    append("Trash", "one");
    pass(1000 * Day);
    MailPurge purge(m_fixture->storage(), [this] { return m_fixture->now(); });
    QSignalSpy finished(&purge, &MailPurge::finished);
    purge.setRules({{SpecialUse::Trash, 0}, {SpecialUse::Junk, 0}});
    awaitBackground(m_fixture->storage());
    QCOMPARE(finished.size(), 0);
    QCOMPARE(count("Trash"), 1);
}

void TestMailPurge::byTheTimeItCameThere()
{
    // Old, and only just thrown away.
    VERIFY_OK(mail().append("INBOX", "old", {}, {1'000'000'000, 0}));
    append("Trash", "first");
    pass(20 * Day);
    VERIFY_OK(mail().move("INBOX", AllUids, "Trash"));
    pass(9 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(count("Trash"), 2);
    pass(1 * Day);
    QTest::ignoreMessage(QtInfoMsg, "purged 1 messages from Trash of anna: older there than 30d");
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(*mail().uids("Trash"), QList<Uid>{Uid(2)});
    pass(20 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(count("Trash"), 0);
}

void TestMailPurge::eachByItsOwnRule()
{
    for (const char *mailbox : {"INBOX", "Trash", "Junk", "Archive", "Sent", "Drafts"}) {
        append(mailbox, mailbox);
    }
    pass(10 * Day);
    run({{SpecialUse::Trash, 30 * Day}, {SpecialUse::Junk, 7 * Day}});
    QCOMPARE(count("Junk"), 0);
    QCOMPARE(count("Trash"), 1);
    pass(1000 * Day);
    run({{SpecialUse::Trash, 30 * Day}, {SpecialUse::Junk, 0}});
    QCOMPARE(count("Trash"), 0);
    for (const char *mailbox : {"INBOX", "Archive", "Sent", "Drafts"}) {
        QCOMPARE(count(mailbox), 1);
    }
}

// A folder that a person throws away is as old as it was.
void TestMailPurge::onlyTheMailboxItself()
{
    VERIFY_OK(mail().create("Letters"));
    append("Letters", "dear");
    pass(1000 * Day);
    VERIFY_OK(mail().rename("Letters", "Trash/Letters"));
    append("Trash", "new");
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(count("Trash/Letters"), 1);
    QCOMPARE(count("Trash"), 1);
}

void TestMailPurge::theUseCounts()
{
    VERIFY_OK(mail().rename("Trash", "Papierkorb"));
    VERIFY_OK(mail().create("Trash"));
    append("Papierkorb", "one");
    append("Trash", "two");
    pass(31 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(count("Papierkorb"), 0);
    QCOMPARE(count("Trash"), 1);

    // One that has lost its use since it was looked at.
    append("Papierkorb", "three");
    const OldMail old{mail().info("Papierkorb")->id, {}, SpecialUse::Junk, {Uid(2)}};
    const auto purged =
        await(mail().store().write([old](WriteTxn &txn) { return purgeOldMail(txn, old); }));
    VERIFY_OK(purged);
    QCOMPARE(*purged, 0);
    QCOMPARE(count("Papierkorb"), 1);
}

void TestMailPurge::aLostClock()
{
    const auto right = m_fixture->now();
    m_fixture->setNow(5); // 1970
    append("Trash", "one");
    run({{SpecialUse::Trash, 30 * Day}});
    m_fixture->setNow(right);
    append("Trash", "two");
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(count("Trash"), 2);
    m_fixture->setNow(right + 31 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(*mail().uids("Trash"), QList<Uid>{Uid(1)});
}

void TestMailPurge::inSlices()
{
    const auto message = newMessage(mail().store(), "x");
    VERIFY_OK(message);
    VERIFY_OK(await(mail().store().write([message = *message](WriteTxn &txn) -> Result<void> {
        const auto trash = txn.mailbox(MailboxName("Trash"));
        for (int i = 0; i < 1001; ++i) {
            if (auto appended = txn.append(trash->id, message); !appended) {
                return appended.error();
            }
        }
        return {};
    })));
    pass(31 * Day);
    append("Trash", "new");
    QTest::ignoreMessage(QtInfoMsg,
                         "purged 1001 messages from Trash of anna: older there than 30d");
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(*mail().uids("Trash"), QList<Uid>{Uid(1002)});
    const auto info = mail().info("Trash");
    QCOMPARE(info->messages, 1U);
    QCOMPARE(info->deleted, 0U);
}

void TestMailPurge::everyAccount()
{
    append("Trash", "one");
    {
        const auto bob = m_fixture->account(u"bob"_s);
        VERIFY_OK(bob);
        VERIFY_OK(bob->append("Trash", "two"));
        const auto eve = m_fixture->account(u"eve"_s);
        VERIFY_OK(eve);
        VERIFY_OK(eve->append("Trash", "three"));
    }
    VERIFY_OK(await(m_fixture->storage().removeAccount(u"bob"_s, false)));
    pass(31 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(count("Trash"), 0);
    QCOMPARE(m_fixture->account(u"eve"_s)->uids("Trash")->size(), 0);
    // The mail of a removed account is kept as it is.
    VERIFY_OK(await(m_fixture->storage().addAccount(u"bob"_s, credentials())));
    QCOMPARE(m_fixture->account(u"bob"_s)->uids("Trash")->size(), 1);
}

void TestMailPurge::staysForUndelete()
{
    append("Trash", "one");
    pass(31 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    const auto trash = mail().info("Trash")->id;
    VERIFY_OK(await(mail().store().write(
        [trash](WriteTxn &txn) { return txn.bringBack(trash, AllUids, trash); })));
    // What came back is new there.
    pass(29 * Day);
    run({{SpecialUse::Trash, 30 * Day}});
    QCOMPARE(*mail().bytes("Trash", Uid(2)), QByteArray("one"));
    QVERIFY(!mail().row("Trash", Uid(2))->flags.system.testFlag(SystemFlag::Deleted));
}

QTEST_GUILESS_MAIN(TestMailPurge)
#include "tst_mailpurge.moc"
