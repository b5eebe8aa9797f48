#include "tests/storage/storagetest.h"

using namespace Postnook;
using namespace Postnook::Test;

Q_DECLARE_METATYPE(Postnook::MessageFlags)

// The contract of store.h: STORE, MODSEQ and keywords.
class TestStorageFlags : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void change_data();
    void change();
    void oneModSeqForAllThatChanged();
    void nothingChangedKeepsModSeq_data();
    void nothingChangedKeepsModSeq();
    void missingMessagesArePassedOver();
    void unchangedSince();
    void countersFollow();
    void keywordsKeepTheirFirstSpelling();
    void keywordsAreSortedByLowerCase();
    void keywordsPerMailbox();
    void keywordsOfAnyBytes_data();
    void keywordsOfAnyBytes();
    void keywordLimit();
    void keywordLimitAtAppend();
    void keywordsThatNoMessageHas();
    void keywordsOfOneJobAreKept();
    void keywordsSurvive();
    void foundByFlags();
    void foundByKeyword_data();
    void foundByKeyword();

private:
    const Mail &mail() const { return m_fixture->mail(); }

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageFlags::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestStorageFlags::cleanup()
{
    m_fixture.reset();
}

void TestStorageFlags::change_data()
{
    QTest::addColumn<MessageFlags>("before");
    QTest::addColumn<int>("change");
    QTest::addColumn<MessageFlags>("given");
    QTest::addColumn<MessageFlags>("after");
    const auto seen = SystemFlags(SystemFlag::Seen);
    const auto all = SystemFlag::Seen | SystemFlag::Answered | SystemFlag::Flagged
        | SystemFlag::Deleted | SystemFlag::Draft;
    const int replace = int(FlagChange::Replace);
    const int add = int(FlagChange::Add);
    const int remove = int(FlagChange::Remove);
    QTest::addRow("replace none by all") << flagsOf({}) << replace << flagsOf(all) << flagsOf(all);
    QTest::addRow("replace all by none")
        << flagsOf(all, {"a"}) << replace << flagsOf({}) << flagsOf({});
    QTest::addRow("replace by others")
        << flagsOf(seen, {"a", "b"}) << replace << flagsOf(SystemFlag::Draft, {"b", "c"})
        << flagsOf(SystemFlag::Draft, {"b", "c"});
    QTest::addRow("add") << flagsOf(seen, {"b"}) << add << flagsOf(SystemFlag::Flagged, {"a"})
                         << flagsOf(SystemFlag::Flagged | seen, {"a", "b"});
    QTest::addRow("add what is there partly")
        << flagsOf(seen, {"b"}) << add << flagsOf(seen | SystemFlag::Draft, {"b"})
        << flagsOf(seen | SystemFlag::Draft, {"b"});
    QTest::addRow("remove") << flagsOf(all, {"a", "b"}) << remove << flagsOf(seen, {"a"})
                            << flagsOf(all ^ seen, {"b"});
    QTest::addRow("remove what was not there")
        << flagsOf(seen, {"a"}) << remove << flagsOf(SystemFlag::Draft | seen, {"z"})
        << flagsOf({}, {"a"});
    QTest::addRow("remove a keyword in other case")
        << flagsOf({}, {"Kw"}) << remove << flagsOf({}, {"kW"}) << flagsOf({});
    QTest::addRow("the last keyword")
        << flagsOf({}, {"a"}) << replace << flagsOf(seen) << flagsOf(seen);
}

void TestStorageFlags::change()
{
    QFETCH(MessageFlags, before);
    QFETCH(int, change);
    QFETCH(MessageFlags, given);
    QFETCH(MessageFlags, after);
    VERIFY_OK(mail().append("INBOX", "text", before));
    const auto untouched = mail().append("INBOX", "another", before);
    VERIFY_OK(untouched);
    const auto old = mail().info("INBOX");
    const auto stored = mail().storeFlags("INBOX", only({1}), FlagChange(change), given);
    VERIFY_OK(stored);
    QVERIFY(stored->modSeq > old->highestModSeq);
    QVERIFY(stored->unchangedSince.isEmpty());
    QCOMPARE(mail().info("INBOX")->highestModSeq, stored->modSeq);
    VERIFY_OK(m_fixture->reopen());
    const auto row = mail().row("INBOX", Uid(1));
    VERIFY_OK(row);
    QCOMPARE(row->flags.keywords, after.keywords);
    QCOMPARE(row->flags.system, after.system);
    QCOMPARE(row->modSeq, stored->modSeq);
    QVERIFY(mail().row("INBOX", untouched->uid)->flags == before);
}

