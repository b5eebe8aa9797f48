// The index of UIDs and flags, 64 UIDs in a row: its edges. That it follows the messages through
// whatever happens to them is shown by tst_storagechanges.

#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/uidblocks.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Postnook::Sqlite;

namespace
{

constexpr auto Mailbox = MailboxId(3);
constexpr auto Other = MailboxId(4);
constexpr auto Seen = static_cast<qint64>(SystemFlag::Seen);
constexpr auto Deleted = static_cast<qint64>(SystemFlag::Deleted);

QByteArray textOf(const QList<Uid> &uids)
{
    QByteArrayList numbers;
    for (const Uid uid : uids) {
        numbers.append(QByteArray::number(uid.value));
    }
    return numbers.join(' ');
}

} // namespace

class TestUidBlocks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void edges_data();
    void edges();
    void flagsReplaceThoseBefore();
    void modSeqIsTheHighest();
    void emptyBlocksGo();
    void mailboxesAreApart();
    void firstUnseen();
    void moreThanFitInMemory();
    void deletedWithin_data();
    void deletedWithin();

private:
    UidBlocks blocks(MailboxId mailbox = Mailbox) { return {*m_database, mailbox}; }
    QByteArray found(SystemFlags mask = {}, SystemFlags wanted = {}, MailboxId mailbox = Mailbox)
    {
        return textOf(*uidsWithFlags(*m_database, mailbox, mask, wanted));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Database> m_database;
};

