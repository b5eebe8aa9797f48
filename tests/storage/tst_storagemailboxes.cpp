#include "tests/storage/storagetest.h"

using namespace Postnook;
using namespace Postnook::Test;

// The contract of store.h: mailboxes, their names, UIDVALIDITY and subscriptions.
class TestStorageMailboxes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void freshAccountHasTheUsualMailboxes();
    void listIsAscendingByBytes();
    void createMakesParents();
    void createRefusesWhatExists();
    void createKeepsSpecialUse();
    void createdMailboxIsEmpty();
    void findByNameAndId();
    void nothingUnderAnUnknownName();
    void deleteKeepsChildren();
    void deleteOfTheUnknownIsNotFound();
    void deletedMailboxIsGoneAndItsIdNeverComesBack();
    void uidValidityOnlyGrows_data();
    void uidValidityOnlyGrows();
    void renameKeepsWhatIsInside();
    void renameMovesChildrenAlong();
    void renameMakesParents();
    void renameOfALevelMovesItsChildren();
    void renameRefuses_data();
    void renameRefuses();
    void renameIntoItself();
    void renameOfInboxMovesItsMessages();
    void renameLeavesLikeNamesAlone();
    void renameNamesTheChildThatExists();
    void renameLeavesSubscriptionsThatDoNotFit();
    void subscriptionsAreTheirOwn();
    void subscriptionLimit();
    void recentFloorOnlyRises();
    void unusualNames_data();
    void unusualNames();

private:
    const Mail &mail() const { return m_fixture->mail(); }

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageMailboxes::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestStorageMailboxes::cleanup()
{
    m_fixture.reset();
}

void TestStorageMailboxes::freshAccountHasTheUsualMailboxes()
{
    const auto listed = await(mail().store().read([](ReadTxn &txn) { return txn.mailboxes(); }));
    VERIFY_OK(listed);
    QMap<QByteArray, SpecialUse> uses;
    for (const auto &mailbox : *listed) {
        QVERIFY2(mailbox.subscribed, mailbox.info.name.utf8.constData());
        QCOMPARE(mailbox.info.messages, 0U);
        uses.insert(mailbox.info.name.utf8, mailbox.info.specialUse);
    }
    const QMap<QByteArray, SpecialUse> expected = {
        {"INBOX", SpecialUse::None},
        {"Archive", SpecialUse::Archive},
        {"Drafts", SpecialUse::Drafts},
        {"Junk", SpecialUse::Junk},
        {"Sent", SpecialUse::Sent},
        {"Trash", SpecialUse::Trash},
    };
    QCOMPARE(uses.keys(), expected.keys());
    QVERIFY(uses == expected);
    QCOMPARE(*mail().subscriptions(), expected.keys());
}

void TestStorageMailboxes::listIsAscendingByBytes()
{
    for (const char *name : {"b", "a", "a/z", "a b", "a-b", "\xc3\xa4", "Z", "a/a"}) {
        VERIFY_OK(mail().create(name));
    }
    const auto names = mail().names();
    VERIFY_OK(names);
    auto sorted = *names;
    std::sort(sorted.begin(), sorted.end());
    QCOMPARE(*names, sorted);
    QCOMPARE(names->size(), 6 + 8);
}

void TestStorageMailboxes::createMakesParents()
{
    VERIFY_OK(mail().create("a/b/c"));
    VERIFY_OK(mail().info("a"));
    VERIFY_OK(mail().info("a/b"));
    VERIFY_ERROR(mail().create("a/b"), ErrorCode::AlreadyExists);
    // Subscribing is a call of its own.
    const auto subscriptions = mail().subscriptions();
    VERIFY_OK(subscriptions);
    for (const char *name : {"a", "a/b", "a/b/c"}) {
        QVERIFY(!subscriptions->contains(name));
    }
}

