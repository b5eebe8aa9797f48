#include "tests/storage/faultrig.h"
#include "tests/storage/gate.h"

#include <QSignalSpy>

using namespace Postnook;
using namespace Postnook::Test;

// What works when there is no room left, and what is told of it.
class TestStorageFullDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatDeletesWorks();
    void aGroupIsTriedAgain();
    void withoutAReserveNothingIsLost();
    void theReserveIsThere();
    void startsOnAFullDisk();
    void tellsWhenItIsLow();

private:
    static constexpr qint64 Room = 8LL * 1024 * 1024;
    static constexpr qint64 Reserve = Room / 32; // the share of a small disk
    static constexpr qint64 Low = 300'000;

    FaultDisk &disk() { return m_rig->disk(); }
    const Mail &mail() { return m_rig->mail(); }
    QByteArray path(const char *name) const { return m_rig->path().toUtf8() + '/' + name; }
    void fillUp(qint64 leaving); // by another program
    void makeRoom();
    void look() { VERIFY_OK(await(m_rig->storage().lookAtDisk())); }
    qint64 reserveBytes();
    bool reopen();
    DiskState state();

    std::unique_ptr<FaultRig> m_rig;
    QList<DiskState> m_states;
};

void TestStorageFullDisk::init()
{
    m_rig.reset();
    m_rig = std::make_unique<FaultRig>();
    m_states.clear();
    m_rig->options().diskReserveBytes = Room;
    m_rig->options().lowDiskBytes = Low;
    disk().setRoom(Room);
    QVERIFY(reopen());
    for (const char *label : {"one", "two", "three"}) {
        VERIFY_OK(mail().append("INBOX", textOf(label)));
    }
}

bool TestStorageFullDisk::reopen()
{
    m_rig->close();
    if (!m_rig->open()) {
        return false;
    }
    connect(&m_rig->storage(), &Storage::diskStateChanged, this, [this](DiskState state) {
        m_states.append(state);
    });
    look();
    return true;
}

void TestStorageFullDisk::fillUp(qint64 leaving)
{
    makeRoom();
    FaultDisk::NodePtr file;
    QVERIFY(disk().open("/filler", true, false, &file) == DiskStatus::Ok);
    const auto bytes = qMax<qint64>(disk().freeBytes() - leaving, 0);
    QVERIFY(disk().write(file, 0, QByteArray(bytes, 'x')) == DiskStatus::Ok);
}

void TestStorageFullDisk::makeRoom()
{
    static_cast<void>(disk().remove("/filler"));
}

qint64 TestStorageFullDisk::reserveBytes()
{
    const auto image = disk().image();
    const auto file = image.find(path("reserve"));
    return file == image.end() ? -1 : file->second.size();
}

DiskState TestStorageFullDisk::state()
{
    look(); // what giving up the reserve asked for has been told by then
    return m_rig->storage().diskState();
}

void TestStorageFullDisk::whatDeletesWorks()
{
    VERIFY_OK(mail().create("Old"));
    VERIFY_OK(mail().append("Old", textOf("Large")));
    QCOMPARE(reserveBytes(), Reserve);
    fillUp(0);

    VERIFY_ERROR(mail().append("INBOX", textOf("late")), ErrorCode::OverQuota);
    QCOMPARE(state(), DiskState::Full);
    QCOMPARE(reserveBytes(), -1);
    // What would eat up the reserve is refused, whatever the way.
    VERIFY_ERROR(mail().append("INBOX", textOf("late")), ErrorCode::OverQuota);
    VERIFY_ERROR(mail().copy("INBOX", AllUids, "Old"), ErrorCode::OverQuota);
    VERIFY_ERROR(stage(mail().store(), textOf("Large")), ErrorCode::OverQuota);
    const auto comment = [this](const std::optional<QByteArray> &value) {
        return await(mail().store().write([value](WriteTxn &txn) {
            return txn.setMetadata(ServerMetadata, "/private/comment", value);
        }));
    };
    VERIFY_ERROR(comment(QByteArray("x")), ErrorCode::OverQuota);
    VERIFY_OK(comment(std::nullopt));

    VERIFY_OK(mail().storeFlags(
        "INBOX", only({1}), FlagChange::Add, flagsOf(SystemFlag::Deleted | SystemFlag::Seen)));
    QCOMPARE(*mail().expunge("INBOX"), QList<Uid>{Uid(1)});
    VERIFY_OK(mail().create("Bin"));
    VERIFY_OK(mail().move("INBOX", only({2}), "Bin"));
    VERIFY_OK(mail().rename("Bin", "Kept"));
    VERIFY_OK(mail().subscribe("Kept", true));
    VERIFY_OK(mail().remove("Old"));
    QCOMPARE(*mail().bytes("INBOX", Uid(3)), textOf("three"));

    // All of that is on the disk.
    m_rig->close();
    fillUp(Reserve);
    QVERIFY(reopen());
    QCOMPARE(state(), DiskState::Full);
    auto snapshot = snapshotOf(mail());
    VERIFY_OK(snapshot);
    QVERIFY(!snapshot->holds("INBOX", "one") && snapshot->holds("Kept", "two"));
    QVERIFY(snapshot->damages.isEmpty() && !snapshot->exists("Old"));
    VERIFY_ERROR(mail().append("INBOX", textOf("late")), ErrorCode::OverQuota);

    makeRoom();
    QCOMPARE(state(), DiskState::Enough);
    QCOMPARE(reserveBytes(), Reserve);
    VERIFY_OK(mail().append("INBOX", textOf("late")));
    m_rig->close();
    QCOMPARE(m_rig->integrityFaults(), QByteArrayList());
}

