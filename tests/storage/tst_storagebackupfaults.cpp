#include "storage/backup.h"
#include "storage/sqlite/backupfolder.h"
#include "tests/storage/faultrig.h"

#include <QLoggingCategory>

using namespace Postnook;
using namespace Postnook::Test;

// Backups and restores on a disk that fails at any call and loses power at any call: earlier
// backups stay good, what was told to be a backup is one, and an account is the old or the new one.
class TestStorageBackupFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_rig.reset(); }

    void backupOnAFailingDisk_data();
    void backupOnAFailingDisk();
    void powerCutInABackup_data();
    void powerCutInABackup();
    void powerCutInARestore_data();
    void powerCutInARestore();

private:
    QString folder() const { return m_outside.filePath(QStringLiteral("backup")); }
    Backups &backups() const { return m_rig->storage().backups(); }
    bool backUp() const;
    Result<RestoreReport> restore(int generation, bool onlyReads) const;
    // What is wrong with what the folder says that it has; at least so many.
    QByteArray wrongBackups(int least) const;
    int countCalls(const std::function<void()> &work) const;

    std::unique_ptr<FaultRig> m_rig;
    QTemporaryDir m_outside; // the folders of the backup; its files are on the rig's disk
    FaultDisk::Image m_base;
};

void TestStorageBackupFaults::initTestCase()
{
    QLoggingCategory::setFilterRules(QStringLiteral("postnook.*=false"));
}

// One backup, and mail that has come since.
void TestStorageBackupFaults::init()
{
    m_rig = std::make_unique<FaultRig>();
    VERIFY_OK(m_rig->open());
    for (const char *label : {"old-1", "Lold-2", "Lold-3"}) {
        VERIFY_OK(m_rig->mail().append("INBOX", textOf(label)));
    }
    QVERIFY(backUp());
    VERIFY_OK(m_rig->mail().append("INBOX", textOf("Lnew-1")));
    VERIFY_OK(m_rig->mail().append("INBOX", textOf("new-2")));
    m_rig->close();
    m_base = m_rig->disk().image();
}

bool TestStorageBackupFaults::backUp() const
{
    const auto report = await(
        backups().backUp({folder(), {}, 0, true, false}, std::make_shared<TransferProgress>()));
    return report && report->generation > 0 && !report->accounts.first().error;
}

Result<RestoreReport> TestStorageBackupFaults::restore(int generation, bool onlyReads) const
{
    return await(backups().restore({folder(), {}, generation, {}, {}, true, onlyReads},
                                   std::make_shared<TransferProgress>()));
}

QByteArray TestStorageBackupFaults::wrongBackups(int least) const
{
    const Sqlite::BackupFolder backups(folder(), m_rig->contentFiles());
    const auto generations = backups.generations();
    if (!generations || generations->size() < least) {
        return "a backup is lost";
    }
    for (const auto &generation : *generations) {
        if (const auto whole = restore(generation.number, true); !whole) {
            return "backup " + QByteArray::number(generation.number) + " of "
                + QByteArray::number(generations->size()) + ": " + describe(whole.error());
        }
    }
    return {};
}

int TestStorageBackupFaults::countCalls(const std::function<void()> &work) const
{
    m_rig->disk().put(m_base);
    if (!m_rig->open()) {
        return 0;
    }
    m_rig->disk().arm({});
    work();
    const int calls = m_rig->disk().calls(ChangingCalls);
    m_rig->close();
    return calls;
}

void TestStorageBackupFaults::backupOnAFailingDisk_data()
{
    QTest::addColumn<DiskFault::Kind>("kind");
    QTest::newRow("full disk") << DiskFault::FullDisk;
    QTest::newRow("I/O error") << DiskFault::IoError;
}

void TestStorageBackupFaults::backupOnAFailingDisk()
{
    QFETCH(DiskFault::Kind, kind);
    const int calls = countCalls([this] { QVERIFY(backUp()); });
    QVERIFY(calls > 20);
    for (int call = 1; call <= calls; ++call) {
        m_rig->disk().put(m_base);
        VERIFY_OK(m_rig->open());
        m_rig->disk().arm(DiskFault{kind, ChangingCalls, call, false});
        const bool isTold = backUp();
        m_rig->disk().arm({});
        const auto wrong = wrongBackups(isTold ? 2 : 1);
        QVERIFY2(wrong.isEmpty(), "call " + QByteArray::number(call) + ": " + wrong);
        QVERIFY2(backUp(), "call " + QByteArray::number(call));
        const auto wrongThen = wrongBackups(2);
        QVERIFY2(wrongThen.isEmpty(), "call " + QByteArray::number(call) + ": " + wrongThen);
        m_rig->close();
    }
}

void TestStorageBackupFaults::powerCutInABackup_data()
{
    QTest::addColumn<DiskLoss>("loss");
    QTest::newRow("the process died") << DiskLoss::Nothing;
    QTest::newRow("all unsynced is lost") << DiskLoss::Everything;
    QTest::newRow("some of it") << DiskLoss::Torn;
}

void TestStorageBackupFaults::powerCutInABackup()
{
    QFETCH(DiskLoss, loss);
    const int calls = countCalls([this] { QVERIFY(backUp()); });
    for (int call = 1; call <= calls + 1; ++call) { // and once behind the last
        m_rig->disk().put(m_base);
        VERIFY_OK(m_rig->open());
        m_rig->disk().arm(DiskFault{DiskFault::PowerOff, ChangingCalls, call, true});
        const bool isTold = backUp();
        m_rig->close();
        m_rig->disk().powerOn(loss, quint32(call));
        VERIFY_OK(m_rig->open());
        const auto wrong = wrongBackups(isTold ? 2 : 1);
        QVERIFY2(wrong.isEmpty(), "call " + QByteArray::number(call) + ": " + wrong);
        QVERIFY2(backUp(), "call " + QByteArray::number(call));
        const auto wrongThen = wrongBackups(2);
        QVERIFY2(wrongThen.isEmpty(), "call " + QByteArray::number(call) + ": " + wrongThen);
        m_rig->close();
    }
}

void TestStorageBackupFaults::powerCutInARestore_data()
{
    powerCutInABackup_data();
}

void TestStorageBackupFaults::powerCutInARestore()
{
    QFETCH(DiskLoss, loss);
    const int calls = countCalls([this] { VERIFY_OK(restore(1, false)); });
    QVERIFY(calls > 20);
    for (int call = 1; call <= calls + 1; ++call) {
        m_rig->disk().put(m_base);
        VERIFY_OK(m_rig->open());
        m_rig->disk().arm(DiskFault{DiskFault::PowerOff, ChangingCalls, call, true});
        const bool isTold = restore(1, false).has_value();
        m_rig->close();
        m_rig->disk().powerOn(loss, quint32(call));
        VERIFY_OK(m_rig->open());
        const auto now = snapshotOf(m_rig->mail());
        VERIFY_OK(now);
        QVERIFY2(now->damages.isEmpty(), now->damages.join("; "));
        QVERIFY(now->holds("INBOX", "old-1") && now->holds("INBOX", "Lold-2")
                && now->holds("INBOX", "Lold-3"));
        const bool isNew = !now->holds("INBOX", "Lnew-1");
        QCOMPARE(now->holds("INBOX", "new-2"), !isNew);
        QVERIFY2(isNew || !isTold, "call " + QByteArray::number(call) + ": told and lost");
        QVERIFY(isNew || now->holds("INBOX", "Lnew-1"));
        m_rig->close();
    }
}

QTEST_GUILESS_MAIN(TestStorageBackupFaults)
#include "tst_storagebackupfaults.moc"