void TestStorageMailboxes::createRefusesWhatExists()
{
    const auto before = mail().create("Work");
    VERIFY_OK(before);
    VERIFY_ERROR(mail().create("Work"), ErrorCode::AlreadyExists);
    VERIFY_ERROR(mail().create("INBOX"), ErrorCode::AlreadyExists);
    const auto after = mail().info("Work");
    VERIFY_OK(after);
    QVERIFY(*after == *before);
    VERIFY_OK(mail().create("work")); // names other than INBOX are compared by bytes
}

void TestStorageMailboxes::createKeepsSpecialUse()
{
    VERIFY_OK(mail().create("Important", SpecialUse::Important));
    VERIFY_OK(m_fixture->reopen());
    const auto info = mail().info("Important");
    VERIFY_OK(info);
    QCOMPARE(int(info->specialUse), int(SpecialUse::Important));
}

void TestStorageMailboxes::createdMailboxIsEmpty()
{
    const auto created = mail().create("New");
    VERIFY_OK(created);
    QCOMPARE(created->name.utf8, QByteArray("New"));
    QCOMPARE(created->uidNext.value, 1U);
    QVERIFY(created->uidValidity.value > 0);
    QVERIFY(created->highestModSeq.value >= 1); // RFC 7162 3.1.2.1: never 0
    QCOMPARE(created->messages, 0U);
    QCOMPARE(created->sizeBytes, quint64(0));
    const auto info = mail().info("New");
    VERIFY_OK(info);
    QVERIFY(*info == *created);
    QVERIFY(mail().uids("New")->isEmpty());
    QVERIFY(mail().keywords("New")->isEmpty());
    const auto changes = mail().changes("New");
    VERIFY_OK(changes);
    QVERIFY(changes->complete);
    QVERIFY(changes->changed.isEmpty());
    QVERIFY(changes->expunged.isEmpty());
}

void TestStorageMailboxes::findByNameAndId()
{
    const auto created = mail().create("Work");
    VERIFY_OK(created);
    const auto byId =
        await(mail().store().read([id = created->id](ReadTxn &txn) { return txn.mailbox(id); }));
    VERIFY_OK(byId);
    QVERIFY(*byId == *created);
}

void TestStorageMailboxes::nothingUnderAnUnknownName()
{
    VERIFY_ERROR(mail().info("None"), ErrorCode::NotFound);
    const MailboxId unknown(4'000'000);
    auto &store = mail().store();
    VERIFY_ERROR(await(store.read([=](ReadTxn &txn) { return txn.mailbox(unknown); })),
                 ErrorCode::NotFound);
    VERIFY_ERROR(
        await(store.read([=](ReadTxn &txn) { return txn.changesSince(unknown, ModSeq(0)); })),
        ErrorCode::NotFound);
}

void TestStorageMailboxes::deleteKeepsChildren()
{
    VERIFY_OK(mail().create("a/b"));
    const auto child = mail().append("a/b", "in the child");
    VERIFY_OK(child);
    VERIFY_OK(mail().append("a", "in the parent"));
    VERIFY_OK(mail().remove("a"));
    VERIFY_ERROR(mail().info("a"), ErrorCode::NotFound);
    QCOMPARE(*mail().bytes("a/b", child->uid), QByteArray("in the child"));

    VERIFY_OK(mail().create("a"));
    QCOMPARE(*mail().uids("a"), QList<Uid>());
}

void TestStorageMailboxes::deleteOfTheUnknownIsNotFound()
{
    VERIFY_ERROR(mail().remove("None"), ErrorCode::NotFound);
    VERIFY_OK(mail().create("Twice"));
    VERIFY_OK(mail().remove("Twice"));
    VERIFY_ERROR(mail().remove("Twice"), ErrorCode::NotFound);
}