void TestStorageFlags::oneModSeqForAllThatChanged()
{
    for (int i = 0; i < 5; ++i) {
        const auto flags = flagsOf(i == 2 ? SystemFlags(SystemFlag::Seen) : SystemFlags());
        VERIFY_OK(mail().append("INBOX", QByteArray::number(i), flags));
    }
    const auto third = mail().row("INBOX", Uid(3))->modSeq;
    const auto stored =
        mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf(SystemFlag::Seen));
    VERIFY_OK(stored);
    for (const quint32 uid : {1U, 2U, 3U, 4U, 5U}) {
        QCOMPARE(mail().row("INBOX", Uid(uid))->modSeq, uid == 3 ? third : stored->modSeq);
    }
}

void TestStorageFlags::nothingChangedKeepsModSeq_data()
{
    QTest::addColumn<int>("change");
    QTest::addColumn<MessageFlags>("given");
    QTest::addRow("replace by the same")
        << int(FlagChange::Replace) << flagsOf(SystemFlag::Seen, {"a", "B"});
    QTest::addRow("replace by the same in other case")
        << int(FlagChange::Replace) << flagsOf(SystemFlag::Seen, {"A", "b"});
    QTest::addRow("add what is there") << int(FlagChange::Add) << flagsOf(SystemFlag::Seen, {"a"});
    QTest::addRow("add nothing") << int(FlagChange::Add) << flagsOf({});
    QTest::addRow("remove what is not there")
        << int(FlagChange::Remove) << flagsOf(SystemFlag::Draft, {"c"});
}

void TestStorageFlags::nothingChangedKeepsModSeq()
{
    QFETCH(int, change);
    QFETCH(MessageFlags, given);
    VERIFY_OK(mail().append("INBOX", "text", flagsOf(SystemFlag::Seen, {"a", "B"})));
    const auto info = mail().info("INBOX");
    const auto row = mail().row("INBOX", Uid(1));
    const auto stored = mail().storeFlags("INBOX", AllUids, FlagChange(change), given);
    VERIFY_OK(stored);
    QCOMPARE(stored->modSeq, info->highestModSeq);
    QVERIFY(*mail().info("INBOX") == *info);
    QCOMPARE(mail().row("INBOX", Uid(1))->modSeq, row->modSeq);
    QVERIFY(mail().row("INBOX", Uid(1))->flags == row->flags);
}

