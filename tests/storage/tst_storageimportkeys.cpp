#include "tests/storage/storagetest.h"

using namespace Postnook;
using namespace Postnook::Test;

// The contract of store.h: no import key is stored twice, whatever becomes of its message.
class TestStorageImportKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void knownKeyStoresNothing();
    void knownInAnotherMailbox();
    void equalMessagesWithDifferentKeys();
    void keyWithinOneJob();
    void failedJobLeavesNoKey();
    void keyOutlivesItsMessage_data();
    void keyOutlivesItsMessage();
    void keysOfAccountsAreApart();
    void keyOfWrongLengthIsRefused();
    void missingMailboxComesFirst();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    Result<AppendResult> append(const QByteArray &mailbox, const QByteArray &key) const;
    QByteArrayList known(const QByteArrayList &keys) const;

    std::unique_ptr<StorageFixture> m_fixture;
};

namespace
{

QByteArray key(char fill)
{
    return QByteArray(32, fill);
}

Result<NewMessage> messageWithKey(const Mail &mail, const QByteArray &importKey)
{
    return newMessage(mail.store(), "text").transform([&importKey](NewMessage message) {
        message.importKey = importKey;
        return message;
    });
}

} // namespace

void TestStorageImportKeys::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestStorageImportKeys::cleanup()
{
    m_fixture.reset();
}

Result<AppendResult> TestStorageImportKeys::append(const QByteArray &mailbox,
                                                   const QByteArray &importKey) const
{
    const auto message = messageWithKey(mail(), importKey);
    if (!message) {
        return message.error();
    }
    return await(mail().store().write([=, given = *message](WriteTxn &txn) {
        return txn.mailbox(MailboxName(mailbox)).and_then([&](const MailboxInfo &info) {
            return txn.append(info.id, given);
        });
    }));
}

QByteArrayList TestStorageImportKeys::known(const QByteArrayList &keys) const
{
    return await(mail().store().read([keys](ReadTxn &txn) { return txn.knownImportKeys(keys); }))
        .value_or(QByteArrayList{"failed"});
}

void TestStorageImportKeys::knownKeyStoresNothing()
{
    QCOMPARE(known({key('a'), key('b')}), QByteArrayList());
    const auto first = append("INBOX", key('a'));
    VERIFY_OK(first);
    QVERIFY(!first->isKnown);
    const auto before = mail().info("INBOX");

    const auto again = append("INBOX", key('a'));
    VERIFY_OK(again);
    QVERIFY(again->isKnown);
    QCOMPARE(again->uid, Uid(0));
    QCOMPARE(again->uidValidity, first->uidValidity);
    QCOMPARE(*mail().info("INBOX"), *before); // no UID and no MODSEQ was used up
    QCOMPARE(known({key('b'), key('a')}), QByteArrayList{key('a')});
}

void TestStorageImportKeys::knownInAnotherMailbox()
{
    VERIFY_OK(append("INBOX", key('a')));
    QVERIFY(append("Sent", key('a'))->isKnown);
    QCOMPARE(mail().info("Sent")->messages, 0U);
}

void TestStorageImportKeys::equalMessagesWithDifferentKeys()
{
    VERIFY_OK(append("INBOX", key('a')));
    VERIFY_OK(append("INBOX", key('b')));
    VERIFY_OK(append("INBOX", {}));
    VERIFY_OK(append("INBOX", {}));
    QCOMPARE(mail().info("INBOX")->messages, 4U);
    QCOMPARE(known({key('b'), key('c'), key('a')}), QByteArrayList({key('b'), key('a')}));
}

void TestStorageImportKeys::keyWithinOneJob()
{
    const auto message = messageWithKey(mail(), key('a'));
    VERIFY_OK(message);
    const auto done = await(mail().store().write([given = *message](WriteTxn &txn) -> Result<bool> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        const auto before = txn.knownImportKeys({given.importKey});
        const auto first = txn.append(inbox, given);
        const auto second = txn.append(inbox, given);
        const auto after = txn.knownImportKeys({given.importKey});
        return before && before->isEmpty() && first && !first->isKnown && second && second->isKnown
            && after && after->size() == 1;
    }));
    VERIFY_OK(done);
    QVERIFY(*done);
    QCOMPARE(mail().info("INBOX")->messages, 1U);
}

void TestStorageImportKeys::failedJobLeavesNoKey()
{
    const auto message = messageWithKey(mail(), key('a'));
    VERIFY_OK(message);
    VERIFY_ERROR(await(mail().store().write([given = *message](WriteTxn &txn) -> Result<void> {
                     const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
                     return txn.append(inbox, given).and_then([](const AppendResult &) {
                         return Result<void>(Error{ErrorCode::Limit, {}});
                     });
                 })),
                 ErrorCode::Limit);
    QCOMPARE(known({key('a')}), QByteArrayList());
    QVERIFY(!append("INBOX", key('a'))->isKnown);
}

void TestStorageImportKeys::keyOutlivesItsMessage_data()
{
    QTest::addColumn<QByteArray>("fate");
    for (const auto *fate : {"kept", "moved", "expunged", "forgotten", "mailbox deleted"}) {
        QTest::newRow(fate) << QByteArray(fate);
    }
}

void TestStorageImportKeys::keyOutlivesItsMessage()
{
    QFETCH(QByteArray, fate);
    VERIFY_OK(mail().create("Old"));
    const auto stored = append("Old", key('a'));
    VERIFY_OK(stored);
    if (fate == "moved") {
        VERIFY_OK(mail().move("Old", only({1}), "INBOX"));
    } else if (fate == "expunged" || fate == "forgotten") {
        VERIFY_OK(mail().storeFlags("Old", AllUids, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
        VERIFY_OK(mail().expunge("Old"));
    } else if (fate == "mailbox deleted") {
        VERIFY_OK(mail().remove("Old"));
    }
    if (fate == "forgotten") {
        constexpr qint64 TenYears = 10LL * 366 * 24 * 3600;
        m_fixture->setNow(m_fixture->now() + TenYears);
        VERIFY_OK(m_fixture->clean());
    }
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(known({key('a')}), QByteArrayList{key('a')});
    QVERIFY(append("INBOX", key('a'))->isKnown);
}

void TestStorageImportKeys::keysOfAccountsAreApart()
{
    VERIFY_OK(append("INBOX", key('a')));
    const auto other = m_fixture->account(QStringLiteral("otto"));
    VERIFY_OK(other);
    const auto found =
        await(other->store().read([](ReadTxn &txn) { return txn.knownImportKeys({key('a')}); }));
    VERIFY_OK(found);
    QCOMPARE(*found, QByteArrayList());
}

void TestStorageImportKeys::keyOfWrongLengthIsRefused()
{
    QVERIFY(!append("INBOX", "short"));
    QCOMPARE(mail().info("INBOX")->messages, 0U);
}

void TestStorageImportKeys::missingMailboxComesFirst()
{
    VERIFY_ERROR(append("Nowhere", key('a')), ErrorCode::NotFound);
    QCOMPARE(known({key('a')}), QByteArrayList());
}

QTEST_GUILESS_MAIN(TestStorageImportKeys)
#include "tst_storageimportkeys.moc"
