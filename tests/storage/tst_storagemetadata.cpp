#include "tests/storage/storagetest.h"

using namespace Postnook;
using namespace Postnook::Test;

// The contract of store.h: metadata of mailboxes and of the server, and the special use beside it.
class TestStorageMetadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void setReplaceRemove();
    void namesAreComparedWithoutCase();
    void valuesAreAnyBytes_data();
    void valuesAreAnyBytes();
    void ownersAreApart();
    void entriesAreAscending();
    void takesAModSeq_data();
    void takesAModSeq();
    void seenWithinItsJob();
    void failedJobLeavesNothing();
    void missingMailbox();
    void largestValue();
    void mostEntries();
    void mostBytesOfAnAccount();
    void followsARename();
    void inboxKeepsACopy();
    void inboxIsNotRenamedWithoutRoom();
    void goesWithItsMailbox();
    void accountsAreApart();
    void isToldAfterTheCommit();
    void isNotToldWhenNothingChanged();
    void isToldWithTheNameItHasThen();
    void specialUseHasOneHolder();
    void specialUseIsTold();

private:
    using Value = std::optional<QByteArray>;
    using Told = QList<std::tuple<QByteArray, QByteArrayList, quint64>>;

    const Mail &mail() const { return m_fixture->mail(); }
    Result<MailboxId> ownerId(const QByteArray &mailbox) const;
    // An empty mailbox name: the server.
    Result<void> set(const QByteArray &mailbox,
                     const QByteArray &entry,
                     const Value &value,
                     quint64 origin = 0) const;
    Result<Value> get(const QByteArray &mailbox, const QByteArray &entry) const;
    QByteArrayList names(const QByteArray &mailbox) const;
    Result<void> setUse(const QByteArray &mailbox, SpecialUse use, quint64 origin = 0) const;
    SpecialUse useOf(const QByteArray &mailbox) const;
    void listen(Told &told);

    std::unique_ptr<StorageFixture> m_fixture;
};

namespace
{

Result<MailboxId> idOf(ReadTxn &txn, const QByteArray &mailbox)
{
    if (mailbox.isEmpty()) {
        return ServerMetadata;
    }
    return txn.mailbox(MailboxName(mailbox)).transform([](const MailboxInfo &info) {
        return info.id;
    });
}

} // namespace

void TestStorageMetadata::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestStorageMetadata::cleanup()
{
    m_fixture.reset();
}

Result<MailboxId> TestStorageMetadata::ownerId(const QByteArray &mailbox) const
{
    return await(mail().store().read([mailbox](ReadTxn &txn) { return idOf(txn, mailbox); }));
}

Result<void> TestStorageMetadata::set(const QByteArray &mailbox,
                                      const QByteArray &entry,
                                      const Value &value,
                                      quint64 origin) const
{
    return await(mail().store().write(
        [=](WriteTxn &txn) {
            return idOf(txn, mailbox).and_then([&](MailboxId owner) {
                return txn.setMetadata(owner, entry, value);
            });
        },
        {origin, 0}));
}

Result<TestStorageMetadata::Value> TestStorageMetadata::get(const QByteArray &mailbox,
                                                            const QByteArray &entry) const
{
    return await(mail().store().read([=](ReadTxn &txn) {
        return idOf(txn, mailbox).and_then([&](MailboxId owner) {
            return txn.metadata(owner, entry);
        });
    }));
}

QByteArrayList TestStorageMetadata::names(const QByteArray &mailbox) const
{
    return await(mail().store().read([=](ReadTxn &txn) {
               return idOf(txn, mailbox)
                   .and_then([&](MailboxId owner) { return txn.metadataEntries(owner); })
                   .transform([](const QList<MetadataEntry> &entries) {
                       QByteArrayList found;
                       for (const auto &entry : entries) {
                           found.append(entry.name + '=' + QByteArray::number(entry.sizeBytes));
                       }
                       return found;
                   });
           }))
        .value_or(QByteArrayList{"failed"});
}

Result<void>
TestStorageMetadata::setUse(const QByteArray &mailbox, SpecialUse use, quint64 origin) const
{
    return await(mail().store().write(
        [=](WriteTxn &txn) {
            return idOf(txn, mailbox).and_then([&](MailboxId id) {
                return txn.setSpecialUse(id, use);
            });
        },
        {origin, 0}));
}