void TestUidBlocks::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto opened =
        Database::open(m_folder->filePath(QStringLiteral("mail.db")), Database::Mode::Writer, {});
    QVERIFY(opened.has_value());
    m_database = std::move(*opened);
    QVERIFY(migrate(*m_database, mailSchema(1'700'000'000)).has_value());
}

void TestUidBlocks::cleanup()
{
    m_database.reset();
    m_folder.reset();
}

void TestUidBlocks::edges_data()
{
    QTest::addColumn<quint32>("uid");
    for (const quint32 uid :
         {1U, 2U, 62U, 63U, 64U, 65U, 127U, 128U, 0x7fffffffU, 0x80000000U, 0xfffffffeU}) {
        QTest::addRow("%u", uid) << uid;
    }
}

void TestUidBlocks::edges()
{
    QFETCH(const quint32, uid);
    auto changed = blocks();
    QVERIFY(changed.set(Uid(uid), Deleted, ModSeq(2)).has_value());
    QVERIFY(changed.flush().has_value());
    QCOMPARE(found(), QByteArray::number(uid));
    QCOMPARE(found(SystemFlag::Deleted, SystemFlag::Deleted), QByteArray::number(uid));
    QCOMPARE(found(SystemFlag::Seen, SystemFlags()), QByteArray::number(uid));
    QCOMPARE(found(SystemFlag::Seen | SystemFlag::Deleted, SystemFlag::Seen), QByteArray());
    QCOMPARE(firstUnseenUid(*m_database, Mailbox)->value_or(Uid()), Uid(uid));
}

void TestUidBlocks::flagsReplaceThoseBefore()
{
    auto changed = blocks();
    for (const qint64 flags : {31, 0, 8, 1, 16, 4, 2}) {
        QVERIFY(changed.set(Uid(70), flags, ModSeq(2)).has_value());
        QVERIFY(changed.flush().has_value());
        const auto all = SystemFlags::fromInt(31);
        const auto having = SystemFlags::fromInt(static_cast<quint8>(flags));
        QCOMPARE(found(all, having), QByteArray("70"));
        QCOMPARE(found(all, all & ~having), QByteArray());
    }
}

void TestUidBlocks::modSeqIsTheHighest()
{
    auto changed = blocks();
    for (const quint64 modSeq : {5U, 9U, 7U}) {
        QVERIFY(changed.set(Uid(70), 0, ModSeq(modSeq)).has_value());
    }
    QVERIFY(changed.remove(Uid(70)).has_value());
    QVERIFY(changed.set(Uid(71), 0, ModSeq(8)).has_value());
    QVERIFY(changed.flush().has_value());
    QCOMPARE(*m_database->number("SELECT modseq FROM uid_block"), 9);
}

void TestUidBlocks::emptyBlocksGo()
{
    auto changed = blocks();
    QVERIFY(changed.set(Uid(5), Seen, ModSeq(2)).has_value());
    QVERIFY(changed.set(Uid(6), Seen, ModSeq(2)).has_value());
    QVERIFY(changed.flush().has_value());
    QVERIFY(changed.remove(Uid(5)).has_value());
    QVERIFY(changed.flush().has_value());
    QCOMPARE(found(), QByteArray("6"));
    QVERIFY(changed.remove(Uid(6)).has_value());
    QVERIFY(changed.remove(Uid(7)).has_value()); // is not there
    QVERIFY(changed.flush().has_value());
    QCOMPARE(*m_database->number("SELECT count(*) FROM uid_block"), 0);
    QVERIFY(changed.set(Uid(9), 0, ModSeq(3)).has_value()); // and comes again
    QVERIFY(changed.flush().has_value());
    QCOMPARE(found(), QByteArray("9"));
}

void TestUidBlocks::mailboxesAreApart()
{
    for (const MailboxId mailbox : {Mailbox, Other}) {
        auto changed = blocks(mailbox);
        QVERIFY(changed.set(Uid(1), 0, ModSeq(2)).has_value());
        QVERIFY(changed.set(Uid(0xfffffffeU), mailbox == Other ? Seen : 0, ModSeq(2)).has_value());
        QVERIFY(changed.flush().has_value());
    }
    QCOMPARE(found({}, {}, Other), QByteArray("1 4294967294"));
    QCOMPARE(found(SystemFlag::Seen, SystemFlags(), Other), QByteArray("1"));
    auto changed = blocks(Other);
    QVERIFY(changed.remove(Uid(1)).has_value());
    QVERIFY(changed.flush().has_value());
    QCOMPARE(found({}, {}, Other), QByteArray("4294967294"));
    QCOMPARE(found(), QByteArray("1 4294967294"));
    QCOMPARE(firstUnseenUid(*m_database, Other)->has_value(), false);
}

void TestUidBlocks::firstUnseen()
{
    auto changed = blocks();
    for (quint32 uid = 1; uid <= 300; ++uid) {
        QVERIFY(changed.set(Uid(uid), uid < 200 ? Seen : 0, ModSeq(2)).has_value());
    }
    QVERIFY(changed.flush().has_value());
    QCOMPARE(firstUnseenUid(*m_database, Mailbox)->value_or(Uid()), Uid(200));
    QVERIFY(changed.set(Uid(63), 0, ModSeq(3)).has_value());
    QVERIFY(changed.flush().has_value());
    QCOMPARE(firstUnseenUid(*m_database, Mailbox)->value_or(Uid()), Uid(63));
}

// What a job keeps of a mailbox is bounded: the blocks from the beginning are read again.
void TestUidBlocks::moreThanFitInMemory()
{
    constexpr quint32 Blocks = 10'000;
    QVERIFY(m_database->run("BEGIN IMMEDIATE").has_value());
    auto changed = blocks();
    for (const qint64 flags : {qint64(0), Seen}) {
        for (quint32 block = 0; block < Blocks; ++block) {
            QVERIFY(changed.set(Uid(64 * block + 7), flags, ModSeq(2)).has_value());
        }
    }
    QVERIFY(changed.set(Uid(8), 0, ModSeq(2)).has_value());
    QVERIFY(changed.flush().has_value());
    QVERIFY(m_database->run("COMMIT").has_value());
    QCOMPARE(uidsWithFlags(*m_database, Mailbox, SystemFlag::Seen, SystemFlag::Seen)->size(),
             qsizetype(Blocks));
    QCOMPARE(found(SystemFlag::Seen, SystemFlags()), QByteArray("8"));
}

void TestUidBlocks::deletedWithin_data()
{
    QTest::addColumn<QList<int>>("deleted"); // of UIDs 1 to 1000
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    QTest::addColumn<QByteArray>("found");
    QTest::newRow("none") << QList<int>{} << 1 << 1000 << QByteArray();
    QTest::newRow("one") << QList<int>{77} << 1 << 1000 << QByteArray("77");
    QTest::newRow("in one block") << QList<int>{70, 80, 90} << 1 << 1000 << QByteArray("70 80 90");
    QTest::newRow("in blocks side by side")
        << QList<int>{63, 64, 200} << 1 << 1000 << QByteArray("63 64 200");
    QTest::newRow("far from each other") << QList<int>{1, 999} << 1 << 1000 << QByteArray("1 999");
    QTest::newRow("within a part of a block")
        << QList<int>{70, 80, 90} << 75 << 85 << QByteArray("80");
    QTest::newRow("beside what is asked for") << QList<int>{70, 80} << 85 << 127 << QByteArray();
    QTest::newRow("an end in each block") << QList<int>{60, 70} << 61 << 69 << QByteArray();
    QTest::newRow("three blocks, the middle one whole")
        << QList<int>{60, 70, 130} << 50 << 129 << QByteArray("60 70");
}

void TestUidBlocks::deletedWithin()
{
    QFETCH(const QList<int>, deleted);
    QFETCH(const int, first);
    QFETCH(const int, last);
    QFETCH(const QByteArray, found);
    auto changed = blocks();
    for (quint32 uid = 1; uid <= 1000; ++uid) {
        const auto flags = deleted.contains(static_cast<int>(uid)) ? Deleted : 0;
        QVERIFY(changed.set(Uid(uid), flags, ModSeq(2)).has_value());
    }
    QVERIFY(changed.flush().has_value());
    const UidRange within{Uid(static_cast<quint32>(first)), Uid(static_cast<quint32>(last))};
    QCOMPARE(textOf(*uidsWithFlags(
                 *m_database, Mailbox, SystemFlag::Deleted, SystemFlag::Deleted, within)),
             found);
}

QTEST_GUILESS_MAIN(TestUidBlocks)
#include "tst_uidblocks.moc"
