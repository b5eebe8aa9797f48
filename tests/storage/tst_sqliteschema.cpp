// What the SQLite engine does to its files: versions, settings, modes.

#include "storage/sqlite/database.h"
#include "storage/sqlite/mailschema.h"
#include "storage/sqlite/sqlitestorage.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

using namespace Postnook;
using namespace Postnook::Sqlite;

namespace
{

constexpr qint64 Now = 1'700'000'000;

std::unique_ptr<Database> openDatabase(const QString &path)
{
    auto database = Database::open(path, Database::Mode::Writer, {});
    return database ? std::move(*database) : nullptr;
}

QVariant valueOf(Database &database, const char *sql)
{
    sqlite3_stmt *statement = nullptr;
    sqlite3_prepare_v2(database.handle(), sql, -1, &statement, nullptr);
    QVariant value;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        value = sqlite3_column_type(statement, 0) == SQLITE_INTEGER
            ? QVariant(qlonglong(sqlite3_column_int64(statement, 0)))
            : QVariant(QString::fromUtf8(
                reinterpret_cast<const char *>(sqlite3_column_text(statement, 0))));
    }
    sqlite3_finalize(statement);
    return value;
}

QVariant schemaOf(Database &database)
{
    return valueOf(database,
                   "SELECT group_concat(sql, ';') FROM"
                   " (SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)");
}

QVariant freshSchema()
{
    const QTemporaryDir dir;
    const auto fresh = openDatabase(dir.filePath(QStringLiteral("fresh.db")));
    return migrate(*fresh, mailSchema(Now)) ? schemaOf(*fresh) : QVariant();
}

// A mail database of that version, brought up to date and sound; null: it was not, or is not.
std::unique_ptr<Database> migratedFrom(qlonglong version, const QTemporaryDir &dir)
{
    QFile script(QStringLiteral(TEST_DATA "/storage/mail-v%1.sql").arg(version));
    const auto path = dir.filePath(QStringLiteral("mail.db"));
    if (!script.open(QIODevice::ReadOnly)
        || !openDatabase(path)->runScript(script.readAll().constData())) {
        return nullptr;
    }
    auto database = openDatabase(path);
    const bool isAsItWas = valueOf(*database, "PRAGMA user_version") == QVariant(version);
    const bool isMigrated = migrate(*database, mailSchema(Now)).has_value()
        && valueOf(*database, "PRAGMA user_version") == QVariant(9LL)
        && valueOf(*database, "PRAGMA integrity_check") == QVariant(QStringLiteral("ok"));
    return isAsItWas && isMigrated ? std::move(database) : nullptr;
}

template <typename T>
T wait(QFuture<T> future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 30'000)) {
        qFatal("the storage does not answer");
    }
    return future.result();
}

} // namespace

class TestSqliteSchema : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pragmas_data();
    void pragmas();
    void countsTheLog();
    void everyTableIsStrict();
    void everyForeignKeyHasAnIndex();
    void queriesUseTheirIndexes_data();
    void queriesUseTheirIndexes();
    void migratesStepByStep();
    void failedStepLeavesNothing();
    void migratesVersion1();
    void migratesVersion5();
    void migratesVersion8();
    void newerFileIsRefused();
    void foreignFileIsRefused();
    void filesArePrivate();
    void largeContentIsAPrivateFile();
    void freshAccount();
};

