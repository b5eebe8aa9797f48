#include "tests/storage/faultvfs.h"
#include "tests/storage/sqliteconnection.h"

#include <QTest>

using namespace Postnook::Test;

namespace
{

const QByteArray Path = "/data/a.db";
constexpr int Rows = 25;
const QByteArray CreateTable = "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, x)";

QByteArray insertRow(int id)
{
    return "INSERT INTO t VALUES (" + QByteArray::number(id) + ", randomblob(3000))";
}

// How many rows were acknowledged: all up to this one.
int insertRows(SqliteConnection &connection)
{
    int acknowledged = 0;
    connection.run(CreateTable);
    for (int id = 1; id <= Rows; ++id) {
        if (connection.run(insertRow(id)) != SQLITE_OK) {
            return acknowledged;
        }
        acknowledged = id;
        if (id % 10 == 0) {
            connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }
    return acknowledged;
}

} // namespace

// The disk that tests the engine has to be a disk: SQLite itself must keep its promises on it, and
// what it does not promise must be seen to fail.
class TestFaultVfs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worksLikeADisk();
    void committedSurvivesPowerCut_data();
    void committedSurvivesPowerCut();
    void unsyncedIsLost();
    void failsWhenTold_data();
    void failsWhenTold();
    void entriesNeedTheirFolderSynced();
    void failedSyncForgets();
};

void TestFaultVfs::worksLikeADisk()
{
    FaultDisk disk;
    const FaultVfs vfs("fault-test", &disk);
    {
        SqliteConnection writer(vfs.name(), Path, "FULL");
        QCOMPARE(writer.value("PRAGMA journal_mode"), QByteArray("wal"));
        QCOMPARE(insertRows(writer), Rows);
        SqliteConnection reader(vfs.name(), Path, "FULL");
        QCOMPARE(reader.value("SELECT count(*) FROM t"), QByteArray("25"));
        QCOMPARE(reader.run("BEGIN; SELECT * FROM t"), SQLITE_OK);
        QCOMPARE(writer.run("DELETE FROM t WHERE id > 5"), SQLITE_OK);
        QCOMPARE(reader.value("SELECT count(*) FROM t"), QByteArray("25"));
        QCOMPARE(writer.value("SELECT count(*) FROM t"), QByteArray("5"));
        QCOMPARE(writer.run("BEGIN IMMEDIATE"), SQLITE_OK);
        QCOMPARE(reader.run("ROLLBACK; BEGIN IMMEDIATE"), SQLITE_BUSY);
    }
    SqliteConnection again(vfs.name(), Path, "FULL");
    QCOMPARE(again.value("SELECT count(*) FROM t"), QByteArray("5"));
    QCOMPARE(again.value("PRAGMA integrity_check"), QByteArray("ok"));
}

void TestFaultVfs::committedSurvivesPowerCut_data()
{
    QTest::addColumn<int>("loss");
    QTest::addRow("the process dies") << int(DiskLoss::Nothing);
    QTest::addRow("all unsynced is lost") << int(DiskLoss::Everything);
    QTest::addRow("torn writes") << int(DiskLoss::Torn);
}

void TestFaultVfs::committedSurvivesPowerCut()
{
    QFETCH(int, loss);
    for (int call = 1;; ++call) {
        FaultDisk disk;
        const FaultVfs vfs("fault-test", &disk);
        int acknowledged = 0;
        disk.arm(DiskFault{DiskFault::PowerOff, ChangingCalls, call});
        {
            SqliteConnection connection(vfs.name(), Path, "FULL");
            acknowledged = insertRows(connection);
        }
        const bool wasCut = disk.isOff();
        disk.powerOn(DiskLoss(loss), quint32(call));
        SqliteConnection connection(vfs.name(), Path, "FULL");
        connection.run(CreateTable);
        QCOMPARE(connection.value("PRAGMA integrity_check"), QByteArray("ok"));
        const int survived = connection.value("SELECT count(*) FROM t").toInt();
        QVERIFY2(survived >= acknowledged && survived <= acknowledged + 1,
                 "call " + QByteArray::number(call) + ": " + QByteArray::number(survived) + " of "
                     + QByteArray::number(acknowledged));
        if (!wasCut) {
            QCOMPARE(survived, Rows);
            return;
        }
    }
}