void TestStorageFlags::missingMessagesArePassedOver()
{
    for (int i = 0; i < 3; ++i) {
        VERIFY_OK(mail().append("INBOX", QByteArray::number(i)));
    }
    VERIFY_OK(mail().storeFlags("INBOX", only({2}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    const auto before = mail().info("INBOX");
    const auto seen = flagsOf(SystemFlag::Seen);
    auto stored = mail().storeFlags("INBOX", only({2, 70}), FlagChange::Add, seen);
    VERIFY_OK(stored);
    QCOMPARE(stored->modSeq, before->highestModSeq);
    QVERIFY(!mail().row("INBOX", Uid(2), true)->flags.system.testFlag(SystemFlag::Seen));
    stored = mail().storeFlags("INBOX", AllUids, FlagChange::Add, seen, ModSeq(0));
    VERIFY_OK(stored);
    QCOMPARE(stored->unchangedSince, QList<Uid>({Uid(1), Uid(3)})); // none that is gone
}

void TestStorageFlags::unchangedSince()
{
    for (int i = 0; i < 4; ++i) {
        VERIFY_OK(mail().append("INBOX", QByteArray::number(i)));
    }
    const auto since = mail().info("INBOX")->highestModSeq;
    VERIFY_OK(mail().storeFlags("INBOX", only({1, 3}), FlagChange::Add, flagsOf({}, {"newer"})));
    const auto flagged = flagsOf(SystemFlag::Flagged);
    const auto stored = mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagged, since);
    VERIFY_OK(stored);
    QCOMPARE(stored->unchangedSince, QList<Uid>({Uid(1), Uid(3)}));
    for (const quint32 uid : {1U, 2U, 3U, 4U}) {
        const auto row = mail().row("INBOX", Uid(uid));
        QCOMPARE(row->flags.system.testFlag(SystemFlag::Flagged), uid % 2 == 0);
        if (uid % 2 == 0) {
            QCOMPARE(row->modSeq, stored->modSeq);
        }
    }
    // Exactly at its MODSEQ is not above it.
    const auto exact = mail().row("INBOX", Uid(1))->modSeq;
    const auto again = mail().storeFlags("INBOX", only({1}), FlagChange::Add, flagged, exact);
    VERIFY_OK(again);
    QVERIFY(again->unchangedSince.isEmpty());
    QVERIFY(again->modSeq > exact);
    // All left alone: nothing happened.
    const auto info = mail().info("INBOX");
    const auto none = mail().storeFlags("INBOX", AllUids, FlagChange::Remove, flagged, ModSeq(1));
    VERIFY_OK(none);
    QCOMPARE(none->unchangedSince.size(), 4);
    QCOMPARE(none->modSeq, info->highestModSeq);
    QVERIFY(*mail().info("INBOX") == *info);
}

void TestStorageFlags::countersFollow()
{
    for (int i = 0; i < 4; ++i) {
        VERIFY_OK(mail().append("INBOX", QByteArray::number(i)));
    }
    const auto store =
        [this](std::initializer_list<quint32> uids, FlagChange change, SystemFlags f) {
            return mail().storeFlags("INBOX", only(uids), change, flagsOf(f));
        };
    const auto expect = [this](quint32 unseen, quint32 deleted) {
        const auto info = mail().info("INBOX");
        QCOMPARE(info->messages, 4U);
        QCOMPARE(info->unseen, unseen);
        QCOMPARE(info->deleted, deleted);
    };
    expect(4, 0);
    VERIFY_OK(store({1, 2}, FlagChange::Add, SystemFlag::Seen | SystemFlag::Deleted));
    expect(2, 2);
    VERIFY_OK(store({1, 2, 3}, FlagChange::Add, SystemFlag::Seen));
    expect(1, 2);
    VERIFY_OK(store({2, 4}, FlagChange::Replace, SystemFlag::Deleted));
    expect(2, 3);
    VERIFY_OK(store({1, 2, 3, 4}, FlagChange::Remove, SystemFlag::Deleted));
    expect(2, 0);
}

void TestStorageFlags::keywordsKeepTheirFirstSpelling()
{
    VERIFY_OK(mail().append("INBOX", "one", flagsOf({}, {"$Forwarded"})));
    VERIFY_OK(mail().append("INBOX", "two", flagsOf({}, {"$FORWARDED"})));
    VERIFY_OK(mail().append("INBOX", "three"));
    VERIFY_OK(mail().storeFlags("INBOX", only({3}), FlagChange::Add, flagsOf({}, {"$forwarded"})));
    for (const quint32 uid : {1U, 2U, 3U}) {
        QCOMPARE(mail().row("INBOX", Uid(uid))->flags.keywords, QByteArrayList({"$Forwarded"}));
    }
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"$Forwarded"}));

    // The spelling is the mailbox's: another one may have seen another first.
    VERIFY_OK(mail().append("Sent", "four", flagsOf({}, {"$FORWARDED"})));
    VERIFY_OK(mail().copy("INBOX", only({1}), "Sent"));
    QCOMPARE(mail().row("Sent", Uid(2))->flags.keywords, QByteArrayList({"$FORWARDED"}));
}