void TestSqliteSchema::pragmas_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QVariant>("value");
    QTest::newRow("WAL") << QByteArray("PRAGMA journal_mode") << QVariant(QStringLiteral("wal"));
    QTest::newRow("synchronous FULL") << QByteArray("PRAGMA synchronous") << QVariant(2LL);
    QTest::newRow("fullfsync") << QByteArray("PRAGMA fullfsync") << QVariant(1LL);
    QTest::newRow("checkpoint_fullfsync")
        << QByteArray("PRAGMA checkpoint_fullfsync") << QVariant(1LL);
    QTest::newRow("foreign_keys") << QByteArray("PRAGMA foreign_keys") << QVariant(1LL);
    QTest::newRow("incremental auto_vacuum") << QByteArray("PRAGMA auto_vacuum") << QVariant(2LL);
    QTest::newRow("journal_size_limit")
        << QByteArray("PRAGMA journal_size_limit") << QVariant(16LL * 1024 * 1024);
    QTest::newRow("no checkpoint behind our back")
        << QByteArray("PRAGMA wal_autocheckpoint") << QVariant(0LL);
    QTest::newRow("trusted_schema off") << QByteArray("PRAGMA trusted_schema") << QVariant(0LL);
    QTest::newRow("user_version") << QByteArray("PRAGMA user_version") << QVariant(9LL);
}

void TestSqliteSchema::pragmas()
{
    QFETCH(QByteArray, sql);
    QFETCH(QVariant, value);
    const QTemporaryDir dir;
    const auto database = openDatabase(dir.filePath(QStringLiteral("mail.db")));
    QVERIFY(database);
    QVERIFY(migrate(*database, mailSchema(Now)));
    QCOMPARE(valueOf(*database, sql.constData()), value);
}

// The log is moved into the database by what these say: a pragma must not take the hook away.
void TestSqliteSchema::countsTheLog()
{
    const QTemporaryDir dir;
    const auto database =
        *Database::open(dir.filePath(QStringLiteral("a.db")), Database::Mode::Writer, {});
    QVERIFY(database->run("CREATE TABLE a (b) "));
    const auto commits = database->writtenCommits();
    const auto pages = database->walPages();
    QVERIFY(pages > 0);
    QVERIFY(database->run("INSERT INTO a VALUES (zeroblob(100000))"));
    QCOMPARE(database->writtenCommits(), commits + 1);
    QVERIFY(database->walPages() >= pages + 24);
    database->checkpoint(Database::Checkpoint::Truncate);
    QCOMPARE(database->walPages(), 0);
}

void TestSqliteSchema::everyTableIsStrict()
{
    const QTemporaryDir dir;
    const auto database = openDatabase(dir.filePath(QStringLiteral("mail.db")));
    QVERIFY(migrate(*database, mailSchema(Now)));
    QCOMPARE(valueOf(*database,
                     "SELECT count(*) FROM pragma_table_list WHERE type = 'table' AND strict = 0"
                     " AND name NOT LIKE 'sqlite%'"),
             QVariant(0LL));
}

void TestSqliteSchema::everyForeignKeyHasAnIndex()
{
    const QTemporaryDir dir;
    const auto database = openDatabase(dir.filePath(QStringLiteral("mail.db")));
    QVERIFY(migrate(*database, mailSchema(Now)));
    auto keys = database->statement(
        "SELECT t.name || '.' || f.\"from\" FROM pragma_table_list t,"
        " pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND NOT EXISTS"
        " (SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) i"
        "  WHERE i.seqno = 0 AND i.name = f.\"from\")"
        " AND NOT EXISTS (SELECT 1 FROM pragma_table_info(t.name) c"
        "  WHERE c.pk = 1 AND c.name = f.\"from\")");
    QByteArrayList without;
    while (keys.next()) {
        without.append(keys.bytes(0));
    }
    QVERIFY(!keys.error());
    QCOMPARE(without, QByteArrayList());
}

