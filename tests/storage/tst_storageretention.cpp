#include "tests/storage/storagetest.h"

#include <QDirIterator>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

constexpr qint64 Day = 86400;

}

// The contract of store.h: what is kept of expunged messages, for how long, by a clock that the
// test sets.
class TestStorageRetention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void nothingGoesBeforeItsTime();
    void wholeMessagesGoAfterUndelete();
    void historyEndsAfterSyncHistory();
    void onlyWhatIsOldGoes();
    void sharedContentStays();
    void deletedMailboxesGo();
    void aLostClockForgetsNothing();
    void uidsStayUsed();
    void strayFilesAreRubbish();
    void stagedContentIsNotRubbish();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    void pass(qint64 seconds) { m_fixture->setNow(m_fixture->now() + seconds); }
    void appendAndExpunge(const QByteArray &bytes);

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageRetention::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    m_fixture->options().undeleteRetentionSeconds = 30 * Day;
    m_fixture->options().syncHistorySeconds = 365 * Day;
    VERIFY_OK(m_fixture->open());
}

void TestStorageRetention::cleanup()
{
    m_fixture.reset();
}

void TestStorageRetention::appendAndExpunge(const QByteArray &bytes)
{
    const auto appended = mail().append("INBOX", bytes, flagsOf(SystemFlag::Deleted));
    VERIFY_OK(appended);
    VERIFY_OK(mail().expunge("INBOX", only({appended->uid.value})));
}

void TestStorageRetention::nothingGoesBeforeItsTime()
{
    const auto large = randomBytes(100000, 1);
    VERIFY_OK(mail().append("INBOX", "stays"));
    appendAndExpunge(large);
    pass(29 * Day);
    const int files = m_fixture->fileCount();
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(m_fixture->fileCount(), files);
    QVERIFY(*mail().bytes("INBOX", Uid(2), true) == large);
    QVERIFY(mail().changes("INBOX", ModSeq(0))->complete);
    QCOMPARE(*mail().bytes("INBOX", Uid(1)), QByteArray("stays"));
}

void TestStorageRetention::wholeMessagesGoAfterUndelete()
{
    VERIFY_OK(mail().append("INBOX", "stays"));
    const int files = m_fixture->fileCount();
    appendAndExpunge(randomBytes(100000, 1));
    appendAndExpunge("small");
    const auto content = mail().row("INBOX", Uid(3), true)->content;
    const auto before = mail().changes("INBOX", ModSeq(0));
    VERIFY_OK(before);
    pass(31 * Day);
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(m_fixture->fileCount(), files);
    const auto reader = await(mail().store().read([content](ReadTxn &txn) -> Result<void> {
        const auto found = txn.content(content);
        return found ? Result<void>() : found.error();
    }));
    VERIFY_ERROR(reader, ErrorCode::NotFound);
    for (const auto &row : *mail().rows("INBOX", true)) {
        QVERIFY(!row.expunged);
    }

    // UID and MODSEQ stay for QRESYNC.
    const auto after = mail().changes("INBOX", ModSeq(0));
    VERIFY_OK(after);
    QVERIFY(after->complete);
    QCOMPARE(after->expunged.size(), 2);
    for (qsizetype i = 0; i < 2; ++i) {
        QCOMPARE(after->expunged.at(i).uid, before->expunged.at(i).uid);
        QCOMPARE(after->expunged.at(i).modSeq, before->expunged.at(i).modSeq);
    }
    QVERIFY(after->mailbox == before->mailbox);
}

void TestStorageRetention::historyEndsAfterSyncHistory()
{
    VERIFY_OK(mail().append("INBOX", "stays"));
    const auto start = mail().info("INBOX")->highestModSeq;
    appendAndExpunge("one");
    const auto end = mail().info("INBOX")->highestModSeq;
    pass(366 * Day);
    VERIFY_OK(m_fixture->clean());
    const auto info = mail().info("INBOX");
    VERIFY_OK(info);
    QVERIFY(info->historyFloor >= end);
    QVERIFY(info->historyFloor <= info->highestModSeq);
    QVERIFY(info->highestModSeq >= end);

    const auto below = mail().changes("INBOX", start);
    VERIFY_OK(below);
    QVERIFY(!below->complete);
    QVERIFY(below->expunged.isEmpty());
    const auto above = mail().changes("INBOX", info->historyFloor);
    VERIFY_OK(above);
    QVERIFY(above->complete);

    appendAndExpunge("two");
    const auto next = mail().changes("INBOX", info->historyFloor);
    VERIFY_OK(next);
    QVERIFY(next->complete);
    QCOMPARE(next->expunged.size(), 1);
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().info("INBOX")->historyFloor, info->historyFloor);
}

void TestStorageRetention::onlyWhatIsOldGoes()
{
    appendAndExpunge("old");
    const auto floor = mail().info("INBOX")->highestModSeq;
    pass(300 * Day);
    appendAndExpunge("younger");
    pass(50 * Day);
    appendAndExpunge("youngest");
    pass(16 * Day); // 366, 66 and 16 days
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(*mail().bytes("INBOX", Uid(3), true), QByteArray("youngest"));
    QCOMPARE(mail().rows("INBOX", true)->size(), 1);
    const auto changes = mail().changes("INBOX", floor);
    VERIFY_OK(changes);
    QVERIFY(changes->complete);
    QCOMPARE(changes->expunged.size(), 2);
    QVERIFY(!mail().changes("INBOX", ModSeq(0))->complete);
}