void TestStorageFlags::keywordsAreSortedByLowerCase()
{
    VERIFY_OK(mail().append("INBOX", "text"));
    for (const char *keyword : {"b", "C", "a", "D", "_x"}) {
        VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf({}, {keyword})));
    }
    QCOMPARE(mail().row("INBOX", Uid(1))->flags.keywords,
             QByteArrayList({"_x", "a", "b", "C", "D"}));
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"b", "C", "a", "D", "_x"}));
    const auto changes = mail().changes("INBOX");
    QCOMPARE(changes->keywords, QByteArrayList({"b", "C", "a", "D", "_x"}));
    QCOMPARE(changes->changed.first().flags.keywords, QByteArrayList({"_x", "a", "b", "C", "D"}));
}

void TestStorageFlags::keywordsPerMailbox()
{
    VERIFY_OK(mail().append("INBOX", "one", flagsOf({}, {"a", "b"})));
    VERIFY_OK(mail().append("Sent", "two", flagsOf({}, {"b", "c"})));
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"a", "b"}));
    QCOMPARE(*mail().keywords("Sent"), QByteArrayList({"b", "c"}));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Replace, flagsOf({})));
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"a", "b"})); // all that it has seen
    VERIFY_OK(mail().rename("INBOX", "New"));
    VERIFY_OK(mail().append("New", "three", flagsOf({}, {"z"})));
    QVERIFY(!mail().keywords("INBOX")->contains("z"));
}

void TestStorageFlags::keywordsOfAnyBytes_data()
{
    QTest::addColumn<QByteArray>("keyword");
    QTest::addRow("digits only") << QByteArray("007");
    QTest::addRow("dollar") << QByteArray("$MDNSent");
    QTest::addRow("punctuation") << QByteArray("a.b-c:d'e|f<>&#@!");
    QTest::addRow("200 octets") << QByteArray(200, 'k');
}

void TestStorageFlags::keywordsOfAnyBytes()
{
    QFETCH(QByteArray, keyword);
    VERIFY_OK(mail().append("INBOX", "text", flagsOf({}, {keyword})));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().row("INBOX", Uid(1))->flags.keywords, QByteArrayList({keyword}));
}

void TestStorageFlags::keywordLimit()
{
    VERIFY_OK(mail().append("INBOX", "text"));
    const auto number = [](int i) { return "k" + QByteArray::number(1000 + i); };
    QByteArrayList five;
    for (int i = 0; i < 500; ++i) {
        five.append(number(i));
        if (five.size() == 5) {
            VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf({}, five)));
            five.clear();
        }
    }
    QCOMPARE(mail().keywords("INBOX")->size(), 500);
    const auto before = mail().row("INBOX", Uid(1));
    QCOMPARE(before->flags.keywords.size(), 500);
    VERIFY_ERROR(
        mail().storeFlags(
            "INBOX", AllUids, FlagChange::Replace, flagsOf(SystemFlag::Seen, {number(3), "zz"})),
        ErrorCode::Limit);
    QVERIFY(mail().row("INBOX", Uid(1))->flags == before->flags);
    QCOMPARE(mail().keywords("INBOX")->size(), 500);
    // Those that are known, in any case, still work; another mailbox has its own 500.
    VERIFY_OK(mail().storeFlags(
        "INBOX", AllUids, FlagChange::Replace, flagsOf({}, {number(3).toUpper(), number(9)})));
    QCOMPARE(mail().row("INBOX", Uid(1))->flags.keywords, QByteArrayList({number(3), number(9)}));
    VERIFY_OK(mail().append("Sent", "text", flagsOf({}, {"zz"})));
    // Removing one that the mailbox never saw needs none.
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Remove, flagsOf({}, {"never"})));
}

void TestStorageFlags::keywordLimitAtAppend()
{
    QByteArrayList keywords;
    for (int i = 0; i < 500; ++i) {
        keywords.append("k" + QByteArray::number(1000 + i));
    }
    VERIFY_OK(mail().append("INBOX", "text", flagsOf({}, keywords)));
    VERIFY_ERROR(mail().append("INBOX", "text", flagsOf({}, {"more", "one"})), ErrorCode::Limit);
    VERIFY_OK(mail().append("Sent", "text", flagsOf({}, {"other"})));
    VERIFY_ERROR(mail().copy("Sent", AllUids, "INBOX"), ErrorCode::Limit);
    VERIFY_ERROR(mail().move("Sent", AllUids, "INBOX"), ErrorCode::Limit);
    QCOMPARE(mail().info("Sent")->messages, 1U);
    QCOMPARE(mail().info("INBOX")->messages, 1U);
}