void TestSqliteSchema::queriesUseTheirIndexes_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QByteArray>("index");
    QTest::newRow("changes") << QByteArray(
        "SELECT m.id, m.modseq FROM uid_block b CROSS JOIN message m"
        " ON m.id BETWEEN b.id << 6 AND (b.id << 6) + 63"
        " WHERE b.id >> 26 = ?1 AND b.modseq > ?2 AND m.modseq > ?2")
                             << QByteArray(
                                    "uid_block_by_modseq (<expr>=? AND modseq>?)\n"
                                    "SEARCH m USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
    QTest::newRow("vanished") << QByteArray("SELECT id, modseq FROM expunged"
                                            " WHERE mailbox_id = ?1 AND modseq > ?2")
                              << QByteArray("expunged_by_modseq");
    QTest::newRow("mailbox by name")
        << QByteArray("SELECT id FROM mailbox WHERE name = ?1 AND deleted_at IS NULL")
        << QByteArray("mailbox_by_name");
    QTest::newRow("content in use") << QByteArray("SELECT 1 FROM expunged WHERE content_id = ?1")
                                    << QByteArray("expunged_by_content");
    QTest::newRow("expired") << QByteArray("SELECT id, content_id FROM expunged"
                                           " WHERE content_id IS NOT NULL AND expunged_at <= ?1"
                                           " ORDER BY expunged_at LIMIT ?2")
                             << QByteArray("expunged_whole");
    QTest::newRow("expired history") << QByteArray("SELECT id, mailbox_id, modseq FROM expunged"
                                                   " WHERE content_id IS NULL AND expunged_at <= ?1"
                                                   " ORDER BY expunged_at LIMIT ?2")
                                     << QByteArray("expunged_bare");
    QTest::newRow("what EXPUNGE finds")
        << QByteArray("SELECT id, deleted FROM uid_block INDEXED BY uid_block_deleted"
                      " WHERE deleted <> 0 AND id BETWEEN ?1 AND ?2 ORDER BY id")
        << QByteArray("uid_block_deleted (id>? AND id<?)");
    QTest::newRow("unseen") << QByteArray(
        "SELECT id, seen FROM uid_block INDEXED BY uid_block_unseen"
        " WHERE present <> seen AND id BETWEEN ?1 AND ?2 ORDER BY id")
                            << QByteArray("uid_block_unseen (id>? AND id<?)");
    QTest::newRow("messages with keywords")
        << QByteArray("SELECT id, keyword_set_id FROM message INDEXED BY message_keywords"
                      " WHERE mailbox_id = ?1 >> 32 AND keyword_set_id <> 0"
                      " AND id BETWEEN ?1 AND ?2")
        << QByteArray("COVERING INDEX message_keywords (mailbox_id=?)");
    QTest::newRow("keys of every message")
        << QByteArray("SELECT m.id, c.size, c.base_subject, c.reference_ids FROM message m"
                      " CROSS JOIN content c INDEXED BY content_keys ON c.id = m.content_id"
                      " WHERE m.id BETWEEN ?1 AND ?2 ORDER BY m.id")
        << QByteArray("COVERING INDEX content_keys (id=?)");
    QTest::newRow("removed messages")
        << QByteArray("SELECT e.id FROM expunged e INDEXED BY expunged_whole"
                      " WHERE e.content_id IS NOT NULL AND e.moved = 0"
                      " AND (e.expunged_at, e.id) < (?1, ?2) AND e.expunged_at >= ?3"
                      " ORDER BY e.expunged_at DESC, e.id DESC LIMIT ?4")
        << QByteArray("expunged_whole (expunged_at>? AND expunged_at<?)");
    QTest::newRow("metadata of a mailbox") << QByteArray("SELECT entry, length(value) FROM metadata"
                                                         " WHERE mailbox_id = ?1 ORDER BY entry")
                                           << QByteArray("metadata_by_entry");
    QTest::newRow("an entry") << QByteArray("SELECT value FROM metadata"
                                            " WHERE mailbox_id = ?1 AND entry = ?2")
                              << QByteArray("metadata_by_entry (mailbox_id=? AND entry=?)");
    QTest::newRow("file in use") << QByteArray("SELECT 1 FROM content WHERE file = ?1")
                                 << QByteArray("content_by_file");
    QTest::newRow("text by digest")
        << QByteArray("SELECT id FROM content WHERE sha256 BETWEEN ?1 AND ?2")
        << QByteArray("sqlite_autoindex_content_1");
    QTest::newRow("thread in use") << QByteArray("SELECT 1 FROM content WHERE thread_id = ?1")
                                   << QByteArray("content_by_thread");
    QTest::newRow("ids of a thread") << QByteArray("DELETE FROM thread_key WHERE thread_id = ?1")
                                     << QByteArray("thread_key_by_thread");
    QTest::newRow("messages of a thread")
        << QByteArray("SELECT m.id FROM content c CROSS JOIN message m ON m.content_id = c.id"
                      " WHERE c.thread_id = ?1 AND m.id BETWEEN ?2 AND ?3")
        << QByteArray("message_by_content (content_id=? AND rowid>? AND rowid<?)");
    QTest::newRow("expunged messages of a thread")
        << QByteArray("SELECT m.id FROM content c CROSS JOIN expunged m ON m.content_id = c.id"
                      " WHERE c.thread_id = ?1 AND m.id BETWEEN ?2 AND ?3")
        << QByteArray("expunged_by_content (content_id=? AND rowid>? AND rowid<?)");
}