// The counterpart: without syncs the same test has to see the loss.
void TestFaultVfs::unsyncedIsLost()
{
    FaultDisk disk;
    const FaultVfs vfs("fault-test", &disk);
    {
        SqliteConnection connection(vfs.name(), Path, "OFF");
        QCOMPARE(connection.run(CreateTable), SQLITE_OK);
        QCOMPARE(connection.run(insertRow(1)), SQLITE_OK);
        disk.arm(DiskFault{DiskFault::PowerOff, AllCalls, 1});
        connection.run(insertRow(2));
    }
    disk.powerOn(DiskLoss::Everything, 1);
    SqliteConnection connection(vfs.name(), Path, "FULL");
    QCOMPARE(connection.value("SELECT count(*) FROM sqlite_schema"), QByteArray("0"));
}

void TestFaultVfs::failsWhenTold_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("call");
    QTest::addColumn<bool>("forGood");
    QTest::addColumn<int>("code");
    QTest::addRow("a write, once, full")
        << int(DiskFault::FullDisk) << int(DiskCall::Write) << false << SQLITE_FULL;
    QTest::addRow("a write, for good, full")
        << int(DiskFault::FullDisk) << int(DiskCall::Write) << true << SQLITE_FULL;
    QTest::addRow("a write, once, error")
        << int(DiskFault::IoError) << int(DiskCall::Write) << false << SQLITE_IOERR_WRITE;
    QTest::addRow("a sync, for good")
        << int(DiskFault::IoError) << int(DiskCall::Sync) << true << SQLITE_IOERR_FSYNC;
}

void TestFaultVfs::failsWhenTold()
{
    QFETCH(int, kind);
    QFETCH(int, call);
    QFETCH(bool, forGood);
    QFETCH(int, code);
    FaultDisk disk;
    const FaultVfs vfs("fault-test", &disk);
    SqliteConnection connection(vfs.name(), Path, "FULL");
    QCOMPARE(connection.run(CreateTable), SQLITE_OK);
    disk.arm(DiskFault{DiskFault::Kind(kind), DiskCall(call), 1, forGood});
    QCOMPARE(connection.run(insertRow(1)), code & 0xff);
    QVERIFY(disk.calls(DiskCall(call)) >= 1);
    QCOMPARE(connection.run(insertRow(2)), forGood ? code & 0xff : SQLITE_OK);
    QCOMPARE(connection.value("SELECT count(*) FROM t"), QByteArray(forGood ? "0" : "1"));
    disk.arm({});
    QCOMPARE(connection.run(insertRow(3)), SQLITE_OK);
    QCOMPARE(connection.value("PRAGMA integrity_check"), QByteArray("ok"));
}

void TestFaultVfs::entriesNeedTheirFolderSynced()
{
    FaultDisk disk;
    bool made = false;
    FaultDisk::NodePtr node;
    const auto write = [&](const QByteArray &path) {
        return disk.open(path, true, true, &node) == DiskStatus::Ok
            && disk.write(node, 0, "x") == DiskStatus::Ok
            && disk.sync(node, false) == DiskStatus::Ok;
    };
    QCOMPARE(disk.makeFolder("/d", &made), DiskStatus::Ok);
    QVERIFY(write("/d/kept") && write("/lost"));
    QCOMPARE(disk.syncFolder("/d"), DiskStatus::Ok);
    QVERIFY(write("/d/late"));
    auto image = disk.image();
    QCOMPARE(image.size(), size_t(4));
    disk.powerOn(DiskLoss::Everything, 1);
    QVERIFY(disk.image().empty()); // "/d" itself was never safe

    disk.put(image);
    QCOMPARE(disk.remove("/d/kept"), DiskStatus::Ok);
    QCOMPARE(disk.write(node, 0, "y"), DiskStatus::IoError); // dead since the cut
    disk.powerOn(DiskLoss::Everything, 1);
    QVERIFY(disk.image() == image); // a removal is unsafe too
}

void TestFaultVfs::failedSyncForgets()
{
    FaultDisk disk;
    FaultDisk::NodePtr node;
    QCOMPARE(disk.open("/a", true, true, &node), DiskStatus::Ok);
    QCOMPARE(disk.write(node, 0, QByteArray(5120, 'x')), DiskStatus::Ok);
    disk.arm(DiskFault{DiskFault::IoError, DiskCall::Sync, 1});
    QCOMPARE(disk.sync(node, true), DiskStatus::IoError);
    QCOMPARE(disk.sync(node, true), DiskStatus::Ok); // and yet:
    disk.powerOn(DiskLoss::Everything, 1);
    QVERIFY(disk.image().at("/a") != QByteArray(5120, 'x'));
}

QTEST_GUILESS_MAIN(TestFaultVfs)
#include "tst_faultvfs.moc"