void TestStorageMailboxes::deletedMailboxIsGoneAndItsIdNeverComesBack()
{
    const auto first = mail().create("Again");
    VERIFY_OK(first);
    VERIFY_OK(mail().append("Again", "old"));
    VERIFY_OK(mail().remove("Again"));
    const auto id = first->id;
    auto &store = mail().store();
    VERIFY_ERROR(await(store.read([=](ReadTxn &txn) { return txn.mailbox(id); })),
                 ErrorCode::NotFound);
    VERIFY_ERROR(await(store.read([=](ReadTxn &txn) { return txn.changesSince(id, ModSeq(0)); })),
                 ErrorCode::NotFound);

    VERIFY_OK(m_fixture->reopen());
    const auto second = mail().create("Again");
    VERIFY_OK(second);
    QVERIFY(second->id != id);
    QVERIFY(second->uidValidity > first->uidValidity);
    QCOMPARE(second->messages, 0U);
}

void TestStorageMailboxes::uidValidityOnlyGrows_data()
{
    QTest::addColumn<qint64>("clockStep");
    QTest::addRow("clock stands still") << qint64(0);
    QTest::addRow("clock goes on") << qint64(1000);
    QTest::addRow("clock jumps back a day each time") << qint64(-86400);
    QTest::addRow("clock passes 2106") << qint64(1'000'000'000);
}

void TestStorageMailboxes::uidValidityOnlyGrows()
{
    QFETCH(qint64, clockStep);
    UidValidity highest;
    for (const char *name : {"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"}) {
        const auto info = mail().info(name);
        VERIFY_OK(info);
        highest = std::max(highest, info->uidValidity);
    }
    for (int round = 0; round < 6; ++round) {
        m_fixture->setNow(m_fixture->now() + clockStep);
        if (round % 2 == 1) {
            VERIFY_OK(m_fixture->reopen());
        }
        const auto info = mail().create("Again");
        VERIFY_OK(info);
        QVERIFY2(
            info->uidValidity > highest,
            qPrintable(
                QStringLiteral("%1 after %2").arg(info->uidValidity.value).arg(highest.value)));
        highest = info->uidValidity;
        VERIFY_OK(mail().remove("Again"));
    }
}

void TestStorageMailboxes::renameKeepsWhatIsInside()
{
    const auto before = mail().create("Old");
    VERIFY_OK(before);
    const auto appended = mail().append("Old", "text", flagsOf(SystemFlag::Seen, {"kw"}));
    VERIFY_OK(appended);
    VERIFY_OK(mail().rename("Old", "New"));

    VERIFY_ERROR(mail().info("Old"), ErrorCode::NotFound);
    const auto after = mail().info("New");
    VERIFY_OK(after);
    QCOMPARE(after->id, before->id);
    QCOMPARE(after->uidValidity, before->uidValidity);
    QCOMPARE(*mail().bytes("New", appended->uid), QByteArray("text"));
    QVERIFY(mail().row("New", appended->uid)->flags == flagsOf(SystemFlag::Seen, {"kw"}));
    VERIFY_OK(mail().create("Old"));
    QVERIFY(mail().info("Old")->uidValidity > before->uidValidity);
}

void TestStorageMailboxes::renameMovesChildrenAlong()
{
    VERIFY_OK(mail().create("a/b/c"));
    VERIFY_OK(mail().create("a/d"));
    VERIFY_OK(mail().append("a/b/c", "deep"));
    VERIFY_OK(mail().rename("a", "x"));
    const auto names = mail().names();
    VERIFY_OK(names);
    for (const char *gone : {"a", "a/b", "a/b/c", "a/d"}) {
        QVERIFY2(!names->contains(gone), gone);
    }
    for (const char *there : {"x", "x/b", "x/b/c", "x/d"}) {
        QVERIFY2(names->contains(there), there);
    }
    QCOMPARE(*mail().bytes("x/b/c", Uid(1)), QByteArray("deep"));
}

void TestStorageMailboxes::renameMakesParents()
{
    VERIFY_OK(mail().create("a"));
    VERIFY_OK(mail().rename("a", "p/q/a"));
    VERIFY_OK(mail().info("p"));
    VERIFY_OK(mail().info("p/q"));
    VERIFY_OK(mail().info("p/q/a"));
}

// RFC 3501 6.3.5, example A684: "foo" is no mailbox, "foo/bar" is.
void TestStorageMailboxes::renameOfALevelMovesItsChildren()
{
    const auto created = mail().create("foo/bar");
    VERIFY_OK(created);
    VERIFY_OK(mail().remove("foo"));
    VERIFY_OK(mail().rename("foo", "zowie"));
    QCOMPARE(mail().info("zowie/bar")->id, created->id);
    VERIFY_ERROR(mail().info("zowie"), ErrorCode::NotFound);
    VERIFY_ERROR(mail().info("foo/bar"), ErrorCode::NotFound);
    VERIFY_ERROR(mail().rename("foo", "again"), ErrorCode::NotFound);
}

void TestStorageMailboxes::renameRefuses_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<int>("code");
    QTest::addRow("unknown source")
        << QByteArray("none") << QByteArray("new") << int(ErrorCode::NotFound);
    QTest::addRow("target exists")
        << QByteArray("a") << QByteArray("b") << int(ErrorCode::AlreadyExists);
    QTest::addRow("target is INBOX")
        << QByteArray("a") << QByteArray("INBOX") << int(ErrorCode::AlreadyExists);
    QTest::addRow("INBOX onto one that exists")
        << QByteArray("INBOX") << QByteArray("b") << int(ErrorCode::AlreadyExists);
    QTest::addRow("a child's new name exists")
        << QByteArray("a") << QByteArray("t") << int(ErrorCode::AlreadyExists);
    const QByteArray deep = QByteArray("x/").repeated(98) + 'x';
    QTest::addRow("as deep as it goes") << QByteArray("b") << deep + "/y" << -1;
    QTest::addRow("too deep") << QByteArray("b") << deep + "/y/z" << int(ErrorCode::Limit);
    QTest::addRow("a child too deep") << QByteArray("a") << deep + "/y" << int(ErrorCode::Limit);
    const QByteArray longName(998, 'x');
    QTest::addRow("as long as it goes") << QByteArray("a") << longName << -1;
    QTest::addRow("a child too long") << QByteArray("a") << longName + 'x' << int(ErrorCode::Limit);
}

