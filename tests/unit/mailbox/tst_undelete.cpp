#include "core/mailbox/undelete.h"
#include "core/mime/messagescanner.h"
#include "tests/storage/storagetest.h"

using namespace Postnook;
using namespace Postnook::Test;
using namespace Qt::StringLiterals;

// What a person is shown of removed messages, and where they come back.
class TestUndelete : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void senderAndSubject_data();
    void senderAndSubject();
    void search();
    void pages();
    void toTheMailboxThatWasRenamed();
    void toAMailboxThatIsMade();
    void toANamedOne();
    void theUseOfADeletedMailbox();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    void appendAndDrop(const char *mailbox, const QByteArray &message);
    RemovedPage find(const QString &text = {}, const RemovedQuery &query = {});
    Result<Restored> restore(const Restoration &restoration);
    Restoration restorationOf(const RemovedMessage &message);

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestUndelete::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestUndelete::cleanup()
{
    m_fixture.reset();
}

void TestUndelete::appendAndDrop(const char *mailbox, const QByteArray &message)
{
    auto added = newMessage(mail().store(), message, flagsOf(SystemFlag::Deleted));
    VERIFY_OK(added);
    added->meta = Mime::scanMessage(message);
    VERIFY_OK(await(mail().store().write(
        [name = MailboxName(mailbox), added = *added](WriteTxn &txn) -> Result<QList<Uid>> {
            const auto id = txn.mailbox(name)->id;
            const auto appended = txn.append(id, added);
            return appended ? txn.expunge(id, AllUids) : appended.error();
        })));
}

RemovedPage TestUndelete::find(const QString &text, const RemovedQuery &query)
{
    const auto page =
        await(mail().store().read([=](ReadTxn &txn) { return findRemoved(txn, query, text); }));
    return page ? *page : RemovedPage();
}

Result<Restored> TestUndelete::restore(const Restoration &restoration)
{
    return await(mail().store().write(
        [restoration](WriteTxn &txn) { return restoreRemoved(txn, restoration); }));
}

Restoration TestUndelete::restorationOf(const RemovedMessage &message)
{
    return {message.mailbox, {message.uid}, message.mailboxName, false, message.mailboxUse};
}

void TestUndelete::senderAndSubject_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("subject");
    QTest::newRow("plain") << QByteArray("From: Ann <ann@example.org>\r\nSubject: Lunch\r\n")
                           << u"Ann <ann@example.org>"_s << u"Lunch"_s;
    QTest::newRow("encoded") << QByteArray(
        "From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>, b@example.org\r\n"
        "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n")
                             << u"Jürgen <j@example.org>"_s << u"Grüße"_s;
    QTest::newRow("address alone")
        << QByteArray("From: ann@example.org\r\n") << u"ann@example.org"_s << QString();
    QTest::newRow("nothing") << QByteArray("X-A: b\r\n") << QString() << QString();
}

void TestUndelete::senderAndSubject()
{
    QFETCH(const QByteArray, header);
    appendAndDrop("INBOX", header + "\r\ntext");
    const auto page = find();
    QCOMPARE(page.entries.size(), 1);
    QTEST(page.entries.first().from, "from");
    QTEST(page.entries.first().subject, "subject");
    QVERIFY(page.isLast);
}

void TestUndelete::search()
{
    appendAndDrop("INBOX", "From: Ann <a@x.org>\r\nSubject: Caf\xc3\xa9\r\n\r\none");
    appendAndDrop("INBOX", "From: Bob <b@x.org>\r\nSubject: Lunch with Ann\r\n\r\nannex");
    appendAndDrop("INBOX", "From: Eve <e@x.org>\r\nSubject: none\r\n\r\nann");
    QCOMPARE(find(u"ANN"_s).entries.size(), 2);
    QCOMPARE(find(u"cafe"_s).entries.size(), 1);
    QCOMPARE(find(u"b@x"_s).entries.size(), 1);
    QCOMPARE(find(u"annex"_s).entries.size(), 0);
    QCOMPARE(find().entries.size(), 3);
}