void TestStorageRetention::sharedContentStays()
{
    for (const auto &bytes : {QByteArray("small"), randomBytes(100000, 7)}) {
        const auto kept = mail().append("Archive", bytes);
        VERIFY_OK(kept);
        appendAndExpunge(bytes);
        pass(400 * Day);
        VERIFY_OK(m_fixture->clean());
        QVERIFY(*mail().bytes("Archive", kept->uid) == bytes);
    }
}

void TestStorageRetention::deletedMailboxesGo()
{
    const int files = m_fixture->fileCount();
    VERIFY_OK(mail().create("Doomed"));
    VERIFY_OK(mail().append("Doomed", randomBytes(100000, 3)));
    const auto content = mail().row("Doomed", Uid(1))->content;
    VERIFY_OK(mail().remove("Doomed"));
    const auto read = [&] {
        return await(mail().store().read([content](ReadTxn &txn) -> Result<void> {
            const auto found = txn.content(content);
            return found ? Result<void>() : found.error();
        }));
    };
    pass(29 * Day);
    VERIFY_OK(m_fixture->clean());
    VERIFY_OK(read()); // stays for undelete
    pass(2 * Day);
    VERIFY_OK(m_fixture->clean());
    VERIFY_ERROR(read(), ErrorCode::NotFound);
    QCOMPARE(m_fixture->fileCount(), files);
    pass(400 * Day);
    VERIFY_OK(m_fixture->clean());
    VERIFY_OK(mail().create("Doomed"));
}

void TestStorageRetention::aLostClockForgetsNothing()
{
    const auto right = m_fixture->now();
    appendAndExpunge("before");
    for (const qint64 wrong : {right - 3600, qint64(5)}) {
        m_fixture->setNow(wrong);
        appendAndExpunge(QByteArray::number(wrong));
        VERIFY_OK(m_fixture->clean());
    }
    m_fixture->setNow(right + 29 * Day);
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(mail().rows("INBOX", true)->size(), 3);
    m_fixture->setNow(right + 31 * Day);
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(mail().rows("INBOX", true)->size(), 0);
}

void TestStorageRetention::uidsStayUsed()
{
    appendAndExpunge("one");
    const auto before = mail().info("INBOX");
    pass(800 * Day);
    VERIFY_OK(m_fixture->clean());
    VERIFY_OK(m_fixture->reopen());
    const auto after = mail().info("INBOX");
    QCOMPARE(after->uidNext, before->uidNext);
    QCOMPARE(after->uidValidity, before->uidValidity);
    QVERIFY(after->highestModSeq >= before->highestModSeq);
    QCOMPARE(mail().append("INBOX", "two")->uid, before->uidNext);
}

// A file that no row names is no mail, whatever made it.
void TestStorageRetention::strayFilesAreRubbish()
{
    VERIFY_OK(mail().append("INBOX", randomBytes(100000, 1)));
    QString stray;
    QDirIterator files(m_fixture->path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QFileInfo file(files.next());
        if (file.size() == 100000) {
            auto name = file.fileName();
            name.back() = name.back() == QLatin1Char('0') ? QLatin1Char('1') : QLatin1Char('0');
            stray = file.dir().filePath(name);
            QVERIFY(QFile::copy(file.filePath(), stray));
        }
    }
    if (stray.isEmpty()) {
        QSKIP("this engine has no message files");
    }
    pass(2 * Day);
    VERIFY_OK(m_fixture->reopen());
    VERIFY_OK(m_fixture->clean());
    QVERIFY(!QFile::exists(stray));
    QVERIFY(*mail().bytes("INBOX", Uid(1)) == randomBytes(100000, 1));
}

void TestStorageRetention::stagedContentIsNotRubbish()
{
    const auto bytes = randomBytes(100000, 5);
    auto message = newMessage(mail().store(), bytes);
    VERIFY_OK(message);
    const auto half = mail().store().newContent(200000);
    VERIFY_OK(half->write(bytes));
    pass(800 * Day);
    VERIFY_OK(m_fixture->clean());
    VERIFY_OK(half->write(bytes));
    const auto whole = half->finish();
    VERIFY_OK(whole);
    const auto appended = await(mail().store().write(
        [first = *message, second = *whole](WriteTxn &txn) -> Result<AppendResult> {
            const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
            const auto uid = txn.append(inbox, first);
            return uid ? txn.append(inbox, {second, {}, {}, {}}) : uid.error();
        }));
    VERIFY_OK(appended);
    QVERIFY(*mail().bytes("INBOX", Uid(1)) == bytes);
    QVERIFY(*mail().bytes("INBOX", Uid(2)) == bytes + bytes);
}

QTEST_GUILESS_MAIN(TestStorageRetention)
#include "tst_storageretention.moc"