void TestStorageMailboxes::renameRefuses()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(int, code);
    for (const char *name : {"a/c", "b", "t/c"}) {
        VERIFY_OK(mail().create(name));
    }
    VERIFY_OK(mail().remove("t")); // leaves t/c
    const auto before = mail().names();
    if (code < 0) {
        VERIFY_OK(mail().rename(from, to));
        return;
    }
    VERIFY_ERROR(mail().rename(from, to), code);
    QCOMPARE(*mail().names(), *before);
}

void TestStorageMailboxes::renameNamesTheChildThatExists()
{
    for (const char *name : {"a/b", "a/c", "t/c"}) {
        VERIFY_OK(mail().create(name));
    }
    VERIFY_OK(mail().remove("t"));
    const auto renamed = mail().rename("a", "t");
    VERIFY_ERROR(renamed, ErrorCode::AlreadyExists);
    QVERIFY2(renamed.error().text.contains(QLatin1String("t/c")), qPrintable(renamed.error().text));
}

// A subscription need not be to a mailbox, and none is to stand in the way of those that there are.
void TestStorageMailboxes::renameLeavesSubscriptionsThatDoNotFit()
{
    const QByteArray tooLong = '/' + QByteArray(990, 'x');
    const QByteArray tooDeep = QByteArray("/x").repeated(99);
    VERIFY_OK(mail().create("a"));
    for (const QByteArray &name :
         {QByteArray("a"), QByteArray("a/none"), "a" + tooLong, "a" + tooDeep}) {
        VERIFY_OK(mail().subscribe(name, true));
    }
    VERIFY_OK(mail().rename("a", "another/name"));
    const auto names = mail().subscriptions();
    VERIFY_OK(names);
    for (const QByteArray &name : {QByteArray("another/name"),
                                   QByteArray("another/name/none"),
                                   "a" + tooLong,
                                   "a" + tooDeep}) {
        QVERIFY2(names->contains(name), name.left(30).constData());
    }
    QVERIFY(!names->contains("a") && !names->contains("a/none"));
}

