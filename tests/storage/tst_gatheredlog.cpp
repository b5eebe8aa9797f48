#include "storage/sqlite/gatheredlog.h"
#include "tests/storage/faultvfs.h"
#include "tests/storage/sqliteconnection.h"

#include <QRandomGenerator>
#include <QTest>

using namespace Postnook::Sqlite;
using namespace Postnook::Test;

namespace
{

const QByteArray Path = "/data/gathered.db";
const QByteArray PlainPath = "/data/plain.db";
const QByteArray All =
    "SELECT group_concat(id || ':' || x, ' ') FROM (SELECT * FROM t ORDER BY id)";

// A database on a disk that can fail, by the VFS that gathers and by the one under it.
struct Rig {
    FaultDisk disk;
    FaultVfs vfs{"gathered-test", &disk};
    QByteArray gathering = gatheringVfs(vfs.name());
};

// Statements as they come in long transactions, on so many rows that they do not fit into a cache
// of a few pages: frames are written before the commit, written over, left behind and read.
class Statements
{
public:
    explicit Statements(quint32 seed)
        : m_random(seed)
    {
    }

    QByteArray next()
    {
        const auto number = QByteArray::number(m_random.bounded(60));
        const auto size = QByteArray::number(m_random.bounded(1, 6000));
        switch (m_random.bounded(12)) {
        case 0:
            return "COMMIT; BEGIN";
        case 1:
            return "SAVEPOINT s";
        case 2:
            return "ROLLBACK TO s";
        case 3:
            return "RELEASE s";
        case 4:
            return "DELETE FROM t WHERE id % 7 = " + number + " % 7";
        case 5:
            return "UPDATE t SET x = hex(zeroblob(" + size + ")) WHERE id % 5 = " + number + " % 5";
        case 6:
            return "SELECT count(*) FROM t WHERE x LIKE '%" + number + "%'";
        case 7:
            return m_random.bounded(4) == 0 ? "ROLLBACK; BEGIN" : "SELECT 1";
        case 8:
            return m_random.bounded(2) == 0 ? "COMMIT; PRAGMA wal_checkpoint(TRUNCATE); BEGIN"
                                            : "COMMIT; PRAGMA wal_checkpoint(RESTART); BEGIN";
        default:
            return "REPLACE INTO t VALUES (" + number + ", '" + number + "' || hex(zeroblob(" + size
                + ")))";
        }
    }

    QByteArray nextChange()
    {
        auto sql = next();
        while (!sql.startsWith("DELETE") && !sql.startsWith("UPDATE")
               && !sql.startsWith("REPLACE")) {
            sql = next();
        }
        return sql;
    }

private:
    QRandomGenerator m_random;
};

// Inside a transaction, until one of them does not find room.
bool runSome(SqliteConnection &connection, Statements &statements, QRandomGenerator &random)
{
    for (int n = random.bounded(1, 12); n > 0; --n) {
        const auto sql = statements.next();
        const bool endsIt = sql.startsWith("COMMIT") || sql.startsWith("ROLLBACK;");
        if (!endsIt && connection.run(sql) == SQLITE_FULL) {
            return false;
        }
    }
    return true;
}

void makeTable(SqliteConnection &connection)
{
    QCOMPARE(connection.run("PRAGMA cache_size = 5; CREATE TABLE t (id INTEGER PRIMARY KEY, x);"
                            "CREATE INDEX t_by_x ON t (x); BEGIN"),
             SQLITE_OK);
}

} // namespace

class TestGatheredLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fewWrites_data();
    void fewWrites();
    void othersSeeACommitAtOnce_data() { synchronousModes(); }
    void othersSeeACommitAtOnce();
    void doesWhatSqliteDoes_data() { synchronousModes(); }
    void doesWhatSqliteDoes();
    void aFullDiskLosesNothing();
    void committedSurvivesPowerCut();
    void anOpeningThatFails();

private:
    static void synchronousModes()
    {
        QTest::addColumn<QByteArray>("synchronous");
        for (const auto *mode : {"FULL", "NORMAL", "OFF"}) {
            QTest::addRow("%s", mode) << QByteArray(mode);
        }
    }
};

void TestGatheredLog::fewWrites_data()
{
    QTest::addColumn<bool>("isGathered");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<int>("writes");
    const QByteArray spilled = "BEGIN; INSERT INTO t VALUES (1, zeroblob(100000)); ROLLBACK";
    QTest::addRow("SQLite") << false << QByteArray() << 9; // of 4 frames and the log's header
    QTest::addRow("gathered") << true << QByteArray() << 3; // the header, the frames, the last page
    QTest::addRow("gathered, after a rollback") << true << spilled << 3;
}

void TestGatheredLog::fewWrites()
{
    QFETCH(bool, isGathered);
    QFETCH(QByteArray, before);
    QFETCH(int, writes);
    Rig rig;
    SqliteConnection connection(isGathered ? rig.gathering : rig.vfs.name(), Path, "FULL");
    connection.run("PRAGMA cache_size = 5; CREATE TABLE t (id INTEGER PRIMARY KEY, x);"
                   "PRAGMA wal_checkpoint");
    QCOMPARE(connection.run(before), SQLITE_OK);
    rig.disk.arm({});
    QCOMPARE(connection.run("INSERT INTO t VALUES (1, zeroblob(12000))"), SQLITE_OK);
    QCOMPARE(rig.disk.calls(DiskCall::Write), writes);
}

