#include "storage/backup.h"
#include "storage/sqlite/backupfolder.h"
#include "storage/sqlite/sha256.h"
#include "tests/storage/storagetest.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QSet>

#include <sqlite3.h>

#include <map>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

constexpr qint64 LargeBytes = 200'000; // in a file of its own

// All that a person would miss, by mailbox and UID. UIDVALIDITY is compared by itself.
struct Kept {
    struct Message {
        MessageFlags flags;
        InternalDate date;
        QByteArray bytes;

        friend bool operator==(const Message &, const Message &) = default;
    };

    std::map<QByteArray, MailboxInfo> mailboxes;
    std::map<std::pair<QByteArray, quint32>, Message> messages;
    std::map<QByteArray, QByteArray> comments; // metadata
    QByteArrayList subscriptions;

    friend bool operator==(const Kept &, const Kept &) = default;
};

Kept look(const Mail &mail)
{
    Kept kept;
    kept.subscriptions = mail.subscriptions().value_or(QByteArrayList{"none"});
    for (const QByteArray &name : *mail.names()) {
        auto info = *mail.info(name);
        info.uidValidity = {};
        kept.mailboxes[name] = info;
        for (const MessageRow &row : *mail.rows(name)) {
            kept.messages[{name, row.uid.value}] = {
                row.flags, row.internalDate, mail.bytes(name, row.uid).value_or("lost")};
        }
        const auto comment = await(mail.store().read(
            [id = info.id](ReadTxn &txn) { return txn.metadata(id, "/private/comment"); }));
        kept.comments[name] = comment.value_or(std::nullopt).value_or("none");
    }
    return kept;
}

QStringList faultsOf(const Mail &mail)
{
    const auto faults = await(mail.store().read([](ReadTxn &txn) { return txn.faults(); }));
    return faults ? *faults : QStringList{faults.error().text};
}

} // namespace

// Backups of accounts, and what a restore gives back of them.
class TestStorageBackup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void givesEverythingBack();
    void isOneMoment();
    void repeatsOnlyWhatIsNew();
    void equalDatabasesShareAFile();
    void keepsSoManyOfEachAccount();
    void savesWhoCanLogIn();
    void someAccountsOnly();
    void cleaningTakesNothingFromABackup();
    void readsWhatItHas();
    void refusesFolders_data();
    void refusesFolders();
    void aDamagedAccountKeepsItsBackups();
    void stops();
    void oneAtATime();
    void belongsToItsOwner();

    void findsEveryFlippedByte_data();
    void findsEveryFlippedByte();
    void leavesWhatIsThere();
    void replacesAndKeeps();
    void replacesADamagedAccount();
    void uidValidityGrows();
    void restoresBesideTheOthers();
    void olderBackups();
    void allAccountsOfAllBackups();
    void olderSchema();
    void newerSchema();
    void aStoppedRestoreChangesNothing();
    void aRestoreCutShortIsPurged();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    Storage &storage() const { return m_fixture->storage(); }
    QString folder() const { return m_outside.filePath(QStringLiteral("backup")); }
    void fill(const Mail &mail, quint32 seed) const;
    Result<BackupReport> backUp(BackupRequest request = {}) const;
    Result<RestoreReport> restore(RestoreRequest request = {}) const;
    // Another data folder, such as that of a new computer.
    void openElsewhere();
    QStringList filesIn(const QString &name) const;
    QString databaseOf(int generation, const QString &account) const;
    void changeEntry(const std::function<void(BackedUpAccount *)> &change) const;

    QTemporaryDir m_outside;
    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageBackup::init()
{
    QDir(folder()).removeRecursively();
    m_fixture = std::make_unique<StorageFixture>();
    QVERIFY(m_fixture->open());
    fill(mail(), 1);
}

void TestStorageBackup::cleanup()
{
    m_fixture.reset();
}