// "a" to "a/b": the mailbox goes under a new parent of its old name, or nothing happens.
void TestStorageMailboxes::renameIntoItself()
{
    const auto created = mail().create("a");
    VERIFY_OK(created);
    VERIFY_OK(mail().append("a", "text"));
    const auto renamed = mail().rename("a", "a/b");
    const auto holder = renamed ? QByteArray("a/b") : QByteArray("a");
    QCOMPARE(mail().info(holder)->id, created->id);
    QCOMPARE(mail().info(holder)->messages, 1U);
    if (renamed) {
        QCOMPARE(mail().info("a")->messages, 0U);
        QVERIFY(mail().info("a")->uidValidity > created->uidValidity);
    }
}

void TestStorageMailboxes::renameOfInboxMovesItsMessages()
{
    VERIFY_OK(mail().create("INBOX/child"));
    VERIFY_OK(mail().append("INBOX", "one", flagsOf(SystemFlag::Flagged, {"kw"}), {-5, 90}));
    VERIFY_OK(mail().append("INBOX", "two"));
    const auto before = mail().info("INBOX");
    VERIFY_OK(before);
    VERIFY_OK(mail().rename("INBOX", "Saved/2023"));

    const auto inbox = mail().info("INBOX");
    VERIFY_OK(inbox);
    QCOMPARE(inbox->id, before->id);
    QCOMPARE(inbox->uidValidity, before->uidValidity);
    QCOMPARE(inbox->messages, 0U);
    QVERIFY(inbox->uidNext >= before->uidNext);
    const auto changes = mail().changes("INBOX", before->highestModSeq);
    VERIFY_OK(changes);
    QCOMPARE(changes->expunged.size(), 2);

    const auto saved = mail().rows("Saved/2023");
    VERIFY_OK(saved);
    QCOMPARE(saved->size(), 2);
    QVERIFY(saved->first().flags == flagsOf(SystemFlag::Flagged, {"kw"}));
    QVERIFY(saved->first().internalDate == (InternalDate{-5, 90}));
    QCOMPARE(*mail().bytes("Saved/2023", saved->first().uid), QByteArray("one"));
    QCOMPARE(*mail().bytes("Saved/2023", saved->last().uid), QByteArray("two"));
    VERIFY_OK(mail().info("INBOX/child"));
    VERIFY_ERROR(mail().info("Saved/2023/child"), ErrorCode::NotFound);

    const auto next = mail().append("INBOX", "three");
    VERIFY_OK(next);
    QVERIFY(next->uid >= before->uidNext);
}

// Nothing but the separator makes a child, and no byte of a name is a wildcard.
void TestStorageMailboxes::renameLeavesLikeNamesAlone()
{
    for (const char *name : {"a_", "a_/x", "ab", "ab/x", "a_-", "a_0", "A_/x", "a%"}) {
        VERIFY_OK(mail().create(name));
    }
    VERIFY_OK(mail().rename("a_", "n"));
    const auto names = mail().names();
    VERIFY_OK(names);
    for (const char *name : {"n", "n/x", "ab", "ab/x", "a_-", "a_0", "A_/x", "a%"}) {
        QVERIFY2(names->contains(name), name);
    }
    QVERIFY(!names->contains("a_/x"));
}