SpecialUse TestStorageMetadata::useOf(const QByteArray &mailbox) const
{
    return mail().info(mailbox).value_or(MailboxInfo()).specialUse;
}

void TestStorageMetadata::listen(Told &told)
{
    connect(
        &mail().store(), &MailStore::committed, this, [&told](const QList<CommitNotice> &notices) {
            for (const auto &notice : notices) {
                if (const auto &change = notice.metadata; !change.entries.isEmpty()) {
                    told.append({change.mailbox.utf8, change.entries, change.origin});
                }
            }
        });
}

void TestStorageMetadata::setReplaceRemove()
{
    for (const QByteArray owner : {"", "INBOX"}) {
        QCOMPARE(*get(owner, "/private/comment"), Value());
        VERIFY_OK(set(owner, "/private/comment", "one"));
        QCOMPARE(*get(owner, "/private/comment"), Value("one"));
        VERIFY_OK(set(owner, "/private/comment", "another"));
        VERIFY_OK(m_fixture->reopen());
        QCOMPARE(*get(owner, "/private/comment"), Value("another"));
        QCOMPARE(names(owner), QByteArrayList{"/private/comment=7"});
        VERIFY_OK(set(owner, "/private/comment", {}));
        QCOMPARE(*get(owner, "/private/comment"), Value());
        QCOMPARE(names(owner), QByteArrayList());
        VERIFY_OK(set(owner, "/private/comment", {})); // removing what is not there is no error
    }
}

void TestStorageMetadata::namesAreComparedWithoutCase()
{
    VERIFY_OK(set("INBOX", "/Private/Comment", "a"));
    VERIFY_OK(set("INBOX", "/private/COMMENT", "b"));
    QCOMPARE(names("INBOX"), QByteArrayList{"/Private/Comment=1"});
    QCOMPARE(*get("INBOX", "/PRIVATE/comment"), Value("b"));
    VERIFY_OK(set("INBOX", "/private/comment", {}));
    QCOMPARE(names("INBOX"), QByteArrayList());
}

void TestStorageMetadata::valuesAreAnyBytes_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("null") << QByteArray();
    QTest::newRow("lines") << QByteArray("a\r\nb\n");
    QTest::newRow("NUL") << QByteArray("\0", 1);
    QTest::newRow("NULs") << QByteArray("a\0b\0\0", 5);
    QTest::newRow("digits") << QByteArray("007");
    QTest::newRow("no UTF-8") << QByteArray("\xff\xfe\xc3");
    QTest::newRow("random") << randomBytes(5000, 7);
}

void TestStorageMetadata::valuesAreAnyBytes()
{
    QFETCH(QByteArray, value);
    VERIFY_OK(set("INBOX", "/private/x", value));
    const auto read = get("INBOX", "/private/x");
    VERIFY_OK(read);
    QVERIFY(read->has_value());
    QCOMPARE(**read, value);
    QCOMPARE(names("INBOX"), QByteArrayList{"/private/x=" + QByteArray::number(value.size())});
}

void TestStorageMetadata::ownersAreApart()
{
    VERIFY_OK(set("", "/shared/comment", "server"));
    VERIFY_OK(set("INBOX", "/shared/comment", "inbox"));
    VERIFY_OK(set("Sent", "/shared/comment", "sent"));
    QCOMPARE(*get("", "/shared/comment"), Value("server"));
    QCOMPARE(*get("INBOX", "/shared/comment"), Value("inbox"));
    QCOMPARE(*get("Sent", "/shared/comment"), Value("sent"));
    QCOMPARE(*get("Trash", "/shared/comment"), Value());
}

void TestStorageMetadata::entriesAreAscending()
{
    for (const QByteArray entry : {"/shared/b",
                                   "/private/B/c",
                                   "/private/b",
                                   "/private/A",
                                   "/private/b-a",
                                   "/Private/b/D"}) {
        VERIFY_OK(set("", entry, entry));
    }
    QCOMPARE(names(""),
             QByteArrayList({"/private/A=10",
                             "/private/b=10",
                             "/private/b-a=12",
                             "/private/B/c=12",
                             "/Private/b/D=12",
                             "/shared/b=9"}));
}