void TestSqliteSchema::queriesUseTheirIndexes()
{
    QFETCH(QByteArray, sql);
    QFETCH(QByteArray, index);
    const QTemporaryDir dir;
    const auto database = openDatabase(dir.filePath(QStringLiteral("mail.db")));
    QVERIFY(migrate(*database, mailSchema(Now)));
    sqlite3_stmt *statement = nullptr;
    const auto explain = "EXPLAIN QUERY PLAN " + sql;
    QCOMPARE(sqlite3_prepare_v2(database->handle(), explain.constData(), -1, &statement, nullptr),
             SQLITE_OK);
    QByteArray plan;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        plan += reinterpret_cast<const char *>(sqlite3_column_text(statement, 3));
        plan += '\n';
    }
    sqlite3_finalize(statement);
    QVERIFY2(plan.contains(index), plan.constData());
    QVERIFY2(!plan.contains("TEMP B-TREE"), plan.constData());
}

void TestSqliteSchema::migratesStepByStep()
{
    const QTemporaryDir dir;
    const auto path = dir.filePath(QStringLiteral("a.db"));
    SchemaDefinition schema{QStringLiteral("test database"), 7, {}};
    schema.steps.emplace_back(
        [](Database &database) { return database.runScript("CREATE TABLE a (x INTEGER) STRICT"); });
    QVERIFY(migrate(*openDatabase(path), schema));
    schema.steps.emplace_back(
        [](Database &database) { return database.run("INSERT INTO a VALUES (?1)", 5); });
    const auto database = openDatabase(path);
    QVERIFY(migrate(*database, schema));
    QVERIFY(migrate(*database, schema)); // nothing left to do
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM a"), QVariant(1LL));
    QCOMPARE(valueOf(*database, "PRAGMA user_version"), QVariant(2LL));
    QCOMPARE(valueOf(*database, "PRAGMA application_id"), QVariant(7LL));
}

void TestSqliteSchema::failedStepLeavesNothing()
{
    const QTemporaryDir dir;
    const auto database = openDatabase(dir.filePath(QStringLiteral("a.db")));
    SchemaDefinition schema{QStringLiteral("test database"), 7, {}};
    schema.steps.emplace_back([](Database &d) {
        return d.runScript("CREATE TABLE a (x INTEGER) STRICT; CREATE TABLE a (x INTEGER) STRICT");
    });
    QVERIFY(!migrate(*database, schema));
    QVERIFY(!database->inTransaction());
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM sqlite_schema"), QVariant(0LL));
    QCOMPARE(valueOf(*database, "PRAGMA user_version"), QVariant(0LL));
}