namespace
{

QByteArrayList numberedKeywords(int first, int count)
{
    QByteArrayList keywords;
    for (int i = 0; i < count; ++i) {
        keywords.append("k" + QByteArray::number(first + i));
    }
    return keywords;
}

} // namespace

// They make room for others, and for good, where they are too many.
void TestStorageFlags::keywordsThatNoMessageHas()
{
    VERIFY_OK(mail().append("INBOX", "text", flagsOf({}, numberedKeywords(1000, 500))));
    VERIFY_OK(
        mail().storeFlags("INBOX", AllUids, FlagChange::Replace, flagsOf({}, {"k1003", "K1001"})));
    QCOMPARE(mail().keywords("INBOX")->size(), 500); // as long as nobody needs the room
    VERIFY_OK(mail().append("INBOX", "text", flagsOf(SystemFlag::Deleted, {"gone"})));
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"k1001", "k1003", "gone"}));
    // What a client that was not told yet can still fetch has its keywords.
    VERIFY_OK(mail().expunge("INBOX"));
    VERIFY_OK(mail().storeFlags(
        "INBOX", AllUids, FlagChange::Add, flagsOf({}, numberedKeywords(2000, 497))));
    QCOMPARE(mail().keywords("INBOX")->size(), 500);
    QVERIFY(mail().keywords("INBOX")->contains("gone"));
    VERIFY_ERROR(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf({}, {"more"})),
                 ErrorCode::Limit);
    // The last one that there is room for makes room already, as clients are told of it.
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Replace, flagsOf({}, {"k2000"})));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf({}, {"more"})));
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"gone", "k2000", "more"}));
    VERIFY_OK(m_fixture->reopen());
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf({}, {"MORE", "last"})));
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"gone", "k2000", "more", "last"}));
    QCOMPARE(mail().row("INBOX", Uid(1))->flags.keywords,
             QByteArrayList({"k2000", "last", "more"}));
}

// Also of those whose messages the job has not written yet.
void TestStorageFlags::keywordsOfOneJobAreKept()
{
    VERIFY_OK(mail().append("INBOX", "text", flagsOf({}, numberedKeywords(1000, 499))));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Replace, flagsOf({})));
    for (const char *keyword : {"a", "b", "c"}) {
        VERIFY_OK(mail().append("Sent", "text", flagsOf({}, {keyword, "k1001"})));
    }
    VERIFY_OK(mail().copy("Sent", AllUids, "INBOX"));
    const auto keywords = mail().keywords("INBOX");
    for (const char *keyword : {"a", "b", "c", "k1001"}) {
        QVERIFY2(keywords->contains(keyword), keyword);
    }
    QCOMPARE(mail().row("INBOX", Uid(3))->flags.keywords, QByteArrayList({"b", "k1001"}));
}

void TestStorageFlags::keywordsSurvive()
{
    VERIFY_OK(mail().append("INBOX", "text", flagsOf({}, {"alpha", "Zeta"})));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(*mail().keywords("INBOX"), QByteArrayList({"alpha", "Zeta"}));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf({}, {"beta", "zETA"})));
    QCOMPARE(mail().row("INBOX", Uid(1))->flags.keywords,
             QByteArrayList({"alpha", "beta", "Zeta"}));
}