void TestGatheredLog::othersSeeACommitAtOnce()
{
    QFETCH(QByteArray, synchronous);
    Rig rig;
    SqliteConnection writer(rig.gathering, Path, synchronous);
    writer.run("CREATE TABLE t (id INTEGER PRIMARY KEY, x)");
    SqliteConnection reader(rig.vfs.name(), Path, "FULL");
    for (int rows = 1; rows <= 20; ++rows) {
        QCOMPARE(writer.run("INSERT INTO t (x) VALUES (zeroblob(10000))"), SQLITE_OK);
        QCOMPARE(reader.value("SELECT count(*) FROM t"), QByteArray::number(rows));
        QCOMPARE(reader.value("SELECT sum(length(x)) FROM t"), QByteArray::number(rows * 10000));
    }
}

void TestGatheredLog::doesWhatSqliteDoes()
{
    QFETCH(QByteArray, synchronous);
    Rig rig;
    SqliteConnection gathered(rig.gathering, Path, synchronous);
    SqliteConnection plain(rig.vfs.name(), PlainPath, synchronous);
    SqliteConnection reader(rig.vfs.name(), Path, synchronous);
    makeTable(gathered);
    makeTable(plain);
    Statements statements(20261130);
    for (int i = 0; i < 4000; ++i) {
        const auto sql = statements.next();
        const int code = plain.run(sql);
        QCOMPARE(gathered.run(sql), code);
        QVERIFY2(gathered.value(All) == plain.value(All), sql);
        if (sql.startsWith("COMMIT")) {
            QVERIFY2(reader.value(All) == plain.value(All), sql);
        }
    }
    QCOMPARE(gathered.value("PRAGMA integrity_check"), QByteArray("ok"));
    QCOMPARE(reader.value("PRAGMA integrity_check"), QByteArray("ok"));
}

// Whatever write fails: what had been done since the savepoint is undone, and what is committed
// then is whole.
void TestGatheredLog::aFullDiskLosesNothing()
{
    Rig rig;
    SqliteConnection connection(rig.gathering, Path, "FULL");
    makeTable(connection);
    QCOMPARE(connection.run("COMMIT"), SQLITE_OK);
    SqliteConnection reader(rig.vfs.name(), Path, "FULL");
    Statements statements(8);
    QRandomGenerator random(9);
    int failures = 0;
    int commits = 0;
    for (int i = 0; i < 400; ++i) {
        const auto before = reader.value(All);
        QCOMPARE(connection.run("BEGIN"), SQLITE_OK);
        for (int n = random.bounded(8); n > 0; --n) {
            QCOMPARE(connection.run(statements.nextChange()), SQLITE_OK);
        }
        const auto saved = connection.value(All);
        QCOMPARE(connection.run("SAVEPOINT job"), SQLITE_OK);
        rig.disk.arm(DiskFault{DiskFault::FullDisk, DiskCall::Write, random.bounded(1, 12)});
        bool isDone = runSome(connection, statements, random);
        auto after = connection.value(All); // may have to write as well, and fail
        if (!isDone || after == "error") {
            ++failures;
            isDone = connection.run("ROLLBACK TO job") == SQLITE_OK; // or all of it was undone
            after = connection.value(All);
            QCOMPARE(after, isDone ? saved : before);
        }
        isDone = isDone && connection.run("COMMIT") == SQLITE_OK;
        commits += isDone ? 1 : 0;
        rig.disk.arm({});
        connection.run("ROLLBACK");
        QVERIFY2(reader.value(All) == (isDone ? after : before), QByteArray::number(i));
        QVERIFY2(connection.value(All) == reader.value(All), QByteArray::number(i));
        QCOMPARE(reader.value("PRAGMA integrity_check"), QByteArray("ok"));
    }
    QVERIFY2(failures > 50 && commits > 50,
             QByteArray::number(failures) + ' ' + QByteArray::number(commits));
}

void TestGatheredLog::committedSurvivesPowerCut()
{
    for (int call = 1;; ++call) {
        Rig rig;
        int acknowledged = 0;
        rig.disk.arm(DiskFault{DiskFault::PowerOff, ChangingCalls, call});
        {
            SqliteConnection connection(rig.gathering, Path, "FULL");
            connection.run("CREATE TABLE t (id INTEGER PRIMARY KEY, x)");
            while (acknowledged < 12
                   && connection.run("INSERT INTO t (x) VALUES (zeroblob(30000))") == SQLITE_OK) {
                ++acknowledged;
            }
        }
        const bool wasCut = rig.disk.isOff();
        rig.disk.powerOn(DiskLoss::Torn, quint32(call));
        SqliteConnection connection(rig.vfs.name(), Path, "FULL");
        QCOMPARE(connection.value("PRAGMA integrity_check"), QByteArray("ok"));
        connection.run("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, x)");
        const int survived = connection.value("SELECT count(*) FROM t").toInt();
        QVERIFY2(survived >= acknowledged && survived <= acknowledged + 1,
                 QByteArray::number(call));
        if (!wasCut) {
            QCOMPARE(survived, 12);
            return;
        }
    }
}

// A log that cannot be opened is an error, and no crash.
void TestGatheredLog::anOpeningThatFails()
{
    Rig rig;
    {
        SqliteConnection connection(rig.gathering, Path, "FULL");
        QCOMPARE(connection.run("CREATE TABLE t (id INTEGER PRIMARY KEY, x)"), SQLITE_OK);
    }
    int failures = 0;
    for (int call = 1; call <= 6; ++call) {
        rig.disk.arm(DiskFault{DiskFault::IoError, DiskCall::Open, call});
        SqliteConnection connection(rig.gathering, Path, "FULL");
        failures += connection.value("SELECT count(*) FROM t") == "error" ? 1 : 0;
        rig.disk.arm({});
        SqliteConnection again(rig.gathering, Path, "FULL");
        QCOMPARE(again.value("SELECT count(*) FROM t"), QByteArray("0"));
    }
    QVERIFY(failures > 0);
}

QTEST_GUILESS_MAIN(TestGatheredLog)
#include "tst_gatheredlog.moc"