void TestStorageMetadata::takesAModSeq_data()
{
    QTest::addColumn<QByteArray>("owner");
    QTest::addColumn<QByteArrayList>("entries");
    QTest::addColumn<Value>("value");
    QTest::addColumn<quint64>("raisedBy");

    QTest::newRow("new") << QByteArray("INBOX") << QByteArrayList{"/private/x"} << Value("x")
                         << quint64(1);
    QTest::newRow("other value") << QByteArray("INBOX") << QByteArrayList{"/private/known"}
                                 << Value("other") << quint64(1);
    QTest::newRow("removed") << QByteArray("INBOX") << QByteArrayList{"/private/known"} << Value()
                             << quint64(1);
    QTest::newRow("two in one job")
        << QByteArray("INBOX") << QByteArrayList{"/private/x", "/private/y"} << Value("x")
        << quint64(1);
    QTest::newRow("same value") << QByteArray("INBOX") << QByteArrayList{"/private/known"}
                                << Value("known") << quint64(0);
    QTest::newRow("never was there")
        << QByteArray("INBOX") << QByteArrayList{"/private/x"} << Value() << quint64(0);
    QTest::newRow("of the server")
        << QByteArray() << QByteArrayList{"/private/x"} << Value("x") << quint64(0);
}

// RFC 7162 3.2: the mailbox, and none of its messages.
void TestStorageMetadata::takesAModSeq()
{
    QFETCH(const QByteArray, owner);
    QFETCH(const QByteArrayList, entries);
    QFETCH(const Value, value);
    QFETCH(const quint64, raisedBy);

    VERIFY_OK(mail().append("INBOX", "text"));
    VERIFY_OK(set("INBOX", "/private/known", "known"));
    auto expected = *mail().info("INBOX");
    const auto before = expected.highestModSeq;
    VERIFY_OK(await(mail().store().write([=](WriteTxn &txn) -> Result<void> {
        for (const auto &entry : entries) {
            if (auto set = txn.setMetadata(*idOf(txn, owner), entry, value); !set) {
                return set;
            }
        }
        return {};
    })));
    expected.highestModSeq.value += raisedBy;
    QCOMPARE(*mail().info("INBOX"), expected);
    const auto changes = mail().changes("INBOX", before);
    VERIFY_OK(changes);
    QVERIFY(changes->complete);
    QVERIFY(changes->changed.isEmpty() && changes->expunged.isEmpty());
}

void TestStorageMetadata::seenWithinItsJob()
{
    const auto seen = await(mail().store().write([](WriteTxn &txn) -> Result<QByteArrayList> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        QByteArrayList values;
        for (const QByteArray value : {"one", "two"}) {
            if (auto set = txn.setMetadata(inbox, "/private/x", value); !set) {
                return set.error();
            }
            values.append((*txn.metadata(inbox, "/private/x")).value_or("none"));
        }
        return values;
    }));
    VERIFY_OK(seen);
    QCOMPARE(*seen, QByteArrayList({"one", "two"}));
}

void TestStorageMetadata::failedJobLeavesNothing()
{
    VERIFY_OK(set("INBOX", "/private/x", "before"));
    VERIFY_ERROR(
        await(mail().store().write([](WriteTxn &txn) -> Result<void> {
            const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
            return txn.setMetadata(inbox, "/private/x", "after").and_then([&] {
                return txn.setMetadata(
                    inbox, "/private/y", QByteArray(qsizetype(MaxMetadataValueBytes) + 1, 'y'));
            });
        })),
        ErrorCode::TooBig);
    QCOMPARE(*get("INBOX", "/private/x"), Value("before"));
    QCOMPARE(*get("INBOX", "/private/y"), Value());
}

void TestStorageMetadata::missingMailbox()
{
    const auto setUnknown = [this] {
        return await(mail().store().write(
            [](WriteTxn &txn) { return txn.setMetadata(MailboxId(99), "/private/x", "x"); }));
    };
    VERIFY_ERROR(setUnknown(), ErrorCode::NotFound);
    VERIFY_OK(mail().create("Old"));
    const auto id = ownerId("Old");
    VERIFY_OK(id);
    VERIFY_OK(mail().remove("Old"));
    VERIFY_ERROR(await(mail().store().write([owner = *id](WriteTxn &txn) {
                     return txn.setMetadata(owner, "/private/x", "x");
                 })),
                 ErrorCode::NotFound);
}

