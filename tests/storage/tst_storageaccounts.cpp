#include "tests/storage/storagetest.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

using namespace Postnook;
using namespace Postnook::Test;

// The contract of store.h: accounts, their credentials and what becomes of their mail.
class TestStorageAccounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void recordComesBack();
    void listedByName();
    void namesWithoutCase_data();
    void namesWithoutCase();
    void unknownIsNotFound();
    void changedCredentials();
    void removedKeepsItsMail();
    void purgedIsGone();
    void purgeOfTheRemoved();
    void purgeWaitsForTheJobs();
    void accountsAreApart();
    void storeIsOneWhileHeld();
    void serverSecretStays();
    void clockAndOptionsAreOptional();
    void openWhereNothingCanBe();

private:
    Storage &storage() const { return m_fixture->storage(); }
    auto add(const QString &name, char fill = 'k') const
    {
        return await(storage().addAccount(name, credentials(fill)));
    }
    auto find(const QString &name) const { return await(storage().account(name)); }

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageAccounts::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open()); // has "anna"
}

void TestStorageAccounts::cleanup()
{
    m_fixture.reset();
}

void TestStorageAccounts::recordComesBack()
{
    const ScramCredentials given{
        QByteArray("sa\0lt", 5), 12345, randomBytes(32, 1), randomBytes(32, 2)};
    const auto added = await(storage().addAccount(QStringLiteral("Bert"), given));
    VERIFY_OK(added);
    QVERIFY(!added->removed);
    VERIFY_OK(m_fixture->reopen());
    const auto found = find(QStringLiteral("Bert"));
    VERIFY_OK(found);
    QCOMPARE(found->id, added->id);
    QCOMPARE(found->name, QStringLiteral("Bert"));
    QVERIFY(found->credentials == given);
    QVERIFY(!found->removed);
}

void TestStorageAccounts::listedByName()
{
    for (const auto *name : {"zoe", "carl", "Bert"}) {
        VERIFY_OK(add(QString::fromLatin1(name)));
    }
    const auto accounts = await(storage().accounts());
    VERIFY_OK(accounts);
    QStringList names;
    for (const auto &account : *accounts) {
        names.append(account.name);
    }
    QCOMPARE(names,
             QStringList({QStringLiteral("anna"),
                          QStringLiteral("Bert"),
                          QStringLiteral("carl"),
                          QStringLiteral("zoe")}));
}

void TestStorageAccounts::namesWithoutCase_data()
{
    QTest::addColumn<QString>("added");
    QTest::addColumn<QString>("asked");
    QTest::addRow("ascii") << QStringLiteral("Bert@Example.ORG")
                           << QStringLiteral("bert@example.org");
    QTest::addRow("umlaut") << QStringLiteral("M\u00fcller") << QStringLiteral("M\u00dcLLER");
    QTest::addRow("decomposed") << QStringLiteral("m\u00fcller") << QStringLiteral("mu\u0308ller");
    QTest::addRow("decomposed capital")
        << QStringLiteral("m\u00fcller") << QStringLiteral("MU\u0308LLER");
    QTest::addRow("greek") << QStringLiteral("\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2")
                           << QStringLiteral("\u03c3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2");
    QTest::addRow("final sigma folds")
        << QStringLiteral("\u03bf\u03c2") << QStringLiteral("\u039f\u03a3");
}

void TestStorageAccounts::namesWithoutCase()
{
    QFETCH(QString, added);
    QFETCH(QString, asked);
    const auto record = add(added);
    VERIFY_OK(record);
    const auto found = find(asked);
    VERIFY_OK(found);
    QCOMPARE(found->id, record->id);
    QCOMPARE(found->name, added); // as given when it was added
    VERIFY_ERROR(add(asked), ErrorCode::AlreadyExists);
}

void TestStorageAccounts::unknownIsNotFound()
{
    const auto nobody = QStringLiteral("nobody");
    VERIFY_ERROR(find(nobody), ErrorCode::NotFound);
    VERIFY_ERROR(await(storage().setCredentials(nobody, credentials())), ErrorCode::NotFound);
    VERIFY_ERROR(await(storage().removeAccount(nobody, false)), ErrorCode::NotFound);
    VERIFY_ERROR(await(storage().removeAccount(nobody, true)), ErrorCode::NotFound);
    VERIFY_ERROR(await(storage().mailStore(AccountId(99))), ErrorCode::NotFound);
    VERIFY_ERROR(find(QStringLiteral("ann")), ErrorCode::NotFound);
    VERIFY_ERROR(find(QString()), ErrorCode::NotFound);
}

void TestStorageAccounts::changedCredentials()
{
    const auto changed = await(storage().setCredentials(QStringLiteral("ANNA"), credentials('x')));
    VERIFY_OK(changed);
    QVERIFY(changed->credentials == credentials('x'));
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(find(QStringLiteral("anna"))->credentials == credentials('x'));
}

void TestStorageAccounts::removedKeepsItsMail()
{
    const auto anna = QStringLiteral("anna");
    const auto before = find(anna);
    VERIFY_OK(m_fixture->mail().append("INBOX", "kept"));
    const auto removed = await(storage().removeAccount(QStringLiteral("Anna"), false));
    VERIFY_OK(removed);
    QVERIFY(removed->removed);
    QCOMPARE(removed->id, before->id);
    QVERIFY(find(anna)->removed);

    const auto again = add(QStringLiteral("ANNA"), 'n');
    VERIFY_OK(again);
    QCOMPARE(again->id, before->id);
    QVERIFY(!again->removed);
    QVERIFY(again->credentials == credentials('n'));
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(!find(anna)->removed);
    QCOMPARE(*m_fixture->mail().bytes("INBOX", Uid(1)), QByteArray("kept"));
}

