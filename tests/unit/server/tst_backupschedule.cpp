#include "app/server/backupschedule.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Postnook;
using namespace Qt::StringLiterals;

namespace
{

constexpr qint64 Day = 86'400;
const QDateTime Now = QDateTime(QDate(2026, 11, 24), QTime(2, 0), Qt::UTC);

AccountRecord account(int id, bool removed = false)
{
    return {AccountId(id), u"account %1"_s.arg(id), {}, removed};
}

BackupReport reportOf(const QList<AccountBackup> &accounts)
{
    BackupReport report;
    report.generation = 1;
    report.at = Now;
    report.accounts = accounts;
    return report;
}

} // namespace

// When the server makes a backup by itself, and what it keeps of how that went.
class TestBackupSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void due_data();
    void due();
    void remembersEachAccount();
    void survivesAFileThatIsNone();
};

void TestBackupSchedule::due_data()
{
    using Account = BackupState::Account;
    QTest::addColumn<BackupState>("state");
    QTest::addColumn<bool>("isDue");
    const auto with = [](const Account &one, const BackupState::Failure &whole = {}) {
        BackupState state;
        state.accounts[AccountId(1)] = one;
        state.failure = whole;
        return state;
    };
    const auto ago = [](qint64 seconds) { return Now.addSecs(-seconds); };
    QTest::newRow("never") << BackupState() << true;
    QTest::newRow("in time") << with({ago(Day - 1), u"/b"_s, {}}) << false;
    QTest::newRow("overdue") << with({ago(Day), u"/b"_s, {}}) << true;
    QTest::newRow("elsewhere") << with({ago(10), u"/other"_s, {}}) << true;
    QTest::newRow("the clock was wrong") << with({ago(-Day), u"/b"_s, {}}) << true;
    QTest::newRow("damaged, tried today")
        << with({ago(3 * Day), u"/b"_s, {ago(Day / 2), u"damaged"_s}}) << false;
    QTest::newRow("damaged, tried yesterday")
        << with({ago(3 * Day), u"/b"_s, {ago(Day), u"damaged"_s}}) << true;
    QTest::newRow("no disk just now")
        << with({ago(3 * Day), u"/b"_s, {}}, {ago(60), u"no disk"_s}) << false;
    QTest::newRow("no disk an hour ago")
        << with({ago(3 * Day), u"/b"_s, {}}, {ago(3600), u"no disk"_s}) << true;
}

void TestBackupSchedule::due()
{
    QFETCH(BackupState, state);
    QFETCH(bool, isDue);
    QCOMPARE(isBackupDue(state, {account(1)}, u"/b"_s, Day, Now), isDue);
    QVERIFY(!isBackupDue(state, {account(1, true)}, u"/b"_s, Day, Now));
    QVERIFY(!isBackupDue(state, {}, u"/b"_s, Day, Now));
}

void TestBackupSchedule::remembersEachAccount()
{
    const QTemporaryDir dir;
    const auto path = dir.filePath(u"backups.json"_s);
    AccountBackup good;
    good.id = AccountId(1);
    AccountBackup bad;
    bad.id = AccountId(2);
    bad.name = u"bob"_s;
    bad.error = Error{ErrorCode::Corrupt, u"damaged"_s};

    BackupState state;
    state.note(u"/b"_s, reportOf({good, bad}), Now);
    QVERIFY(state.save(path));
    QVERIFY(BackupState::load(path) == state);
    QVERIFY(state.knows(u"/b"_s));
    QCOMPARE(state.accounts[AccountId(1)].at, Now);
    QVERIFY(!state.accounts[AccountId(2)].at.isValid());
    QCOMPARE(state.accounts[AccountId(2)].failure.text, u"damaged"_s);
    QCOMPARE(failureOf(reportOf({good, bad})), u"bob: damaged"_s);

    // A good one of somebody else says nothing of bob's; one that was stopped says nothing.
    state.note(u"/b"_s, reportOf({good}), Now);
    QCOMPARE(state.accounts[AccountId(2)].failure.text, u"damaged"_s);
    state.note(u"/b"_s, Error{ErrorCode::OverQuota, u"full"_s}, Now);
    QCOMPARE(state.failure.text, u"full"_s);
    state.note(u"/b"_s, Error{ErrorCode::Cancelled, u"stopped"_s}, Now);
    QCOMPARE(state.failure.text, u"full"_s);
    bad.error.reset();
    state.note(u"/b"_s, reportOf({good, bad}), Now);
    QVERIFY(!state.failure.at.isValid());
    QCOMPARE(state.accounts[AccountId(2)].at, Now);
    QVERIFY(!state.accounts[AccountId(2)].failure.at.isValid());
}

void TestBackupSchedule::survivesAFileThatIsNone()
{
    const QTemporaryDir dir;
    const auto path = dir.filePath(u"backups.json"_s);
    QVERIFY(BackupState::load(path) == BackupState());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"accounts\":[");
    file.close();
    QVERIFY(BackupState::load(path) == BackupState());
}

QTEST_GUILESS_MAIN(TestBackupSchedule)
#include "tst_backupschedule.moc"