void TestStorageMetadata::largestValue()
{
    const QByteArray largest(qsizetype(MaxMetadataValueBytes), 'v');
    VERIFY_OK(set("INBOX", "/private/x", largest));
    VERIFY_ERROR(set("INBOX", "/private/x", largest + 'v'), ErrorCode::TooBig);
    QCOMPARE(*get("INBOX", "/private/x"), Value(largest));
}

void TestStorageMetadata::mostEntries()
{
    const auto setMany = [this](MailboxId owner, int first, int count) {
        return await(mail().store().write([=](WriteTxn &txn) -> Result<void> {
            for (int i = first; i < first + count; ++i) {
                if (auto set = txn.setMetadata(owner, "/private/" + QByteArray::number(i), "x");
                    !set) {
                    return set;
                }
            }
            return {};
        }));
    };
    const auto inbox = ownerId("INBOX");
    VERIFY_OK(inbox);
    for (const auto owner : {ServerMetadata, *inbox}) {
        VERIFY_OK(setMany(owner, 0, MaxMetadataEntries));
        VERIFY_ERROR(setMany(owner, MaxMetadataEntries, 1), ErrorCode::Limit);
        VERIFY_OK(setMany(owner, 0, 1)); // what is there can still be set
    }
    VERIFY_OK(set("INBOX", "/private/7", {}));
    VERIFY_OK(setMany(*inbox, MaxMetadataEntries, 1));
    QCOMPARE(names("INBOX").size(), MaxMetadataEntries);
    QCOMPARE(names("").size(), MaxMetadataEntries);
}

void TestStorageMetadata::mostBytesOfAnAccount()
{
    const QByteArray large(qsizetype(MaxMetadataValueBytes), 'v');
    const int most = int(MaxMetadataBytes / MaxMetadataValueBytes); // names count too: one less
    const auto fill = [&](const QByteArray &mailbox, int first, int end) {
        return await(mail().store().write([=](WriteTxn &txn) -> Result<void> {
            const auto owner = idOf(txn, mailbox);
            for (int i = first; i < end; ++i) {
                if (auto set = txn.setMetadata(*owner, "/private/" + QByteArray::number(i), large);
                    !set) {
                    return set;
                }
            }
            return {};
        }));
    };
    VERIFY_OK(mail().create("Work"));
    VERIFY_OK(fill("", 0, 100));
    VERIFY_OK(fill("Work", 100, most - 1));
    VERIFY_ERROR(fill("INBOX", 0, 1), ErrorCode::Limit);
    VERIFY_ERROR(set("", "/private/more", large), ErrorCode::Limit);
    // Less is never refused, and what goes makes room: by removing, by replacing, with a mailbox.
    VERIFY_OK(set("", "/private/0", "small"));
    VERIFY_OK(fill("INBOX", 0, 1));
    VERIFY_ERROR(fill("INBOX", 1, 2), ErrorCode::Limit);
    VERIFY_OK(set("", "/private/1", {}));
    VERIFY_OK(fill("INBOX", 1, 2));
    VERIFY_ERROR(fill("INBOX", 2, 3), ErrorCode::Limit);
    VERIFY_OK(mail().remove("Work"));
    VERIFY_OK(fill("INBOX", 2, most - 100));
    VERIFY_ERROR(fill("Sent", 0, 3), ErrorCode::Limit);
}

void TestStorageMetadata::followsARename()
{
    VERIFY_OK(mail().create("Work/Old"));
    VERIFY_OK(set("Work", "/private/x", "w"));
    VERIFY_OK(set("Work/Old", "/private/x", "wo"));
    VERIFY_OK(mail().rename("Work", "Play"));
    QCOMPARE(*get("Play", "/private/x"), Value("w"));
    QCOMPARE(*get("Play/Old", "/private/x"), Value("wo"));
    VERIFY_OK(mail().create("Work"));
    QCOMPARE(names("Work"), QByteArrayList());
}