// Whatever is asked of the flags, messages of other mailboxes are not among those found, and what
// was expunged is.
void TestStorageFlags::foundByFlags()
{
    constexpr SystemFlags::Int Combinations = 32;
    VERIFY_OK(mail().create("Work"));
    for (SystemFlags::Int bits = 0; bits < Combinations; ++bits) {
        VERIFY_OK(mail().append("INBOX", "text", flagsOf(SystemFlags::fromInt(bits))));
        VERIFY_OK(mail().append("Work", "text", flagsOf(SystemFlags::fromInt(bits))));
    }
    VERIFY_OK(
        mail().storeFlags("INBOX", only({1, 20}), FlagChange::Add, flagsOf(SystemFlag::Flagged)));
    VERIFY_OK(mail().storeFlags(
        "INBOX", only({6, 15}), FlagChange::Remove, flagsOf(SystemFlag::Flagged)));
    VERIFY_OK(mail().expunge("INBOX", {{Uid(10), Uid(15)}}));
    const auto id = mail().info("INBOX")->id;
    const auto rows = mail().rows("INBOX", true);
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), qsizetype(Combinations));
    for (SystemFlags::Int mask = 0; mask < Combinations; ++mask) {
        for (SystemFlags::Int wanted = mask;; wanted = (wanted - 1) & mask) {
            QList<Uid> expected;
            for (const MessageRow &row : *rows) {
                if ((row.flags.system.toInt() & mask) == wanted) {
                    expected.append(row.uid);
                }
            }
            const auto found = await(mail().store().read([=](ReadTxn &txn) {
                return txn.uidsWithFlags(
                    id, SystemFlags::fromInt(mask), SystemFlags::fromInt(wanted));
            }));
            VERIFY_OK(found);
            QVERIFY2(*found == expected, qPrintable(QStringLiteral("%1 %2").arg(mask).arg(wanted)));
            if (wanted == 0) {
                break;
            }
        }
    }
}

void TestStorageFlags::foundByKeyword_data()
{
    QTest::addColumn<QByteArray>("keyword");
    QTest::addColumn<QList<quint32>>("with");
    QTest::addRow("in two sets") << QByteArray("$Work") << QList<quint32>{1, 3, 6};
    QTest::addRow("in another case") << QByteArray("$wORK") << QList<quint32>{1, 3, 6};
    QTest::addRow("given later") << QByteArray("later") << QList<quint32>{2, 3};
    QTest::addRow("part of a name") << QByteArray("Wor") << QList<quint32>();
    QTest::addRow("of another mailbox") << QByteArray("elsewhere") << QList<quint32>();
    QTest::addRow("of an expunged one") << QByteArray("gone") << QList<quint32>{5};
    QTest::addRow("taken away") << QByteArray("old") << QList<quint32>();
    QTest::addRow("unknown") << QByteArray("none") << QList<quint32>();
}

void TestStorageFlags::foundByKeyword()
{
    QFETCH(const QByteArray, keyword);
    QFETCH(const QList<quint32>, with);
    constexpr quint32 Count = 6;
    VERIFY_OK(mail().create("Work"));
    VERIFY_OK(mail().append("Work", "text", flagsOf({}, {"elsewhere", "$Work"})));
    for (const QByteArrayList &keywords : {QByteArrayList{"$Work"},
                                           QByteArrayList{"$Junk", "old"},
                                           QByteArrayList{"$Junk", "$WORK"},
                                           QByteArrayList{},
                                           QByteArrayList{"gone"},
                                           QByteArrayList{"$work"}}) {
        VERIFY_OK(mail().append("INBOX", "text", flagsOf({}, keywords)));
    }
    VERIFY_OK(mail().storeFlags("INBOX", only({2, 3}), FlagChange::Add, flagsOf({}, {"later"})));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Remove, flagsOf({}, {"OLD"})));
    VERIFY_OK(mail().storeFlags("INBOX", only({5}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    const auto id = mail().info("INBOX")->id;
    for (const bool wanted : {true, false}) {
        QList<Uid> expected;
        for (quint32 uid = 1; uid <= Count; ++uid) {
            if (with.contains(uid) == wanted) {
                expected.append(Uid(uid));
            }
        }
        const auto found = await(mail().store().read(
            [=](ReadTxn &txn) { return txn.uidsWithKeyword(id, keyword, wanted); }));
        VERIFY_OK(found);
        QCOMPARE(*found, expected);
    }
}

QTEST_GUILESS_MAIN(TestStorageFlags)
#include "tst_storageflags.moc"