void TestSqliteSchema::migratesVersion1()
{
    const QTemporaryDir dir;
    const auto database = migratedFrom(1, dir);
    QVERIFY(database);
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM import_key"), QVariant(0LL));
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM metadata"), QVariant(0LL));
    QCOMPARE(valueOf(*database, "SELECT value FROM counter WHERE name = 'metadata_bytes'"),
             QVariant(0LL));

    // What was there is as it was, and the schema is that of a fresh file.
    QCOMPARE(valueOf(*database,
                     "SELECT group_concat(name || ' ' || uid_validity || ' ' || uid_next || ' '"
                     " || highest_modseq || ' ' || messages || ' ' || size, '; ') FROM mailbox"),
             QVariant(QStringLiteral("INBOX 1700000000 3 4 1 27;"
                                     " Work/Überstunden 1700000001 1 1 0 0")));
    QCOMPARE(valueOf(*database, "SELECT id || ' ' || keyword_set_id || ' ' || zone FROM message"),
             QVariant(QStringLiteral("4294967297 1 60")));
    QCOMPARE(valueOf(*database, "SELECT id || ' ' || content_id || ' ' || zone FROM expunged"),
             QVariant(QStringLiteral("4294967298 1 -90")));
    QCOMPARE(valueOf(*database, "SELECT length(bytes) FROM content_bytes"), QVariant(27LL));
    QCOMPARE(valueOf(*database,
                     "SELECT scanner_version || ' ' || hex(preview) || hex(base_subject)"
                     " || is_reply || coalesce(sent_date, ' no date') FROM content"),
             QVariant(QStringLiteral("1 0 no date")));
    QCOMPARE(valueOf(*database,
                     "SELECT hex(message_id) || hex(reference_ids)"
                     " || coalesce(thread_id, 'no thread') FROM content"),
             QVariant(QStringLiteral("no thread")));
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM thread_key"), QVariant(0LL));
    QCOMPARE(valueOf(*database, "SELECT moved FROM expunged"), QVariant(0LL));
    QCOMPARE(schemaOf(*database), freshSchema());
}

// Which messages had been moved then nobody knows: all of them count as expunged.
void TestSqliteSchema::migratesVersion5()
{
    const QTemporaryDir dir;
    const auto database = migratedFrom(5, dir);
    QVERIFY(database);
    QCOMPARE(valueOf(*database,
                     "SELECT group_concat(id || ' ' || flags || ' ' || modseq || ' ' || expunged_at"
                     " || ' ' || moved, '; ') FROM expunged"),
             QVariant(QStringLiteral("4294967298 1 4 1700000002 0; 8589934593 9 3 1700000003 0")));
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM import_key"), QVariant(1LL));
    QCOMPARE(valueOf(*database, "SELECT hex(value) FROM metadata"),
             QVariant(QStringLiteral("6869")));
    QCOMPARE(valueOf(*database, "SELECT thread_id FROM content"), QVariant(77LL));
    QCOMPARE(schemaOf(*database), freshSchema());
}

// What the indexes of messages said is in blocks then.
void TestSqliteSchema::migratesVersion8()
{
    const QTemporaryDir dir;
    const auto database = migratedFrom(8, dir);
    QVERIFY(database);
    QCOMPARE(valueOf(*database,
                     "SELECT group_concat(id || ' ' || modseq || ' ' || format('%x', present)"
                     " || ' ' || format('%x', seen) || ' ' || answered || ' ' || flagged || ' '"
                     " || deleted || ' ' || draft, '; ') FROM uid_block"),
             QVariant(QStringLiteral("67108864 74 ffffffffffffffce 8000000000000000 0 0 0 0;"
                                     " 67108865 75 1ff 0 0 1 1 0")));
    QCOMPARE(valueOf(*database, "SELECT count(*) FROM message"), QVariant(70LL));
    QCOMPARE(schemaOf(*database), freshSchema());
}

void TestSqliteSchema::newerFileIsRefused()
{
    const QTemporaryDir dir;
    const auto path = dir.filePath(QStringLiteral("server.db"));
    QVERIFY(SqliteStorage::openWith(dir.path(), {}, {}));
    QVERIFY(openDatabase(path)->runScript("PRAGMA user_version = 99"));
    const auto opened = Storage::open(dir.path(), {});
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::NotPermitted);
    QVERIFY2(opened.error().text.contains(QDir::toNativeSeparators(path)),
             qPrintable(opened.error().text));
    QVERIFY2(opened.error().text.contains(QStringLiteral("written by a newer version")),
             qPrintable(opened.error().text));
}

