#include "tests/storage/storagetest.h"

#include <QDir>
#include <QFile>

#include <sqlite3.h>

#include <map>
#include <random>
#include <set>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

constexpr qint64 PageBytes = 4096;
constexpr qint64 LargeBytes = 200'000; // in a file of its own

// All that a person would miss, by mailbox and UID.
struct Kept {
    std::map<QByteArray, MailboxInfo> mailboxes;
    std::map<std::pair<QByteArray, quint32>, std::pair<MessageFlags, QByteArray>> messages;
};

} // namespace

// What is found wrong with an account's mail, and what a repair saves of it.
class TestStorageRepair : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void nothingIsWrong();
    void findsWhatIsWrong_data();
    void findsWhatIsWrong();
    void aSoundDatabaseStaysAsItIs();
    void savesWhatCanBeRead_data();
    void savesWhatCanBeRead();
    void oneFlippedByte();
    void aTruncatedFile();
    void aLostMailboxComesBack();
    void aLostRootLosesNothing_data();
    void aLostRootLosesNothing();
    void anyRootMayBeLost_data();
    void anyRootMayBeLost();
    void textsWithoutMessagesAreRecovered();
    void nothingIsChangedWhereNothingCanBeRead();
    void aRepairCutShortIsEndedByTheNext();
    void theStoreIsClosedMeanwhile();
    void aDamagedIndexExpungesNothing_data();
    void aDamagedIndexExpungesNothing();
    void aDamagedIndexHidesNothing();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    QString file(const char *name = "mail.db") const
    {
        return m_fixture->path() + QStringLiteral("/accounts/1/") + QString::fromLatin1(name);
    }
    void fill();
    Kept look() const;
    QStringList faults() const;
    // Runs SQL on the database as nobody would.
    void tamper(const char *sql);
    // With everything in the one file.
    void close() { m_fixture->close(); }
    void open() { QVERIFY(m_fixture->open()); }
    QByteArray pages() const;
    void putPages(const QByteArray &pages);
    Result<RepairReport> repair() { return await(m_fixture->storage().repair(AccountId(1))); }
    // Everything that is there is as it was, but for so many texts.
    void compare(const Kept &before, const Kept &after, qsizetype mostLost, qint64 changed = 0);
    // Of the table, and of the pages right below it.
    QList<qsizetype> rootAndLeaves(const char *table);
    void putRubbish(const QList<qsizetype> &pages);

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageRepair::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    QVERIFY(m_fixture->open());
    fill();
}

void TestStorageRepair::cleanup()
{
    m_fixture.reset();
}