// Of what is to be committed together, each job gets what is its own.
void TestStorageFullDisk::aGroupIsTriedAgain()
{
    VERIFY_OK(mail().storeFlags("INBOX", only({2}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    const auto inbox = mail().info("INBOX");
    VERIFY_OK(inbox);
    const auto large = newMessage(mail().store(), QByteArray(60'000, 'm'));
    VERIFY_OK(large);
    Gate gate;
    const auto first = mail().store().write([&gate](WriteTxn &txn) {
        gate.pass();
        return txn.mailboxes();
    });
    gate.waitForArrival();
    fillUp(0);
    const auto append = mail().store().write(
        [id = inbox->id, message = *large](WriteTxn &txn) { return txn.append(id, message); });
    const auto expunge =
        mail().store().write([id = inbox->id](WriteTxn &txn) { return txn.expunge(id, AllUids); });
    gate.open();
    VERIFY_OK(await(first));
    VERIFY_ERROR(await(append), ErrorCode::OverQuota);
    const auto expunged = await(expunge);
    VERIFY_OK(expunged);
    QCOMPARE(*expunged, QList<Uid>{Uid(2)});
    QCOMPARE(*mail().uids("INBOX"), (QList<Uid>{Uid(1), Uid(3)}));
}

void TestStorageFullDisk::withoutAReserveNothingIsLost()
{
    m_rig->options().diskReserveBytes = 0;
    QVERIFY(disk().remove(path("reserve")) == DiskStatus::Ok);
    QVERIFY(reopen());
    fillUp(0);
    VERIFY_ERROR(mail().append("INBOX", textOf("late")), ErrorCode::OverQuota);
    QCOMPARE(state(), DiskState::Low);
    QCOMPARE(mail().uids("INBOX")->size(), 3);
    makeRoom();
    VERIFY_OK(mail().append("INBOX", textOf("late")));
}

void TestStorageFullDisk::theReserveIsThere()
{
    QCOMPARE(reserveBytes(), Reserve);
    // A process that ended while it wrote it leaves a short one.
    FaultDisk::NodePtr file;
    QVERIFY(disk().open(path("reserve"), false, false, &file) == DiskStatus::Ok);
    QVERIFY(disk().truncate(file, 1000) == DiskStatus::Ok);
    QVERIFY(reopen());
    QCOMPARE(reserveBytes(), Reserve);
    QVERIFY(m_states.isEmpty());
}

void TestStorageFullDisk::startsOnAFullDisk()
{
    // With its reserve it is as if nothing were the matter.
    fillUp(Low * 2);
    QVERIFY(reopen());
    QCOMPARE(state(), DiskState::Enough);
    VERIFY_OK(mail().append("INBOX", textOf("four")));

    // Without, what is left is not for new mail.
    QVERIFY(disk().remove(path("reserve")) == DiskStatus::Ok);
    m_rig->close();
    fillUp(Reserve);
    QVERIFY(reopen());
    QCOMPARE(state(), DiskState::Full);
    VERIFY_ERROR(mail().append("INBOX", textOf("five")), ErrorCode::OverQuota);
    VERIFY_OK(mail().storeFlags("INBOX", only({1}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    QCOMPARE(mail().expunge("INBOX")->size(), 1);
}

// Each state once, and not again for some bytes that come and go.
void TestStorageFullDisk::tellsWhenItIsLow()
{
    fillUp(Low - 1);
    QCOMPARE(state(), DiskState::Low);
    look();
    fillUp(Low + 1000);
    look();
    QCOMPARE(m_states, QList<DiskState>{DiskState::Low});
    fillUp(2 * Low);
    look();
    QCOMPARE(m_states, (QList<DiskState>{DiskState::Low, DiskState::Enough}));
}

QTEST_GUILESS_MAIN(TestStorageFullDisk)
#include "tst_storagefulldisk.moc"