// RFC 5464 4.1
void TestStorageMetadata::inboxKeepsACopy()
{
    VERIFY_OK(set("INBOX", "/Private/x", "in"));
    VERIFY_OK(set("INBOX", "/shared/y", QByteArray("\0y", 2)));
    Told told;
    listen(told);
    VERIFY_OK(mail().rename("INBOX", "Older"));
    QCOMPARE(told, Told({{"Older", {"/Private/x", "/shared/y"}, 0}}));
    for (const QByteArray mailbox : {"INBOX", "Older"}) {
        QCOMPARE(names(mailbox), QByteArrayList({"/Private/x=2", "/shared/y=2"}));
    }
    VERIFY_OK(set("Older", "/private/x", "out"));
    QCOMPARE(*get("INBOX", "/private/x"), Value("in"));
    QCOMPARE(*get("Older", "/private/x"), Value("out"));
}

void TestStorageMetadata::inboxIsNotRenamedWithoutRoom()
{
    const auto filled = await(mail().store().write([](WriteTxn &txn) -> Result<void> {
        const QByteArray large(qsizetype(MaxMetadataValueBytes), 'v');
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        for (quint64 i = 0; i <= MaxMetadataBytes / MaxMetadataValueBytes / 2; ++i) {
            if (auto set = txn.setMetadata(inbox, "/private/" + QByteArray::number(i), large);
                !set) {
                return set;
            }
        }
        return {};
    }));
    VERIFY_OK(filled);
    VERIFY_OK(mail().append("INBOX", "text"));
    VERIFY_ERROR(mail().rename("INBOX", "Older"), ErrorCode::Limit);
    QCOMPARE(mail().info("INBOX")->messages, 1U);
    VERIFY_ERROR(mail().info("Older"), ErrorCode::NotFound);
}

void TestStorageMetadata::goesWithItsMailbox()
{
    VERIFY_OK(mail().create("Old"));
    const auto id = ownerId("Old");
    VERIFY_OK(id);
    VERIFY_OK(set("Old", "/private/x", "x"));
    VERIFY_OK(mail().remove("Old"));
    const auto left = await(
        mail().store().read([owner = *id](ReadTxn &txn) { return txn.metadataEntries(owner); }));
    VERIFY_OK(left);
    QVERIFY(left->isEmpty());
    VERIFY_OK(mail().create("Old"));
    QCOMPARE(names("Old"), QByteArrayList());
}

void TestStorageMetadata::accountsAreApart()
{
    VERIFY_OK(set("", "/private/x", "anna's"));
    const auto other = m_fixture->account(QStringLiteral("otto"));
    VERIFY_OK(other);
    const auto entries = await(
        other->store().read([](ReadTxn &txn) { return txn.metadataEntries(ServerMetadata); }));
    VERIFY_OK(entries);
    QVERIFY(entries->isEmpty());
}

void TestStorageMetadata::isToldAfterTheCommit()
{
    Told told;
    listen(told);
    VERIFY_OK(set("INBOX", "/Private/x", "x", 7));
    QCOMPARE(told, Told({{"INBOX", {"/Private/x"}, 7}}));
    VERIFY_OK(set("", "/private/x", "x", 8));
    VERIFY_OK(set("INBOX", "/private/X", {}, 9)); // in the spelling that is stored
    QCOMPARE(told.mid(1), Told({{"", {"/private/x"}, 8}, {"INBOX", {"/Private/x"}, 9}}));

    // One notice for what one job does to one owner.
    told.clear();
    const auto done = await(mail().store().write(
        [](WriteTxn &txn) -> Result<void> {
            const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
            for (const QByteArray entry : {"/private/b", "/private/a", "/private/B"}) {
                for (const MailboxId owner : {inbox, ServerMetadata}) {
                    if (auto set = txn.setMetadata(owner, entry, entry); !set) {
                        return set;
                    }
                }
            }
            return {};
        },
        {5, 0}));
    VERIFY_OK(done);
    QCOMPARE(
        told,
        Told({{"INBOX", {"/private/b", "/private/a"}, 5}, {"", {"/private/b", "/private/a"}, 5}}));
}