// Several hundred pages: small messages, some in two mailboxes, large ones in files, flags,
// keywords, expunged ones, names that stand alone.
void TestStorageRepair::fill()
{
    VERIFY_OK(mail().create("Work"));
    VERIFY_OK(mail().create("Work/Old"));
    VERIFY_OK(mail().subscribe("elsewhere", true));
    for (quint32 i = 1; i <= 300; ++i) {
        const auto size = i % 50 == 0 ? LargeBytes : 200 + i * 13 % 3000;
        const auto name = i % 3 == 0 ? "Work" : "INBOX";
        VERIFY_OK(mail().append(name,
                                randomBytes(size, i),
                                flagsOf(i % 2 == 0 ? SystemFlag::Seen : SystemFlag::Flagged,
                                        {"k" + QByteArray::number(i % 7)}),
                                {1'700'000'000 + i, 60}));
    }
    VERIFY_OK(mail().copy("INBOX", {{Uid(1), Uid(40)}}, "Work/Old"));
    VERIFY_OK(mail().storeFlags(
        "INBOX", {{Uid(20), Uid(29)}}, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
}

Kept TestStorageRepair::look() const
{
    Kept kept;
    for (const QByteArray &name : *mail().names()) {
        kept.mailboxes[name] = *mail().info(name);
        for (const MessageRow &row : *mail().rows(name)) {
            kept.messages[{name, row.uid.value}] = {row.flags,
                                                    mail().bytes(name, row.uid).value_or("lost")};
        }
    }
    return kept;
}

QStringList TestStorageRepair::faults() const
{
    const auto faults = await(mail().store().read([](ReadTxn &txn) { return txn.faults(); }));
    return faults ? *faults : QStringList{faults.error().text};
}

void TestStorageRepair::tamper(const char *sql)
{
    close();
    sqlite3 *handle = nullptr;
    QCOMPARE(sqlite3_open(file().toUtf8().constData(), &handle), SQLITE_OK);
    QCOMPARE(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
    open();
}

QByteArray TestStorageRepair::pages() const
{
    QFile database(file());
    return database.open(QIODevice::ReadOnly) ? database.readAll() : QByteArray();
}

void TestStorageRepair::putPages(const QByteArray &pages)
{
    QFile database(file());
    QVERIFY(database.open(QIODevice::WriteOnly | QIODevice::Truncate));
    QCOMPARE(database.write(pages), pages.size());
}

void TestStorageRepair::compare(const Kept &before,
                                const Kept &after,
                                qsizetype mostLost,
                                qint64 changed)
{
    qsizetype lost = 0;
    qint64 differ = 0;
    for (const auto &[place, message] : before.messages) {
        const auto found = after.messages.find(place);
        if (found == after.messages.end()) {
            ++lost;
            continue;
        }
        QCOMPARE(found->second.first, message.first);
        differ += found->second.second == message.second ? 0 : 1;
    }
    QCOMPARE_LE(differ, changed);
    QVERIFY2(lost <= mostLost, qPrintable(QString::number(lost)));
    for (const auto &[name, mailbox] : before.mailboxes) {
        const auto found = after.mailboxes.find(name);
        if (found == after.mailboxes.end()) {
            continue;
        }
        QCOMPARE(found->second.uidValidity, mailbox.uidValidity);
        QVERIFY(found->second.uidNext >= mailbox.uidNext);
        QVERIFY(found->second.highestModSeq >= mailbox.highestModSeq);
    }
}

void TestStorageRepair::nothingIsWrong()
{
    QCOMPARE(faults(), QStringList());
}

void TestStorageRepair::findsWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char *name, const char *sql, const char *fault) {
        QTest::newRow(name) << QByteArray(sql) << QString::fromUtf8(fault);
    };
    row("a counter",
        "UPDATE mailbox SET unseen = unseen + 1 WHERE name = 'Work'",
        "mailbox Work: its counters are not those of its messages");
    row("a size",
        "UPDATE mailbox SET size = 0 WHERE name = 'INBOX'",
        "mailbox INBOX: its counters are not those of its messages");
    row("the next UID",
        "UPDATE mailbox SET uid_next = 5 WHERE name = 'Work'",
        "mailbox Work: a message has a UID or MODSEQ that is yet to be given");
    row("the highest MODSEQ",
        "UPDATE mailbox SET highest_modseq = 1 WHERE name = 'Work'",
        "mailbox Work: a message has a UID or MODSEQ that is yet to be given");
    row("the next UID, of expunged ones",
        "UPDATE expunged SET modseq = 99999",
        "mailbox INBOX: an expunged message has a UID or MODSEQ that is yet to be given");
    row("a text",
        "DELETE FROM content_bytes WHERE content_id = 17",
        "the text of message content 17 is missing");
    row("a content",
        "PRAGMA foreign_keys = OFF; DELETE FROM content WHERE id = 17",
        "rows of content_bytes refer to what is not there");
    row("UIDVALIDITY",
        "UPDATE counter SET value = 5 WHERE name = 'uid_validity'",
        "mailbox Archive: its UIDVALIDITY may be given again");
    row("a set of keywords",
        "DELETE FROM keyword_set WHERE id = 3",
        "mailbox Work: the keywords of a message are missing");
    row("no INBOX",
        "UPDATE mailbox SET name = 'Inbox of old' WHERE name = 'INBOX'",
        "mailbox INBOX: it is missing");
    row("an index",
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = replace(sql, 'content_id', 'flags')"
        " WHERE name = 'message_by_content'",
        "damaged: the messages of mailboxes (row 1 missing from index "
        "message_by_content)");
    row("a mailbox",
        "PRAGMA foreign_keys = OFF; DELETE FROM mailbox WHERE name = 'Work'",
        "messages of a mailbox that is not there (number 7)");
    row("a UID that is hidden",
        "UPDATE uid_block SET present = present & ~2, seen = seen & ~2 WHERE id >> 26 = 1",
        "mailbox INBOX: the index of its UIDs and flags is not that of its messages");
    row("a flag of a UID",
        "UPDATE uid_block SET flagged = flagged | present WHERE id >> 26 = 1",
        "mailbox INBOX: the index of its UIDs and flags is not that of its messages");
    row("a block too many",
        "INSERT INTO uid_block VALUES (77 << 26, 1, 1, 0, 0, 0, 0, 0)",
        "mailbox number 77: the index of its UIDs and flags is not that of its messages");
    row("a block that is missing",
        "DELETE FROM uid_block WHERE id >> 26 = 1",
        "mailbox INBOX: the index of its UIDs and flags is not that of its messages");
    row("a change that would not be told",
        "UPDATE uid_block SET modseq = 1 WHERE id >> 26 = 1",
        "mailbox INBOX: the index of its UIDs and flags is not that of its messages");
}

void TestStorageRepair::findsWhatIsWrong()
{
    QFETCH(const QByteArray, sql);
    QFETCH(const QString, fault);
    tamper(sql.constData());
    const auto found = faults();
    QVERIFY2(found.contains(fault), qPrintable(found.join(u'\n')));
    QVERIFY(repair().has_value());
    QVERIFY(m_fixture->reopen());
    QCOMPARE(faults(), QStringList());
}

void TestStorageRepair::aSoundDatabaseStaysAsItIs()
{
    const auto before = look();
    const auto changes = *mail().changes("INBOX");
    const auto report = repair();
    QVERIFY2(report.has_value(), report ? "" : qPrintable(report.error().text));
    QCOMPARE(report->messages, qint64(before.messages.size()));
    QCOMPARE(report->lostMessages + report->lostTexts + report->recovered + report->gaps, 0);
    QCOMPARE(report->newMailboxes, 0);
    QCOMPARE(report->notes, QStringList());
    QVERIFY(QFile::exists(report->keptAs));
    QVERIFY(m_fixture->reopen());
    const auto after = look();
    QVERIFY(after.mailboxes == before.mailboxes);
    compare(before, after, 0);
    QCOMPARE(after.messages.size(), before.messages.size());
    const auto now = mail().changes("INBOX");
    QCOMPARE(now->expunged.size(), changes.expunged.size());
    QCOMPARE(now->keywords, changes.keywords);
    QVERIFY(mail().subscriptions()->contains("elsewhere"));
    QCOMPARE(*mail().bytes("INBOX", Uid(25), true), randomBytes(200 + 37 * 13 % 3000, 37));
}

void TestStorageRepair::savesWhatCanBeRead_data()
{
    QTest::addColumn<int>("pages");
    QTest::addColumn<int>("rounds");
    QTest::newRow("one page") << 1 << 40;
    QTest::newRow("three pages") << 3 << 10;
    QTest::newRow("a tenth of them") << 0 << 3;
}

// Pages of rubbish anywhere but in front, where SQLite keeps what the file is made of.
void TestStorageRepair::savesWhatCanBeRead()
{
    QFETCH(const int, pages);
    QFETCH(const int, rounds);
    const auto before = look();
    close();
    const auto sound = this->pages();
    const auto count = sound.size() / PageBytes;
    const auto damagedPages = pages == 0 ? static_cast<int>(count / 10) : pages;
    std::mt19937 generator(20261129);
    for (int round = 0; round < rounds; ++round) {
        auto damaged = sound;
        for (int i = 0; i < damagedPages; ++i) {
            const auto page = 1 + static_cast<qsizetype>(generator()) % (count - 1);
            damaged.replace(page * PageBytes,
                            PageBytes,
                            randomBytes(PageBytes, static_cast<quint32>(generator())));
        }
        putPages(damaged);
        auto storage = openEngine(m_fixture->path(), m_fixture->options());
        QVERIFY(storage.has_value());
        const auto account = await((*storage)->account(QStringLiteral("anna")));
        QVERIFY(account.has_value());
        const auto report = await((*storage)->repair(account->id));
        if (!report) {
            // The schema does not fit on the first page; without it there is nothing to be done.
            QVERIFY2(report.error().code == ErrorCode::Corrupt, qPrintable(report.error().text));
            QVERIFY(this->pages() == damaged);
            continue;
        }
        (*storage)->close();
        QVERIFY(m_fixture->reopen());
        QCOMPARE(faults(), QStringList());
        // A page of the narrow rows holds up to 130; a text may be in three mailboxes.
        compare(before, look(), damagedPages * 140, 3 * report->changedTexts);
        QVERIFY(mail().append("INBOX", "new").has_value());
        close();
    }
}

// What SQLite does not see, the digest does.
void TestStorageRepair::oneFlippedByte()
{
    const auto before = look();
    close();
    auto damaged = pages();
    const auto text = randomBytes(200 + 101 * 13 % 3000, 101);
    const auto at = damaged.indexOf(text.first(100));
    QVERIFY(at > 0);
    damaged[at + 7] = static_cast<char>(damaged[at + 7] ^ 0x10);
    putPages(damaged);
    open();
    QCOMPARE(faults(), QStringList());
    const auto report = repair();
    QVERIFY(report.has_value());
    QCOMPARE(report->changedTexts, 1);
    QCOMPARE(report->lostMessages, 0);
    QVERIFY(m_fixture->reopen());
    QCOMPARE(look().messages.size(), before.messages.size());
}

void TestStorageRepair::aTruncatedFile()
{
    const auto before = look();
    close();
    auto half = pages();
    half.truncate(half.size() / 2 / PageBytes * PageBytes);
    putPages(half);
    auto storage = openEngine(m_fixture->path(), m_fixture->options());
    const auto report = await((*storage)->repair(AccountId(1)));
    QVERIFY2(report.has_value(), report ? "" : qPrintable(report.error().text));
    QVERIFY(report->messages + report->recovered > qint64(before.messages.size()) / 4);
    (*storage)->close();
    QVERIFY(m_fixture->reopen());
    QCOMPARE(faults(), QStringList());
    compare(before, look(), qsizetype(before.messages.size()), 3 * report->changedTexts);
}

void TestStorageRepair::aLostMailboxComesBack()
{
    const auto before = look();
    const auto id = mail().info("Work")->id;
    tamper("PRAGMA foreign_keys = OFF; DELETE FROM mailbox WHERE name = 'Work'");
    const auto report = repair();
    QVERIFY(report.has_value());
    QCOMPARE(report->newMailboxes, 1);
    QVERIFY(m_fixture->reopen());
    QCOMPARE(faults(), QStringList());
    const auto name = "Recovered mailbox " + QByteArray::number(id.value);
    const auto found = mail().info(name);
    QVERIFY(found.has_value());
    const auto &old = before.mailboxes.at("Work");
    QVERIFY(found->uidValidity > old.uidValidity);
    QCOMPARE(found->uidNext, old.uidNext);
    QCOMPARE(found->messages, old.messages);
    QCOMPARE(found->sizeBytes, old.sizeBytes);
    QVERIFY(mail().subscriptions()->contains(name));
    QVERIFY(mail().create("Work")->uidValidity > found->uidValidity);
}

QList<qsizetype> TestStorageRepair::rootAndLeaves(const char *table)
{
    sqlite3 *handle = nullptr;
    sqlite3_open(file().toUtf8().constData(), &handle);
    sqlite3_stmt *statement = nullptr;
    sqlite3_prepare_v2(
        handle, "SELECT rootpage FROM sqlite_schema WHERE name = ?1", -1, &statement, nullptr);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    const bool isListed = sqlite3_step(statement) == SQLITE_ROW; // all but the list itself
    const auto root = isListed ? static_cast<qsizetype>(sqlite3_column_int64(statement, 0)) : 1;
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    const auto page = pages().sliced((root - 1) * PageBytes, PageBytes);
    const auto number = [&page](qsizetype at, int octets) {
        qsizetype value = 0;
        for (int i = 0; i < octets; ++i) {
            value = value << 8 | static_cast<unsigned char>(page[at + i]);
        }
        return value;
    };
    // An interior page (SQLite, "Database File Format" 1.6): its children by its cells, and one.
    QList<qsizetype> all{root};
    const qsizetype header = root == 1 ? 100 : 0;
    if (page[header] == 5) {
        all.append(number(header + 8, 4));
        for (qsizetype i = 0; i < number(header + 3, 2); ++i) {
            all.append(number(number(header + 12 + 2 * i, 2), 4));
        }
    }
    return all;
}

void TestStorageRepair::putRubbish(const QList<qsizetype> &pages)
{
    auto damaged = this->pages();
    for (const auto page : pages) {
        damaged.replace((page - 1) * PageBytes, PageBytes, randomBytes(PageBytes, 5));
    }
    putPages(damaged);
}

void TestStorageRepair::aLostRootLosesNothing_data()
{
    QTest::addColumn<QByteArray>("table");
    for (const char *table : {"message", "content", "content_bytes"}) {
        QTest::newRow(table) << QByteArray(table);
    }
}

// Without the page that leads to all others of a table, those are still there.
void TestStorageRepair::aLostRootLosesNothing()
{
    QFETCH(const QByteArray, table);
    const auto before = look();
    close();
    putRubbish({rootAndLeaves(table.constData()).first()});
    open();
    // In lines for people.
    const auto found = faults();
    QVERIFY(found.contains(QStringLiteral("pages of the database are damaged")));
    for (const QString &line : found) {
        QVERIFY2(!line.contains(u'\n') && !line.contains(u"SQLite"), qPrintable(line));
    }
    const auto report = repair();
    QVERIFY(report.has_value());
    QCOMPARE(report->messages, qint64(before.messages.size()));
    QCOMPARE(report->recovered, 0);
    QVERIFY(m_fixture->reopen());
    QCOMPARE(faults(), QStringList());
    compare(before, look(), 0);
    QCOMPARE(*mail().bytes("INBOX", Uid(25), true), randomBytes(200 + 37 * 13 % 3000, 37));
    const auto folder = QDir(file("")).entryList(QDir::Files);
    for (const QString &name : folder) {
        QVERIFY2(!name.contains(u"repaired"), qPrintable(name));
    }
}

void TestStorageRepair::anyRootMayBeLost_data()
{
    QTest::addColumn<QByteArray>("table");
    for (const char *name : {"mailbox",
                             "subscription",
                             "counter",
                             "keyword",
                             "keyword_set",
                             "content",
                             "content_bytes",
                             "message",
                             "expunged",
                             "import_key",
                             "thread_key",
                             "metadata",
                             "mailbox_by_name",
                             "uid_block",
                             "message_by_content",
                             "message_keywords",
                             "uid_block_by_modseq",
                             "uid_block_unseen",
                             "uid_block_answered",
                             "uid_block_flagged",
                             "uid_block_deleted",
                             "uid_block_draft",
                             "content_keys",
                             "expunged_by_modseq",
                             "sqlite_sequence",
                             "sqlite_schema",
                             "sqlite_autoindex_content_1",
                             "sqlite_autoindex_keyword_set_1"}) {
        QTest::newRow(name) << QByteArray(name);
    }
}

// Whatever page goes, no text is lost, and what there is then is sound.
void TestStorageRepair::anyRootMayBeLost()
{
    QFETCH(const QByteArray, table);
    const auto before = look();
    close();
    const auto rootAndLeaves = this->rootAndLeaves(table.constData());
    // The first page of all says where the rest is.
    putRubbish(rootAndLeaves.first() == 1 ? rootAndLeaves.sliced(1) : rootAndLeaves.first(1));
    auto storage = openEngine(m_fixture->path(), m_fixture->options());
    const auto report = await((*storage)->repair(AccountId(1)));
    QVERIFY2(report.has_value(), report ? "" : qPrintable(report.error().text));
    QCOMPARE(report->lostTexts, 0);
    QCOMPARE(report->lostMessages, 0);
    (*storage)->close();
    QVERIFY(m_fixture->reopen());
    QCOMPARE(faults(), QStringList());
    const auto after = look();
    QCOMPARE(after.messages.size(), before.messages.size());
    std::multiset<QByteArray> texts;
    for (const auto &[place, message] : before.messages) {
        texts.insert(message.second);
    }
    for (const auto &[place, message] : after.messages) {
        const auto text = texts.find(message.second);
        QVERIFY(text != texts.end());
        texts.erase(text);
        // What messages have, their mailbox knows.
        const auto known = *mail().keywords(place.first);
        for (const QByteArray &keyword : message.first.keywords) {
            QVERIFY(known.contains(keyword));
        }
    }
    for (const auto &[name, mailbox] : after.mailboxes) {
        const auto old = before.mailboxes.find(name);
        const bool isKept = table != "mailbox" && old != before.mailboxes.end();
        QVERIFY(!isKept || mailbox.uidValidity == old->second.uidValidity);
    }
    QVERIFY(mail().append("INBOX", "new").has_value());
    QVERIFY(mail().create("another").has_value());
}

void TestStorageRepair::textsWithoutMessagesAreRecovered()
{
    const auto before = look();
    close();
    putRubbish(rootAndLeaves("message"));
    open();
    QVERIFY(!faults().isEmpty());
    const auto report = repair();
    QVERIFY(report.has_value());
    QCOMPARE(report->messages, 0);
    QVERIFY(m_fixture->reopen());
    QCOMPARE(faults(), QStringList());
    std::map<QByteArray, int> texts;
    for (const auto &[place, message] : before.messages) {
        texts[message.second] = 1;
    }
    for (const auto &[place, message] : look().messages) {
        QCOMPARE(place.first, QByteArray("Recovered"));
        texts.erase(message.second);
    }
    // Ten were in another mailbox too, but what is expunged keeps its text.
    QCOMPARE(texts.size(), 10);
    // Clients learn that what they knew is gone.
    QVERIFY(!mail().changes("INBOX", before.mailboxes.at("INBOX").highestModSeq)->complete);
}

void TestStorageRepair::nothingIsChangedWhereNothingCanBeRead()
{
    close();
    auto damaged = pages();
    damaged.replace(0, PageBytes, randomBytes(PageBytes, 9));
    putPages(damaged);
    auto storage = openEngine(m_fixture->path(), m_fixture->options());
    const auto report = await((*storage)->repair(AccountId(1)));
    QVERIFY(!report.has_value());
    QCOMPARE(report.error().code, ErrorCode::Corrupt);
    QVERIFY(pages() == damaged);
    QVERIFY(!QFile::exists(file("mail.db.damaged-1")));
}

void TestStorageRepair::aRepairCutShortIsEndedByTheNext()
{
    const auto before = look();
    close();
    QVERIFY(QFile::rename(file(), file("mail.db.damaged-1")));
    QVERIFY(!m_fixture->reopen().has_value());
    QVERIFY(!QFile::exists(file()));
    auto storage = openEngine(m_fixture->path(), m_fixture->options());
    const auto report = await((*storage)->repair(AccountId(1)));
    QVERIFY(report.has_value());
    QCOMPARE(report->keptAs, file("mail.db.damaged-1"));
    (*storage)->close();
    QVERIFY(m_fixture->reopen());
    compare(before, look(), 0);
}

void TestStorageRepair::theStoreIsClosedMeanwhile()
{
    auto repaired = m_fixture->storage().repair(AccountId(1));
    const auto late = mail().append("INBOX", "late");
    QVERIFY(await(repaired).has_value());
    QVERIFY(!late.has_value());
    QCOMPARE(late.error().code, ErrorCode::Unavailable);
    const auto again = m_fixture->account(QStringLiteral("anna"));
    QVERIFY(again.has_value());
    QVERIFY(again->append("INBOX", "later").has_value());
}

void TestStorageRepair::aDamagedIndexExpungesNothing_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("another one in its place")
        << QByteArray("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage ="
                      " (SELECT sum(rootpage) FROM sqlite_schema"
                      " WHERE name IN ('uid_block_flagged', 'uid_block_deleted')) - rootpage"
                      " WHERE name IN ('uid_block_flagged', 'uid_block_deleted')");
    QTest::newRow("flags that messages have not")
        << QByteArray("UPDATE uid_block SET deleted = present");
}

// Which messages are \Deleted is asked of an index; what it says of the others is not believed.
void TestStorageRepair::aDamagedIndexExpungesNothing()
{
    QFETCH(const QByteArray, sql);
    tamper(sql.constData());
    const auto before = look();
    const auto gone = mail().expunge("INBOX");
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::Corrupt);
    QCOMPARE(look().messages, before.messages);
    VERIFY_OK(repair());
    QVERIFY(m_fixture->reopen());
    VERIFY_OK(mail().expunge("INBOX"));
    QCOMPARE(look().messages, before.messages);
}

void TestStorageRepair::aDamagedIndexHidesNothing()
{
    const auto before = *mail().uids("INBOX");
    tamper("UPDATE uid_block SET present = present & ~2, seen = seen & ~2 WHERE id >> 26 = 1");
    QCOMPARE(*mail().uids("INBOX"), before);
    tamper("DELETE FROM uid_block");
    QCOMPARE(*mail().uids("INBOX"), before);
    VERIFY_OK(repair());
    QVERIFY(m_fixture->reopen());
    QCOMPARE(*mail().uids("INBOX"), before);
    QCOMPARE(faults(), QStringList());
}

QTEST_GUILESS_MAIN(TestStorageRepair)
#include "tst_storagerepair.moc"