void TestSqliteSchema::foreignFileIsRefused()
{
    const QTemporaryDir dir;
    QVERIFY(openDatabase(dir.filePath(QStringLiteral("server.db")))
                ->runScript("CREATE TABLE photos (x)"));
    const auto opened = Storage::open(dir.path(), {});
    QVERIFY(!opened);
    QVERIFY2(opened.error().text.contains(QStringLiteral("is not a Postnook server database")),
             qPrintable(opened.error().text));
}

void TestSqliteSchema::filesArePrivate()
{
#ifdef Q_OS_WIN
    QSKIP("access lists are inherited");
#endif
    const QTemporaryDir dir;
    const auto data = dir.filePath(QStringLiteral("data"));
    auto storage = Storage::open(data, {});
    QVERIFY(storage);
    const auto account = wait((*storage)->addAccount(QStringLiteral("ann"), {}));
    const auto store = wait((*storage)->mailStore(account->id));
    QVERIFY(store);
    constexpr QFile::Permissions ownerOnly =
        QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    constexpr QFile::Permissions ownFolder = ownerOnly | QFile::ExeOwner | QFile::ExeUser;
    for (const auto *folder : {"", "/accounts", "/accounts/1"}) {
        QCOMPARE(QFile::permissions(data + QString::fromLatin1(folder)), ownFolder);
    }
    for (const auto *file : {"/server.db",
                             "/server.db-wal",
                             "/server.db-shm",
                             "/accounts/1/mail.db",
                             "/accounts/1/mail.db-wal",
                             "/accounts/1/mail.db-shm"}) {
        QCOMPARE(QFile::permissions(data + QString::fromLatin1(file)), ownerOnly);
    }
}

void TestSqliteSchema::largeContentIsAPrivateFile()
{
    const QTemporaryDir dir;
    StorageOptions options;
    options.random64 = [] { return 0x1234567890abcdefULL; };
    auto storage = Storage::open(dir.path(), options);
    const auto account = wait((*storage)->addAccount(QStringLiteral("ann"), {}));
    const auto store = *wait((*storage)->mailStore(account->id));
    const QByteArray message(200'000, 'x');
    auto writer = store->newContent(0);
    QVERIFY(writer->write(message));
    auto staged = writer->finish();
    QVERIFY(staged);
    const auto uid = wait(store->write([content = *staged](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, {content, {}, {}, {}});
    }));
    QVERIFY(uid);
    const auto path =
        dir.filePath(QStringLiteral("accounts/1/content/1/2/1234567890abcdef1234567890abcdef"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), message);
#ifndef Q_OS_WIN
    QVERIFY(!(file.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
#endif
}

void TestSqliteSchema::freshAccount()
{
    const QTemporaryDir dir;
    StorageOptions options;
    options.nowUtc = [] { return Now; };
    auto storage = Storage::open(dir.path(), options);
    const auto account = wait((*storage)->addAccount(QStringLiteral("ann"), {}));
    const auto store = *wait((*storage)->mailStore(account->id));
    const auto mailboxes = wait(store->read([](ReadTxn &txn) { return txn.mailboxes(); }));
    QVERIFY(mailboxes);
    QByteArrayList names;
    quint32 lastValidity = 0;
    for (const auto &mailbox : *mailboxes) {
        QVERIFY(mailbox.subscribed);
        QVERIFY(mailbox.info.uidValidity.value >= Now);
        QVERIFY(mailbox.info.uidValidity.value != lastValidity);
        lastValidity = mailbox.info.uidValidity.value;
        names.append(mailbox.info.name.utf8);
    }
    QCOMPARE(names, QByteArrayList({"Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash"}));
}

QTEST_GUILESS_MAIN(TestSqliteSchema)
#include "tst_sqliteschema.moc"