void TestStorageMetadata::isNotToldWhenNothingChanged()
{
    VERIFY_OK(set("INBOX", "/private/x", "x"));
    Told told;
    listen(told);
    VERIFY_OK(set("INBOX", "/private/x", "x"));
    VERIFY_OK(set("INBOX", "/private/none", {}));
    VERIFY_ERROR(set("INBOX", "/private/x", QByteArray(100'000, 'x')), ErrorCode::TooBig);
    VERIFY_OK(mail().append("INBOX", "text"));
    QCOMPARE(told, Told());
}

void TestStorageMetadata::isToldWithTheNameItHasThen()
{
    VERIFY_OK(mail().create("Old"));
    Told told;
    listen(told);
    const auto run = [this](const QByteArray &mailbox, const QByteArray &to) {
        return await(mail().store().write([=](WriteTxn &txn) -> Result<void> {
            const auto id = idOf(txn, mailbox);
            return txn.setMetadata(*id, "/private/x", to).and_then([&] {
                return to.isEmpty() ? txn.deleteMailbox(MailboxName(mailbox))
                                    : txn.renameMailbox(MailboxName(mailbox), MailboxName(to));
            });
        }));
    };
    VERIFY_OK(run("Old", "New"));
    QCOMPARE(told, Told({{"New", {"/private/x"}, 0}}));
    VERIFY_OK(run("New", ""));
    QCOMPARE(told.size(), 1); // nothing of what is gone
}

void TestStorageMetadata::specialUseHasOneHolder()
{
    VERIFY_OK(mail().create("Mine"));
    const auto before = mail().info("Drafts");
    VERIFY_OK(setUse("Mine", SpecialUse::Drafts));
    QVERIFY(useOf("Mine") == SpecialUse::Drafts);
    QVERIFY(useOf("Drafts") == SpecialUse::None);
    QVERIFY(useOf("Sent") == SpecialUse::Sent);
    QCOMPARE(mail().info("Drafts")->highestModSeq.value, before->highestModSeq.value + 1);
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(useOf("Mine") == SpecialUse::Drafts);
    VERIFY_OK(setUse("Mine", SpecialUse::None));
    QVERIFY(useOf("Mine") == SpecialUse::None);

    // Within one job the later one counts, and a use that was just given can be taken.
    const auto done = await(mail().store().write([](WriteTxn &txn) -> Result<void> {
        const auto mine = idOf(txn, "Mine");
        const auto junk = idOf(txn, "Junk");
        const auto drafts = idOf(txn, "Drafts");
        return txn.setSpecialUse(*mine, SpecialUse::Drafts)
            .and_then([&] { return txn.setSpecialUse(*junk, SpecialUse::Drafts); })
            .and_then([&] { return txn.setSpecialUse(*drafts, SpecialUse::Junk); });
    }));
    VERIFY_OK(done);
    QVERIFY(useOf("Mine") == SpecialUse::None);
    QVERIFY(useOf("Junk") == SpecialUse::Drafts);
    QVERIFY(useOf("Drafts") == SpecialUse::Junk);

    VERIFY_ERROR(await(mail().store().write([](WriteTxn &txn) {
                     return txn.setSpecialUse(MailboxId(99), SpecialUse::Sent);
                 })),
                 ErrorCode::NotFound);
    QVERIFY(useOf("Sent") == SpecialUse::Sent);
}

void TestStorageMetadata::specialUseIsTold()
{
    VERIFY_OK(mail().create("Mine"));
    const QByteArray entry = SpecialUseEntry.toByteArray();
    Told told;
    listen(told);
    VERIFY_OK(setUse("Mine", SpecialUse::Drafts, 7));
    // The one who loses it is told to everybody.
    QCOMPARE(told, Told({{"Drafts", {entry}, 0}, {"Mine", {entry}, 7}}));
    VERIFY_OK(setUse("Mine", SpecialUse::Drafts, 7));
    QCOMPARE(told.size(), 2);
    VERIFY_OK(setUse("Mine", SpecialUse::None, 7));
    QCOMPARE(told.mid(2), Told({{"Mine", {entry}, 7}}));
}

QTEST_GUILESS_MAIN(TestStorageMetadata)
#include "tst_storagemetadata.moc"