void TestUndelete::pages()
{
    constexpr qsizetype Count = 1100;
    const auto message = newMessage(mail().store(), "x", flagsOf(SystemFlag::Deleted));
    VERIFY_OK(message);
    VERIFY_OK(await(mail().store().write([message = *message](WriteTxn &txn) -> Result<QList<Uid>> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        for (qsizetype i = 0; i < Count; ++i) {
            if (auto appended = txn.append(inbox, message); !appended) {
                return appended.error();
            }
        }
        return txn.expunge(inbox, AllUids);
    })));
    auto page = find();
    QList<Uid> uids;
    int pages = 1;
    for (;; ++pages) {
        for (const auto &entry : std::as_const(page.entries)) {
            uids.append(entry.message.uid);
        }
        if (page.isLast) {
            break;
        }
        page = find({}, page.next);
    }
    QCOMPARE(uids.size(), Count);
    QCOMPARE(uids.first(), Uid(Count));
    QCOMPARE(uids.last(), Uid(1));
    QVERIFY(pages > 1);
}

void TestUndelete::toTheMailboxThatWasRenamed()
{
    VERIFY_OK(mail().create("Old"));
    appendAndDrop("Old", "Subject: one\r\n\r\n");
    const auto before = find().entries.first().message;
    VERIFY_OK(mail().rename("Old", "New"));
    VERIFY_OK(mail().create("Old"));
    const auto restored = restore(restorationOf(before));
    VERIFY_OK(restored);
    QCOMPARE(restored->mailbox, MailboxName("New"));
    QCOMPARE(restored->messages, 1);
    QCOMPARE(mail().uids("New")->size(), 1);
}

void TestUndelete::toAMailboxThatIsMade()
{
    VERIFY_OK(mail().create("A/B"));
    appendAndDrop("A/B", "Subject: one\r\n\r\n");
    VERIFY_OK(mail().remove("A/B"));
    VERIFY_OK(mail().remove("A"));
    const auto message = find().entries.first().message;
    const auto restored = restore(restorationOf(message));
    VERIFY_OK(restored);
    QCOMPARE(restored->mailbox, MailboxName("A/B"));
    QVERIFY(mail().subscriptions()->contains("A/B"));
    // Again there is nothing to do.
    QCOMPARE(restore(restorationOf(message))->messages, 0);
    QCOMPARE(mail().uids("A/B")->size(), 1);
}

void TestUndelete::toANamedOne()
{
    appendAndDrop("INBOX", "Subject: one\r\n\r\n");
    auto restoration = restorationOf(find().entries.first().message);
    restoration.name = MailboxName("Found");
    restoration.isMoving = true;
    QCOMPARE(restore(restoration)->mailbox, MailboxName("Found"));
    QCOMPARE(mail().uids("INBOX")->size(), 0);
    QCOMPARE(mail().uids("Found")->size(), 1);
    QVERIFY(mail().subscriptions()->contains("Found"));
}

void TestUndelete::theUseOfADeletedMailbox()
{
    appendAndDrop("Sent", "Subject: one\r\n\r\n");
    appendAndDrop("Junk", "Subject: two\r\n\r\n");
    VERIFY_OK(mail().remove("Sent"));
    VERIFY_OK(mail().remove("Junk"));
    VERIFY_OK(mail().create("Spam", SpecialUse::Junk));
    const auto page = find();
    for (const auto &entry : page.entries) {
        VERIFY_OK(restore(restorationOf(entry.message)));
    }
    QVERIFY(mail().info("Sent")->specialUse == SpecialUse::Sent);
    QVERIFY(mail().info("Junk")->specialUse == SpecialUse::None);
    QVERIFY(mail().info("Spam")->specialUse == SpecialUse::Junk);
}

QTEST_GUILESS_MAIN(TestUndelete)
#include "tst_undelete.moc"