void TestStorageAccounts::purgedIsGone()
{
    const auto bert = QStringLiteral("bert");
    auto mail = m_fixture->account(bert);
    VERIFY_OK(mail);
    const auto before = find(bert);
    VERIFY_OK(mail->append("INBOX", "small"));
    VERIFY_OK(mail->append("INBOX", randomBytes(100000, 1)));
    mail->reset();
    VERIFY_OK(await(storage().removeAccount(bert, true)));
    VERIFY_ERROR(find(bert), ErrorCode::NotFound);
    VERIFY_ERROR(await(storage().mailStore(before->id)), ErrorCode::NotFound);

    const auto fresh = m_fixture->account(bert);
    VERIFY_OK(fresh);
    QVERIFY(find(bert)->id != before->id);
    QCOMPARE(fresh->info("INBOX")->messages, 0U);
}

void TestStorageAccounts::purgeOfTheRemoved()
{
    const auto bert = QStringLiteral("bert");
    VERIFY_OK(m_fixture->account(bert));
    VERIFY_OK(await(storage().removeAccount(bert, false)));
    VERIFY_OK(await(storage().removeAccount(bert, true)));
    VERIFY_ERROR(find(bert), ErrorCode::NotFound);
}

// What was queued ends one way or the other before the mail is deleted; nothing hangs or crashes.
void TestStorageAccounts::purgeWaitsForTheJobs()
{
    const auto bert = QStringLiteral("bert");
    const int before = m_fixture->fileCount();
    auto mail = m_fixture->account(bert);
    VERIFY_OK(mail);
    const auto message = newMessage(mail->store(), randomBytes(100000, 2));
    VERIFY_OK(message);
    QList<QFuture<Result<AppendResult>>> writes;
    for (int i = 0; i < 20; ++i) {
        writes.append(mail->store().write([given = *message](WriteTxn &txn) {
            return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
        }));
    }
    const auto read = mail->store().read([](ReadTxn &txn) { return txn.mailboxes(); });
    const auto removed = storage().removeAccount(bert, true);
    for (const auto &write : writes) {
        const auto result = await(write);
        QVERIFY(result || result.error().code == ErrorCode::Unavailable
                || result.error().code == ErrorCode::NotFound);
    }
    const auto listed = await(read);
    QVERIFY(listed || listed.error().code != ErrorCode::Internal);
    mail->reset();
    VERIFY_OK(await(removed));
    VERIFY_ERROR(find(bert), ErrorCode::NotFound);
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(m_fixture->fileCount() <= before);
}

void TestStorageAccounts::accountsAreApart()
{
    const auto bert = m_fixture->account(QStringLiteral("bert"));
    VERIFY_OK(bert);
    VERIFY_OK(m_fixture->mail().append("INBOX", "for anna"));
    VERIFY_OK(m_fixture->mail().create("Work"));
    QCOMPARE(bert->info("INBOX")->messages, 0U);
    VERIFY_ERROR(bert->info("Work"), ErrorCode::NotFound);
    VERIFY_OK(bert->append("INBOX", "for bert"));
    QCOMPARE(*bert->bytes("INBOX", Uid(1)), QByteArray("for bert"));
    QCOMPARE(*m_fixture->mail().bytes("INBOX", Uid(1)), QByteArray("for anna"));
}

void TestStorageAccounts::storeIsOneWhileHeld()
{
    const auto id = find(QStringLiteral("anna"))->id;
    const auto first = storage().mailStore(id); // both before either is there
    const auto second = storage().mailStore(id);
    const auto a = await(first);
    const auto b = await(second);
    VERIFY_OK(a);
    VERIFY_OK(b);
    QCOMPARE(a->get(), b->get());
    QCOMPARE(a->get(), &m_fixture->mail().store());

    // Let go while a write is under way, ask again: the write is there.
    auto bert = m_fixture->account(QStringLiteral("bert"));
    VERIFY_OK(bert);
    const auto message = newMessage(bert->store(), "text");
    const auto write = bert->store().write([given = *message](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
    });
    bert->reset();
    VERIFY_OK(await(write));
    const auto again = m_fixture->account(QStringLiteral("bert"));
    VERIFY_OK(again);
    QCOMPARE(again->info("INBOX")->messages, 1U);
}

void TestStorageAccounts::serverSecretStays()
{
    const auto secret = storage().serverSecret();
    QCOMPARE(secret.size(), 32);
    QVERIFY(secret != QByteArray(32, '\0'));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(storage().serverSecret(), secret);
    StorageFixture other;
    VERIFY_OK(other.open());
    QVERIFY(other.storage().serverSecret() != secret);
}

void TestStorageAccounts::clockAndOptionsAreOptional()
{
    const auto before = QDateTime::currentSecsSinceEpoch();
    StorageFixture plain;
    plain.options() = {};
    VERIFY_OK(plain.open());
    VERIFY_OK(plain.mail().append("INBOX", randomBytes(100000, 1)));
    const auto row = plain.mail().row("INBOX", Uid(1));
    VERIFY_OK(row);
    QVERIFY(row->saveDateUtc >= before);
    QVERIFY(row->saveDateUtc <= QDateTime::currentSecsSinceEpoch());
}

void TestStorageAccounts::openWhereNothingCanBe()
{
    const QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("file"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto opened = openEngine(path + QStringLiteral("/data"), {});
    QVERIFY(!opened);
    QVERIFY2(opened.error().text.contains(QDir::toNativeSeparators(path)),
             qPrintable(opened.error().text));
}

QTEST_GUILESS_MAIN(TestStorageAccounts)
#include "tst_storageaccounts.moc"