void TestStorageMailboxes::subscriptionsAreTheirOwn()
{
    VERIFY_OK(mail().create("Work"));
    VERIFY_OK(mail().subscribe("Work", true));
    VERIFY_OK(mail().subscribe("Work", true)); // again is fine
    VERIFY_OK(mail().subscribe("Nowhere", true));
    VERIFY_OK(mail().subscribe("Sent", false));
    VERIFY_OK(mail().subscribe("Sent", false));
    VERIFY_OK(mail().remove("Work"));
    VERIFY_OK(m_fixture->reopen());

    // RFC 9051 6.3.7: a subscription outlives its mailbox.
    QCOMPARE(*mail().subscriptions(),
             QByteArrayList({"Archive", "Drafts", "INBOX", "Junk", "Nowhere", "Trash", "Work"}));
    const auto listed = await(mail().store().read([](ReadTxn &txn) { return txn.mailboxes(); }));
    VERIFY_OK(listed);
    for (const auto &mailbox : *listed) {
        QCOMPARE(mailbox.subscribed, mailbox.info.name.utf8 != "Sent");
    }
}

void TestStorageMailboxes::subscriptionLimit()
{
    constexpr qsizetype Max = 20'000;
    const qsizetype before = mail().subscriptions()->size();
    VERIFY_OK(await(mail().store().write([&](WriteTxn &txn) -> Result<void> {
        for (qsizetype i = before; i < Max; ++i) {
            if (auto done = txn.setSubscribed(MailboxName("a/" + QByteArray::number(i)), true);
                !done) {
                return done;
            }
        }
        return {};
    })));
    VERIFY_ERROR(mail().subscribe("one more", true), ErrorCode::Limit);
    QCOMPARE(mail().subscriptions()->size(), Max);
    VERIFY_OK(mail().subscribe("a/19999", true)); // again is fine
    VERIFY_OK(mail().create("a"));
    VERIFY_OK(mail().rename("a", "b"));
    VERIFY_OK(mail().subscribe("b/19999", false));
    VERIFY_OK(mail().subscribe("one more", true));
}

void TestStorageMailboxes::recentFloorOnlyRises()
{
    VERIFY_OK(mail().append("INBOX", "one"));
    const auto before = mail().info("INBOX");
    VERIFY_OK(before);
    const auto setFloor = [&](quint32 floor) {
        return await(mail().store().write([id = before->id, floor](WriteTxn &txn) {
            return txn.setRecentFloor(id, Uid(floor));
        }));
    };
    VERIFY_OK(setFloor(5));
    QCOMPARE(mail().info("INBOX")->recentFloor.value, 5U);
    VERIFY_OK(setFloor(3));
    QCOMPARE(mail().info("INBOX")->recentFloor.value, 5U);
    QCOMPARE(mail().info("INBOX")->highestModSeq, before->highestModSeq);
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().info("INBOX")->recentFloor.value, 5U);
}

void TestStorageMailboxes::unusualNames_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addRow("digits only") << QByteArray("007");
    QTest::addRow("quotes") << QByteArray("a'b\"c");
    QTest::addRow("wildcards of SQL") << QByteArray("100%_[a-z]*?");
    QTest::addRow("utf8") << QByteArray("Gr\xc3\xbc\xc3\x9f"
                                        "e/\xe5\x8f\xb0\xe5\x8c\x97");
    QTest::addRow("beyond the BMP") << QByteArray("\xf0\x9f\x93\xac");
    QTest::addRow("1000 octets") << QByteArray(1000, 'n');
    QTest::addRow("spaces") << QByteArray(" a  b ");
}

void TestStorageMailboxes::unusualNames()
{
    QFETCH(QByteArray, name);
    VERIFY_OK(mail().create(name));
    VERIFY_OK(mail().subscribe(name, true));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().info(name)->name.utf8, name);
    QVERIFY(mail().subscriptions()->contains(name));
    VERIFY_OK(mail().rename(name, "plain"));
    VERIFY_OK(mail().rename("plain", name));
    VERIFY_OK(mail().remove(name));
}

QTEST_GUILESS_MAIN(TestStorageMailboxes)
#include "tst_storagemailboxes.moc"