void TestStorageBackup::fill(const Mail &mail, quint32 seed) const
{
    VERIFY_OK(mail.create("Work"));
    VERIFY_OK(mail.subscribe("elsewhere", true));
    for (quint32 i = 1; i <= 60; ++i) {
        const auto size = i % 20 == 0 ? LargeBytes : 200 + i * 13 % 3000;
        VERIFY_OK(mail.append(i % 3 == 0 ? "Work" : "INBOX",
                              randomBytes(size, seed * 1000 + i),
                              flagsOf(i % 2 == 0 ? SystemFlag::Seen : SystemFlag::Flagged,
                                      {"k" + QByteArray::number(i % 7)}),
                              {1'700'000'000 + i, 60}));
    }
    VERIFY_OK(mail.storeFlags(
        "INBOX", {{Uid(5), Uid(9)}}, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail.expunge("INBOX"));
    VERIFY_OK(await(mail.store().write([](WriteTxn &txn) {
        return txn.setMetadata(
            txn.mailbox(MailboxName("Work"))->id, "/private/comment", QByteArray("of Work"));
    })));
}

Result<BackupReport> TestStorageBackup::backUp(BackupRequest request) const
{
    request.folder = request.folder.isEmpty() ? folder() : request.folder;
    return await(storage().backups().backUp(request, std::make_shared<TransferProgress>()));
}

Result<RestoreReport> TestStorageBackup::restore(RestoreRequest request) const
{
    request.folder = request.folder.isEmpty() ? folder() : request.folder;
    return await(storage().backups().restore(request, std::make_shared<TransferProgress>()));
}

void TestStorageBackup::openElsewhere()
{
    m_fixture = std::make_unique<StorageFixture>();
    QVERIFY(m_fixture->openEmpty());
}

QStringList TestStorageBackup::filesIn(const QString &name) const
{
    QStringList names;
    QDirIterator files(folder() + u'/' + name, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        names.append(files.next());
    }
    names.sort();
    return names;
}

QString TestStorageBackup::databaseOf(int number, const QString &account) const
{
    const auto generations = Backups::generationsIn(folder());
    for (const auto &generation : generations.value_or(QList<BackupGeneration>())) {
        for (const auto &entry : generation.accounts) {
            if (generation.number == number && entry.name == account) {
                return QStringLiteral("%1/databases/%2.db")
                    .arg(folder(), QString::fromLatin1(entry.database.toHex()));
            }
        }
    }
    return {};
}

void TestStorageBackup::changeEntry(const std::function<void(BackedUpAccount *)> &change) const
{
    const Sqlite::BackupFolder backups(folder(), Sqlite::diskFiles());
    auto generation = backups.generations()->first();
    change(&generation.accounts.first());
    VERIFY_OK(backups.add(generation));
}

void TestStorageBackup::givesEverythingBack()
{
    const auto before = look(mail());
    const auto saved = backUp();
    VERIFY_OK(saved);
    QCOMPARE(saved->generation, 1);
    QCOMPARE(saved->accounts.size(), 1);
    QVERIFY(!saved->accounts.first().error);
    QCOMPARE(saved->accounts.first().messages, qint64(before.messages.size()));
    QCOMPARE(saved->accounts.first().newFiles, 3);
    QCOMPARE(saved->accounts.first().textsRead, 60); // expunged ones too

    openElsewhere();
    const auto restored = restore();
    VERIFY_OK(restored);
    QCOMPARE(restored->accounts.size(), 1);
    QVERIFY(!restored->accounts.first().replaced);
    QVERIFY(!restored->accounts.first().keepsPassword);
    const auto again = m_fixture->account(QStringLiteral("anna"));
    VERIFY_OK(again);
    QVERIFY(look(*again) == before);
    QCOMPARE(faultsOf(*again), QStringList());
    QCOMPARE(*again->bytes("INBOX", Uid(5), true), randomBytes(200 + 7 * 13 % 3000, 1007));
}

// Writers go on between the slices, and nothing of theirs is half there.
void TestStorageBackup::isOneMoment()
{
    int written = 0;
    int doneBefore = 0;
    const auto progress = std::make_shared<TransferProgress>();
    auto saving = storage().backups().backUp({folder(), {}, 0, true, false}, progress);
    while (!saving.isFinished()) {
        // Two mailboxes change in one job: whoever sees one of them sees the other.
        VERIFY_OK(await(mail().store().write([](WriteTxn &txn) {
            return txn.move(txn.mailbox(MailboxName("INBOX"))->id,
                            AllUids,
                            txn.mailbox(MailboxName("Archive"))->id);
        })));
        VERIFY_OK(mail().append("INBOX", randomBytes(LargeBytes, 5000 + quint32(written))));
        VERIFY_OK(await(mail().store().write([](WriteTxn &txn) {
            return txn.move(txn.mailbox(MailboxName("Archive"))->id,
                            AllUids,
                            txn.mailbox(MailboxName("INBOX"))->id);
        })));
        ++written;
        doneBefore += progress->doneBytes > 0 ? 1 : 0;
    }
    VERIFY_OK(saving.result());
    QVERIFY2(doneBefore > 0, "the backup let nobody in between");

    openElsewhere();
    VERIFY_OK(restore());
    const auto again = m_fixture->account(QStringLiteral("anna"));
    VERIFY_OK(again);
    QCOMPARE(faultsOf(*again), QStringList());
    const auto inbox = again->uids("INBOX")->size();
    const auto archive = again->uids("Archive")->size();
    QVERIFY(inbox == 0 || archive == 0 || inbox == 1); // never some of a job
    QVERIFY(inbox + archive >= 35);
}

void TestStorageBackup::repeatsOnlyWhatIsNew()
{
    VERIFY_OK(backUp());
    const auto files = filesIn(QStringLiteral("content"));
    QCOMPARE(files.size(), 3);
    VERIFY_OK(mail().append("INBOX", randomBytes(LargeBytes, 77)));

    const auto saved = backUp();
    VERIFY_OK(saved);
    QCOMPARE(saved->generation, 2);
    QCOMPARE(saved->accounts.first().files, 4);
    QCOMPARE(saved->accounts.first().newFiles, 1);
    QCOMPARE(saved->accounts.first().newFileBytes, LargeBytes);
    QCOMPARE(filesIn(QStringLiteral("content")).size(), 4);
    QCOMPARE(filesIn(QStringLiteral("databases")).size(), 3); // the server's did not change
}

void TestStorageBackup::equalDatabasesShareAFile()
{
    VERIFY_OK(backUp());
    VERIFY_OK(backUp());
    QCOMPARE(databaseOf(1, QStringLiteral("anna")), databaseOf(2, QStringLiteral("anna")));
    QCOMPARE(filesIn(QStringLiteral("databases")).size(), 2);
}

// What only dropped backups needed goes with them. An account whose backups ended keeps its last.
void TestStorageBackup::keepsSoManyOfEachAccount()
{
    VERIFY_OK(m_fixture->account(QStringLiteral("bob")));
    VERIFY_OK(backUp());
    VERIFY_OK(await(storage().removeAccount(QStringLiteral("bob"), true)));
    int dropped = 0;
    for (quint32 i = 0; i < 4; ++i) {
        VERIFY_OK(mail().append("Trash", randomBytes(LargeBytes, 900 + i)));
        const auto saved = backUp({{}, {}, 2});
        VERIFY_OK(saved);
        dropped += saved->dropped;
        VERIFY_OK(
            mail().storeFlags("Trash", AllUids, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
        VERIFY_OK(mail().expunge("Trash"));
        m_fixture->setNow(m_fixture->now() + 40 * 86400);
        VERIFY_OK(m_fixture->clean());
    }
    const auto left = Backups::generationsIn(folder());
    VERIFY_OK(left);
    QList<int> numbers;
    for (const auto &generation : *left) {
        numbers.append(generation.number);
    }
    QCOMPARE(numbers, (QList<int>{5, 4, 1}));
    QCOMPARE(dropped, 2);
    QCOMPARE(filesIn(QStringLiteral("content")).size(), 3 + 2);
    VERIFY_OK(restore({{}, {QStringLiteral("bob")}, 0, {}, {}, false, true}));
    VERIFY_OK(restore({{}, {QStringLiteral("anna")}, 4, {}, {}, false, true}));
}

void TestStorageBackup::savesWhoCanLogIn()
{
    VERIFY_OK(await(storage().setCredentials(QStringLiteral("anna"), credentials('x'))));
    VERIFY_OK(backUp());
    openElsewhere();
    VERIFY_OK(restore());
    const auto anna = await(storage().account(QStringLiteral("ANNA")));
    VERIFY_OK(anna);
    QCOMPARE(anna->credentials, credentials('x'));
    QVERIFY(!anna->removed);
}

void TestStorageBackup::someAccountsOnly()
{
    VERIFY_OK(m_fixture->account(QStringLiteral("bob")));
    VERIFY_OK(m_fixture->account(QStringLiteral("carl")));
    VERIFY_OK(await(storage().removeAccount(QStringLiteral("carl"), false)));
    const auto one = backUp({{}, {QStringLiteral("BOB")}});
    VERIFY_OK(one);
    QCOMPARE(one->accounts.size(), 1);
    QCOMPARE(one->accounts.first().name, QStringLiteral("bob"));
    const auto all = backUp();
    VERIFY_OK(all);
    QCOMPARE(all->accounts.size(), 2); // removed ones by name only
    VERIFY_ERROR(backUp({{}, {QStringLiteral("dora")}}), ErrorCode::NotFound);
}

// The cleaner drops a text, with its file, that the moment of a backup still names.
void TestStorageBackup::cleaningTakesNothingFromABackup()
{
    for (quint32 i = 0; i < 30; ++i) {
        VERIFY_OK(mail().append("Trash", randomBytes(LargeBytes, 300 + i)));
    }
    const auto progress = std::make_shared<TransferProgress>();
    auto saving = storage().backups().backUp({folder(), {}, 0, true, false}, progress);
    while (progress->doneBytes == 0 && !saving.isFinished()) {
        VERIFY_OK(mail().info("INBOX"));
    }
    VERIFY_OK(mail().storeFlags("Trash", AllUids, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("Trash"));
    m_fixture->setNow(m_fixture->now() + 40 * 86400);
    VERIFY_OK(m_fixture->clean());
    const auto saved = await(saving);
    VERIFY_OK(saved);
    QVERIFY(!saved->accounts.first().error);
    VERIFY_OK(restore({{}, {}, 0, {}, {}, false, true}));
    VERIFY_OK(m_fixture->clean());
    QDirIterator files(m_fixture->path() + QStringLiteral("/accounts/1/content"),
                       QDir::Files,
                       QDirIterator::Subdirectories);
    int count = 0;
    for (; files.hasNext(); files.next()) {
        ++count;
    }
    QCOMPARE(count, 3); // a later round has found the others
}

// A file that has rotted in the folder is found when it is read again, and brought anew.
void TestStorageBackup::readsWhatItHas()
{
    VERIFY_OK(backUp());
    QFile file(filesIn(QStringLiteral("content")).first());
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(1000));
    QVERIFY(file.putChar('!'));
    file.close();
    const auto quick = backUp();
    VERIFY_OK(quick);
    QCOMPARE(quick->accounts.first().newFiles, 0);
    VERIFY_ERROR(restore({{}, {}, 0, {}, {}, false, true}), ErrorCode::Corrupt);
    const auto thorough = backUp({{}, {}, 0, true, true});
    VERIFY_OK(thorough);
    QCOMPARE(thorough->accounts.first().newFiles, 1);
    VERIFY_OK(restore({{}, {}, 0, {}, {}, false, true}));
}

void TestStorageBackup::refusesFolders_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    const auto invalid = int(ErrorCode::Invalid);
    QTest::newRow("the data folder") << "DATA" << invalid << "lies in the data folder";
    QTest::newRow("inside it") << "DATA/backup" << invalid << "lies in the data folder";
    QTest::newRow("inside by a link") << "link/backup" << invalid << "lies in the data folder";
    QTest::newRow("a file") << "file" << invalid << "is a file";
    QTest::newRow("other things") << "full" << invalid << "holds something else";
    QTest::newRow("of another data folder") << "other" << invalid << "of another data folder";
    QTest::newRow("no disk") << "gone/backup" << int(ErrorCode::Unavailable) << "connected?";
}

void TestStorageBackup::refusesFolders()
{
    QFETCH(QString, name);
    QFETCH(int, code);
    QFETCH(QString, text);
#ifdef Q_OS_WIN
    if (name.startsWith(QStringLiteral("link"))) {
        QSKIP("QFile::link() makes a shortcut here, which is no link");
    }
#endif
    QTemporaryDir place;
    QFile file(place.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(QDir(place.path()).mkpath(QStringLiteral("full/of/it")));
    QFile::link(m_fixture->path(), place.filePath(QStringLiteral("link")));
    {
        StorageFixture other;
        QVERIFY(other.open());
        VERIFY_OK(await(other.storage().backups().backUp(
            {place.filePath(QStringLiteral("other")), {}, 0, true, false},
            std::make_shared<TransferProgress>())));
    }
    const auto refused =
        backUp({name.startsWith(QStringLiteral("DATA")) ? m_fixture->path() + name.mid(4)
                                                        : place.filePath(name)});
    QVERIFY(!refused);
    QCOMPARE(int(refused.error().code), code);
    QVERIFY2(refused.error().text.contains(text), qPrintable(refused.error().text));
}

void TestStorageBackup::aDamagedAccountKeepsItsBackups()
{
    VERIFY_OK(m_fixture->account(QStringLiteral("bob")));
    VERIFY_OK(backUp());
    QDirIterator files(m_fixture->path() + QStringLiteral("/accounts/1/content"),
                       QDir::Files,
                       QDirIterator::Subdirectories);
    QVERIFY(QFile::resize(files.next(), 5));
    QDir(folder() + QStringLiteral("/content")).removeRecursively();
    for (int i = 0; i < 3; ++i) {
        const auto saved = backUp({{}, {}, 1});
        VERIFY_OK(saved);
        QVERIFY(saved->accounts.at(0).error);
        QCOMPARE(saved->accounts.at(0).error->code, ErrorCode::Corrupt);
        QVERIFY(!saved->accounts.at(1).error);
    }
    QVERIFY(!databaseOf(1, QStringLiteral("anna")).isEmpty());
}

void TestStorageBackup::stops()
{
    const auto progress = std::make_shared<TransferProgress>();
    auto saving = storage().backups().backUp({folder(), {}, 0, true, false}, progress);
    progress->isCancelled = true;
    VERIFY_ERROR(await(saving), ErrorCode::Cancelled);
    VERIFY_OK(backUp());
    auto second = storage().backups().backUp({folder(), {}, 0, true, false},
                                             std::make_shared<TransferProgress>());
    m_fixture->close(); // ends it
    QVERIFY(second.isFinished());
    QVERIFY(m_fixture->open());
    VERIFY_OK(restore({{}, {}, 1, {}, {}, false, true}));
}

void TestStorageBackup::oneAtATime()
{
    auto first = storage().backups().backUp({folder(), {}, 0, true, false},
                                            std::make_shared<TransferProgress>());
    VERIFY_ERROR(backUp(), ErrorCode::Busy);
    VERIFY_ERROR(restore(), ErrorCode::Busy);
    VERIFY_OK(await(first));
    VERIFY_OK(backUp());
}

void TestStorageBackup::belongsToItsOwner()
{
#ifdef Q_OS_UNIX
    VERIFY_OK(backUp());
    QDirIterator all(
        folder(), QDir::AllEntries | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther
        | QFile::WriteOther | QFile::ExeOther;
    QVERIFY(!(QFile::permissions(folder()) & others));
    while (all.hasNext()) {
        const auto path = all.next();
        QVERIFY2(!(QFile::permissions(path) & others), qPrintable(path));
    }
#endif
}

void TestStorageBackup::findsEveryFlippedByte_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("a manifest") << "generations";
    QTest::newRow("a database") << "databases";
    QTest::newRow("a large message") << "content";
}

void TestStorageBackup::findsEveryFlippedByte()
{
    QFETCH(QString, kind);
    VERIFY_OK(backUp());
    openElsewhere();
    for (const QString &path : filesIn(kind)) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto whole = file.readAll();
        for (const auto place : {whole.size() / 3, whole.size() / 2, whole.size() - 10}) {
            auto flipped = whole;
            flipped[place] = char(flipped.at(place) ^ 4);
            QVERIFY(file.seek(0));
            QCOMPARE(file.write(flipped), flipped.size());
            QVERIFY(file.flush());
            VERIFY_ERROR(restore(), ErrorCode::Corrupt);
            VERIFY_ERROR(restore({{}, {}, 0, {}, {}, false, true}), ErrorCode::Corrupt);
            QVERIFY(await(storage().accounts())->isEmpty());
        }
        QVERIFY(file.seek(0));
        QCOMPARE(file.write(whole), whole.size());
    }
    VERIFY_OK(restore());
}

void TestStorageBackup::leavesWhatIsThere()
{
    VERIFY_OK(backUp());
    VERIFY_OK(mail().append("INBOX", randomBytes(300, 4000)));
    const auto before = look(mail());
    VERIFY_ERROR(restore(), ErrorCode::AlreadyExists);
    QVERIFY(look(mail()) == before);
    VERIFY_OK(await(storage().removeAccount(QStringLiteral("anna"), false)));
    VERIFY_ERROR(restore(), ErrorCode::AlreadyExists);
    QCOMPARE(await(storage().accounts())->size(), 1);
    VERIFY_ERROR(restore({{}, {QStringLiteral("bob")}}), ErrorCode::NotFound);
    VERIFY_ERROR(restore({m_outside.path()}), ErrorCode::NotFound);
}

void TestStorageBackup::replacesAndKeeps()
{
    const auto old = look(mail());
    VERIFY_OK(backUp());
    VERIFY_OK(mail().append("INBOX", randomBytes(LargeBytes, 4000)));
    VERIFY_OK(await(storage().setCredentials(QStringLiteral("anna"), credentials('n'))));
    const auto now = look(mail());

    const auto restored = restore({{}, {}, 0, {}, {}, true});
    VERIFY_OK(restored);
    const auto &report = restored->accounts.first();
    QCOMPARE(report.replaced, std::make_optional(AccountId(1)));
    QVERIFY(report.keepsPassword);
    QVERIFY(QFile::exists(report.keptFolder + QStringLiteral("/mail.db")));
    QCOMPARE(await(storage().account(QStringLiteral("anna")))->credentials, credentials('n'));
    QCOMPARE(await(storage().account(QStringLiteral("anna")))->id, report.id);
    const auto anna = m_fixture->account(QStringLiteral("anna"));
    QVERIFY(look(*anna) == old);
    // Who still holds the old mail goes on with it, and it can be taken up again.
    QVERIFY(look(mail()) == now);
    VERIFY_OK(await(storage().addAccount(report.keptAs, credentials())));
    QVERIFY(look(*m_fixture->account(report.keptAs)) == now);
    VERIFY_OK(m_fixture->clean());
    QVERIFY(look(*anna) == old);

    // Once more within the same minute.
    const auto again = restore({{}, {}, 0, {}, {}, true});
    VERIFY_OK(again);
    QVERIFY(again->accounts.first().keptAs != report.keptAs);
}

void TestStorageBackup::replacesADamagedAccount()
{
    const auto old = look(mail());
    VERIFY_OK(backUp());
    m_fixture->close();
    QFile file(m_fixture->path() + QStringLiteral("/accounts/1/mail.db"));
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write(QByteArray(8192, '?'));
    file.close();
    QVERIFY(m_fixture->openEmpty());
    VERIFY_OK(restore({{}, {}, 0, {}, {}, true}));
    QVERIFY(look(*m_fixture->account(QStringLiteral("anna"))) == old);
}

// Whatever the clock says, and also above what was given after the backup.
void TestStorageBackup::uidValidityGrows()
{
    VERIFY_OK(backUp());
    m_fixture->setNow(m_fixture->now() + 1'000'000);
    VERIFY_OK(mail().create("Later"));
    const auto used = mail().info("Later")->uidValidity;
    m_fixture->setNow(m_fixture->now() - 2'000'000);
    VERIFY_OK(restore({{}, {}, 0, {}, {}, true}));
    const auto anna = m_fixture->account(QStringLiteral("anna"));
    VERIFY_OK(anna);
    QSet<quint32> seen;
    for (const auto &name : *anna->names()) {
        const auto value = anna->info(name)->uidValidity;
        QVERIFY(value > used);
        seen.insert(value.value);
    }
    QCOMPARE(seen.size(), anna->names()->size());
    VERIFY_OK(anna->create("After"));
    QVERIFY(!seen.contains(anna->info("After")->uidValidity.value));
}

void TestStorageBackup::restoresBesideTheOthers()
{
    const auto before = look(mail());
    VERIFY_OK(backUp());
    const auto restored =
        restore({{}, {QStringLiteral("anna")}, 0, {}, QStringLiteral("anna-then"), false});
    VERIFY_OK(restored);
    QCOMPARE(restored->accounts.first().name, QStringLiteral("anna-then"));
    QVERIFY(look(mail()) == before);
    QVERIFY(look(*m_fixture->account(QStringLiteral("anna-then"))) == before);
}

void TestStorageBackup::olderBackups()
{
    const auto first = look(mail());
    VERIFY_OK(backUp());
    const auto between = m_fixture->now() + 50;
    m_fixture->setNow(m_fixture->now() + 100);
    VERIFY_OK(mail().append("INBOX", randomBytes(300, 4000)));
    VERIFY_OK(backUp());
    for (const auto &request :
         {RestoreRequest{{}, {QStringLiteral("anna")}, 1, {}, QStringLiteral("a")},
          RestoreRequest{{},
                         {QStringLiteral("anna")},
                         0,
                         QDateTime::fromSecsSinceEpoch(between),
                         QStringLiteral("b")}}) {
        const auto restored = restore(request);
        VERIFY_OK(restored);
        QCOMPARE(restored->accounts.first().generation, 1);
        QVERIFY(look(*m_fixture->account(request.as)) == first);
    }
    VERIFY_ERROR(restore({{}, {}, 3}), ErrorCode::NotFound);
    VERIFY_ERROR(restore({{}, {}, 0, QDateTime::fromSecsSinceEpoch(1000)}), ErrorCode::NotFound);
}

// The newest was made of one account alone.
void TestStorageBackup::allAccountsOfAllBackups()
{
    const auto annaThen = look(mail());
    VERIFY_OK(await(storage().addAccount(QStringLiteral("bob"), credentials())));
    fill(*m_fixture->account(QStringLiteral("bob")), 5);
    VERIFY_OK(backUp());
    VERIFY_OK(m_fixture->account(QStringLiteral("bob"))->append("INBOX", randomBytes(300, 4000)));
    const auto bobNow = look(*m_fixture->account(QStringLiteral("bob")));
    VERIFY_OK(backUp({{}, {QStringLiteral("bob")}}));
    openElsewhere();
    const auto restored = restore();
    VERIFY_OK(restored);
    QCOMPARE(restored->accounts.size(), 2);
    for (const auto &account : restored->accounts) {
        const bool isBob = account.name == u"bob";
        QCOMPARE(account.generation, isBob ? 2 : 1);
        QVERIFY(look(*m_fixture->account(account.name)) == (isBob ? bobNow : annaThen));
    }
    // The same account by two spellings is one.
    openElsewhere();
    const auto once = restore({{}, {QStringLiteral("anna"), QStringLiteral("ANNA")}});
    VERIFY_OK(once);
    QCOMPARE(once->accounts.size(), 1);
}

void TestStorageBackup::olderSchema()
{
    VERIFY_OK(backUp());
    QFile script(QStringLiteral(TEST_DATA "/storage/mail-v1.sql"));
    QVERIFY(script.open(QIODevice::ReadOnly));
    const Sqlite::BackupFolder backups(folder(), Sqlite::diskFiles());
    sqlite3 *handle = nullptr;
    QCOMPARE(sqlite3_open(backups.newDatabasePath().toUtf8().constData(), &handle), SQLITE_OK);
    QCOMPARE(sqlite3_exec(handle, script.readAll().constData(), nullptr, nullptr, nullptr),
             SQLITE_OK);
    QCOMPARE(sqlite3_close(handle), SQLITE_OK);
    QFile database(backups.newDatabasePath());
    QVERIFY(database.open(QIODevice::ReadOnly));
    const auto digest = Sqlite::Sha256::of(database.readAll());
    database.close();
    VERIFY_OK(backups.keepNewDatabase(digest));
    changeEntry([&](BackedUpAccount *account) {
        account->schema = 1;
        account->database = digest;
    });
    openElsewhere();
    VERIFY_OK(restore({{}, {}, 0, {}, {}, false, true}));
    VERIFY_OK(restore());
    const auto anna = m_fixture->account(QStringLiteral("anna"));
    VERIFY_OK(anna);
    QCOMPARE(faultsOf(*anna), QStringList());
    QVERIFY(!anna->names()->isEmpty());
}

void TestStorageBackup::newerSchema()
{
    VERIFY_OK(backUp());
    changeEntry([](BackedUpAccount *account) { account->schema = 999; });
    openElsewhere();
    const auto refused = restore();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotPermitted);
    QVERIFY(refused.error().text.contains(QStringLiteral("newer version of Postnook")));
}

void TestStorageBackup::aStoppedRestoreChangesNothing()
{
    VERIFY_OK(backUp());
    const auto before = look(mail());
    const auto progress = std::make_shared<TransferProgress>();
    auto restoring = storage().backups().restore({folder(), {}, 0, {}, {}, true, false}, progress);
    while (progress->doneBytes == 0 && !restoring.isFinished()) {
        VERIFY_OK(mail().info("INBOX"));
    }
    progress->isCancelled = true;
    VERIFY_ERROR(await(restoring), ErrorCode::Cancelled);
    QVERIFY(look(mail()) == before);
    awaitBackground(storage());
    VERIFY_OK(await(storage().accounts()));
    QCOMPARE(QDir(m_fixture->path() + QStringLiteral("/accounts"))
                 .entryList(QDir::Dirs | QDir::NoDotAndDotDot),
             QStringList{QStringLiteral("1")});
}

void TestStorageBackup::aRestoreCutShortIsPurged()
{
    VERIFY_OK(backUp());
    auto restoring = storage().backups().restore({folder(), {}, 0, {}, {}, true, false},
                                                 std::make_shared<TransferProgress>());
    m_fixture->close();
    QVERIFY(restoring.isFinished());
    QVERIFY(m_fixture->open());
    VERIFY_OK(await(storage().accounts()));
    awaitBackground(storage());
    QCOMPARE(await(storage().accounts())->size(), 1);
    VERIFY_OK(restore({{}, {}, 0, {}, {}, true}));
}

QTEST_GUILESS_MAIN(TestStorageBackup)
#include "tst_storagebackup.moc"
