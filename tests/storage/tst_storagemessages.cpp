#include "tests/storage/storagetest.h"

#include <QCryptographicHash>

using namespace Postnook;
using namespace Postnook::Test;

// The contract of store.h: APPEND, what is read back, COPY, MOVE, EXPUNGE and message bytes.
class TestStorageMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void bytesRoundTrip_data();
    void bytesRoundTrip();
    void readByOffset_data();
    void readByOffset();
    void chunksMakeNoDifference_data();
    void chunksMakeNoDifference();
    void unknownContentIsNotFound();
    void anotherSizeIsDamage();
    void stagedContentLeavesNoTrace();
    void stagedContentMayBeUsedAgain();
    void equalBytesAreOneContent();
    void appendTellsUidAndCounters();
    void everythingGivenComesBack();
    void newerScannerDescribesAgain();
    void stagedContentIsReadable_data();
    void stagedContentIsReadable();
    void datesRoundTrip_data();
    void datesRoundTrip();
    void onlyTheAskedColumnsAreNeeded();
    void visitInOrderUntilFalse();
    void rangesWithHoles();
    void firstUnseen();
    void copyTakesEverythingAlong();
    void copyIntoTheSameMailbox();
    void copyOfMissingMessages();
    void moveLeavesNothingBehind();
    void moveIntoTheSameMailbox();
    void expungeTakesOnlyDeleted();
    void expungedStaysReadable();
    void uidsAreNeverUsedAgain();
    void writerSeesItsOwnChanges();
    void oneJobIsOneModSeq();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    void appendMany(const QByteArray &name, int count);
    void verifyCounters(const QByteArray &name);

    std::unique_ptr<StorageFixture> m_fixture;
};

namespace
{

MessageMeta described(quint16 version)
{
    const auto text = "v" + QByteArray::number(version);
    return {.headerSize = 11,
            .scannerVersion = version,
            .envelope = "(\"envelope\" " + text + ")",
            .bodyStructure = "(\"text\" \"plain\" " + text + ")",
            .parts = QByteArray(3, '\0'),
            .preview = "Gr\u00fc\u00dfe " + text,
            .baseSubject = "Lunch " + text,
            .isReply = true,
            .sentDate = InternalDate{-5'000'000'000 + version, -90},
            .messageId = text + "@example.org",
            .references = {"gr\u00fc\u00dfe@example.org", "b@example.org"}};
}

} // namespace

void TestStorageMessages::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
}

void TestStorageMessages::cleanup()
{
    m_fixture.reset();
}

void TestStorageMessages::appendMany(const QByteArray &name, int count)
{
    for (int i = 1; i <= count; ++i) {
        VERIFY_OK(mail().append(name, name + ' ' + QByteArray::number(i)));
    }
}

void TestStorageMessages::verifyCounters(const QByteArray &name)
{
    const auto info = mail().info(name);
    VERIFY_OK(info);
    const auto rows = mail().rows(name);
    VERIFY_OK(rows);
    quint32 unseen = 0;
    quint32 deleted = 0;
    quint64 size = 0;
    for (const auto &row : *rows) {
        unseen += row.flags.system.testFlag(SystemFlag::Seen) ? 0U : 1U;
        deleted += row.flags.system.testFlag(SystemFlag::Deleted) ? 1U : 0U;
        size += row.sizeBytes;
    }
    QCOMPARE(info->messages, quint32(rows->size()));
    QCOMPARE(info->unseen, unseen);
    QCOMPARE(info->deleted, deleted);
    QCOMPARE(info->sizeBytes, size);
}

void TestStorageMessages::bytesRoundTrip_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("nothing") << QByteArray("");
    QTest::addRow("one byte") << QByteArray("x");
    QTest::addRow("one NUL") << QByteArray(1, '\0');
    QTest::addRow("64 KiB - 1") << randomBytes(65535, 1);
    QTest::addRow("64 KiB") << randomBytes(65536, 2);
    QTest::addRow("64 KiB + 1") << randomBytes(65537, 3);
    QTest::addRow("1 MiB") << randomBytes(1 << 20, 4);
    QTest::addRow("1 MiB of NULs") << QByteArray(1 << 20, '\0');
    QTest::addRow("all line ends") << QByteArray("a\r\nb\nc\rd\n\r\r\n");
    QTest::addRow("not UTF-8") << QByteArray("\xff\xfe\x80\xc3\x28");
}

void TestStorageMessages::bytesRoundTrip()
{
    QFETCH(QByteArray, bytes);
    const auto staged = stage(mail().store(), bytes);
    VERIFY_OK(staged);
    QCOMPARE(staged->sizeBytes(), quint64(bytes.size()));
    QCOMPARE(staged->sha256(), QCryptographicHash::hash(bytes, QCryptographicHash::Sha256));

    const auto appended = mail().append("INBOX", bytes);
    VERIFY_OK(appended);
    QCOMPARE(mail().row("INBOX", appended->uid)->sizeBytes, quint64(bytes.size()));
    auto back = mail().bytes("INBOX", appended->uid);
    VERIFY_OK(back);
    QVERIFY(*back == bytes);

    VERIFY_OK(m_fixture->reopen());
    back = mail().bytes("INBOX", appended->uid);
    VERIFY_OK(back);
    QVERIFY(*back == bytes);
}

void TestStorageMessages::readByOffset_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<QByteArray>("askedBy");
    for (const QByteArray askedBy : {"id", "row", "row without size"}) {
        QTest::addRow("in the database, by %s", askedBy.constData()) << 5000 << askedBy;
        QTest::addRow("in a file, by %s", askedBy.constData()) << 300000 << askedBy;
    }
}

void TestStorageMessages::readByOffset()
{
    QFETCH(int, size);
    QFETCH(QByteArray, askedBy);
    const auto bytes = randomBytes(size, 7);
    const auto appended = mail().append("INBOX", bytes);
    VERIFY_OK(appended);
    auto row = *mail().row("INBOX", appended->uid);
    QCOMPARE(row.sizeBytes, quint64(size));
    row.sizeBytes = askedBy == "row" ? row.sizeBytes : 0;
    const auto mismatch = await(mail().store().read([=](ReadTxn &txn) -> Result<QByteArray> {
        const auto reader = askedBy == "id" ? txn.content(row.content) : txn.contentOf(row);
        if (!reader) {
            return reader.error();
        }
        if ((*reader)->sizeBytes() != quint64(size)) {
            return QByteArray("size");
        }
        for (const int offset : {0, 1, 4095, 4096, size - 1, size, size + 1, size * 2}) {
            for (const int length : {0, 1, 4096, size, size * 2}) {
                const auto piece = (*reader)->read(quint64(offset), length);
                if (!piece) {
                    return piece.error();
                }
                if (*piece != bytes.mid(std::min(offset, size), length)) {
                    return QByteArray::number(offset) + ", " + QByteArray::number(length);
                }
            }
        }
        return QByteArray();
    }));
    VERIFY_OK(mismatch);
    QCOMPARE(*mismatch, QByteArray());
}

void TestStorageMessages::chunksMakeNoDifference_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("chunk");
    QTest::addColumn<bool>("hint");
    for (const bool hint : {false, true}) {
        const char *told = hint ? "size told" : "size not told";
        QTest::addRow("small, byte by byte, %s", told) << 100 << 1 << hint;
        QTest::addRow("over 64 KiB by one, %s", told) << 65537 << 65536 << hint;
        QTest::addRow("200 KiB by 1000, %s", told) << 200000 << 1000 << hint;
        QTest::addRow("200 KiB at once, %s", told) << 200000 << 200000 << hint;
    }
}

void TestStorageMessages::chunksMakeNoDifference()
{
    QFETCH(int, size);
    QFETCH(int, chunk);
    QFETCH(bool, hint);
    const auto bytes = randomBytes(size, 9);
    const auto writer = mail().store().newContent(hint ? quint64(size) : 0);
    VERIFY_OK(writer->write(QByteArrayView())); // an empty chunk changes nothing
    for (int at = 0; at < size; at += chunk) {
        VERIFY_OK(writer->write(QByteArrayView(bytes).sliced(at, std::min(chunk, size - at))));
    }
    const auto staged = writer->finish();
    VERIFY_OK(staged);
    QCOMPARE(staged->sizeBytes(), quint64(size));
    QCOMPARE(staged->sha256(), QCryptographicHash::hash(bytes, QCryptographicHash::Sha256));
    const auto appended = await(mail().store().write([content = *staged](WriteTxn &txn) {
        return txn.mailbox(MailboxName("INBOX")).and_then([&](const MailboxInfo &info) {
            return txn.append(info.id, {content, {}, {}, {}});
        });
    }));
    VERIFY_OK(appended);
    QVERIFY(*mail().bytes("INBOX", appended->uid) == bytes);
}

void TestStorageMessages::unknownContentIsNotFound()
{
    MessageRow row;
    row.content = ContentId(123456);
    row.sizeBytes = 7;
    const auto size = await(mail().store().read([row](ReadTxn &txn) -> Result<quint64> {
        const auto reader = txn.content(row.content);
        return reader ? Result<quint64>((*reader)->sizeBytes()) : reader.error();
    }));
    VERIFY_ERROR(size, ErrorCode::NotFound);
    const auto ofRow = await(mail().store().read([row](ReadTxn &txn) -> Result<quint64> {
        const auto reader = txn.contentOf(row);
        return reader ? Result<quint64>((*reader)->sizeBytes()) : reader.error();
    }));
    VERIFY_ERROR(ofRow, ErrorCode::NotFound);
}

// Where the row says another size than the stored octets have, one of them is not to be trusted.
void TestStorageMessages::anotherSizeIsDamage()
{
    auto row = *mail().row("INBOX", mail().append("INBOX", "text")->uid);
    row.sizeBytes = 5;
    const auto size = await(mail().store().read([row](ReadTxn &txn) -> Result<quint64> {
        const auto reader = txn.contentOf(row);
        return reader ? Result<quint64>((*reader)->sizeBytes()) : reader.error();
    }));
    VERIFY_ERROR(size, ErrorCode::Corrupt);
}

void TestStorageMessages::stagedContentLeavesNoTrace()
{
    VERIFY_OK(mail().append("INBOX", randomBytes(100000, 1))); // makes what folders there are
    const int before = m_fixture->fileCount();
    {
        const auto unfinished = mail().store().newContent(200000);
        VERIFY_OK(unfinished->write(randomBytes(200000, 2)));
        auto finished = stage(mail().store(), randomBytes(200000, 3));
        VERIFY_OK(finished);
        QVERIFY(m_fixture->fileCount() >= before);
    }
    QCOMPARE(m_fixture->fileCount(), before);

    const auto message = newMessage(mail().store(), randomBytes(200000, 4));
    VERIFY_OK(message);
    const auto refused = [](const NewMessage &given) {
        return [given](WriteTxn &txn) -> Result<void> {
            const auto inbox = txn.mailbox(MailboxName("INBOX"));
            const auto appended =
                inbox ? txn.append(inbox->id, given) : Result<AppendResult>(inbox.error());
            return Error{ErrorCode::Limit, appended ? QStringLiteral("after") : QString()};
        };
    };
    VERIFY_ERROR(await(mail().store().write(refused(*message))), ErrorCode::Limit);
    QCOMPARE(mail().info("INBOX")->messages, 1U);
}

void TestStorageMessages::stagedContentMayBeUsedAgain()
{
    for (const int size : {1000, 100000}) {
        const auto bytes = randomBytes(size, quint32(size));
        const auto message = newMessage(mail().store(), bytes);
        VERIFY_OK(message);
        const auto append = [&](bool fail) {
            return await(mail().store().write([given = *message, fail](WriteTxn &txn) {
                const auto inbox = txn.mailbox(MailboxName("INBOX"));
                const auto appended = txn.append(inbox->id, given);
                return fail ? Error{ErrorCode::Limit, {}} : appended;
            }));
        };
        VERIFY_ERROR(append(true), ErrorCode::Limit);
        const auto first = append(false);
        VERIFY_OK(first);
        const auto second = append(false);
        VERIFY_OK(second);
        QVERIFY(second->uid > first->uid);
        QVERIFY(*mail().bytes("INBOX", first->uid) == bytes);
        QVERIFY(*mail().bytes("INBOX", second->uid) == bytes);
    }
}

void TestStorageMessages::equalBytesAreOneContent()
{
    VERIFY_OK(mail().create("Other"));
    for (const int size : {0, 1000, 100000}) {
        const auto bytes = randomBytes(size, quint32(size) + 1);
        const auto first = mail().append("INBOX", bytes);
        VERIFY_OK(first);
        const int files = m_fixture->fileCount();
        const auto second = mail().append("Other", bytes);
        VERIFY_OK(second);
        const auto third = mail().append("INBOX", bytes + 'x');
        VERIFY_OK(third);
        const auto content = mail().row("INBOX", first->uid)->content;
        QCOMPARE(mail().row("Other", second->uid)->content, content);
        QVERIFY(mail().row("INBOX", third->uid)->content != content);
        QCOMPARE(m_fixture->fileCount(), files + (size > 65536 ? 1 : 0));
    }
}

void TestStorageMessages::appendTellsUidAndCounters()
{
    const auto before = mail().info("INBOX");
    VERIFY_OK(before);
    ModSeq lastModSeq = before->highestModSeq;
    quint64 size = 0;
    for (quint32 i = 0; i < 5; ++i) {
        const auto flags = flagsOf(i % 2 == 0 ? SystemFlags(SystemFlag::Seen) : SystemFlags());
        const QByteArray bytes(int(i), 'x');
        const auto appended = mail().append("INBOX", bytes, flags);
        VERIFY_OK(appended);
        QCOMPARE(appended->uidValidity, before->uidValidity);
        QCOMPARE(appended->uid.value, before->uidNext.value + i);
        const auto info = mail().info("INBOX");
        VERIFY_OK(info);
        QVERIFY(info->highestModSeq > lastModSeq);
        lastModSeq = info->highestModSeq;
        QCOMPARE(mail().row("INBOX", appended->uid)->modSeq, lastModSeq);
        size += i;
        QCOMPARE(info->uidNext.value, appended->uid.value + 1);
        QCOMPARE(info->messages, i + 1);
        QCOMPARE(info->sizeBytes, size);
    }
    verifyCounters("INBOX");
    const auto unknown = await(
        mail().store().write([](WriteTxn &txn) { return txn.append(MailboxId(4'000'000), {}); }));
    QVERIFY(!unknown);
}

void TestStorageMessages::everythingGivenComesBack()
{
    m_fixture->setNow(1'712'345'678);
    const QByteArray text("From: a\r\n\r\nbody");
    auto message =
        newMessage(mail().store(),
                   text,
                   flagsOf(SystemFlag::Answered | SystemFlag::Draft, {"$Forwarded", "b"}),
                   {1'600'000'000, -330});
    VERIFY_OK(message);
    message->meta = described(7);
    const auto uid = await(mail().store().write([given = *message](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
    }));
    VERIFY_OK(uid);
    VERIFY_OK(m_fixture->reopen());
    const auto row = mail().row("INBOX", uid->uid);
    VERIFY_OK(row);
    QVERIFY(row->flags == message->flags);
    QVERIFY(row->internalDate == message->internalDate);
    QCOMPARE(row->saveDateUtc, qint64(1'712'345'678));
    QCOMPARE(row->sizeBytes, quint64(text.size()));
    QVERIFY(row->meta == message->meta);
    QVERIFY(!row->expunged);
}

void TestStorageMessages::newerScannerDescribesAgain()
{
    const auto content = mail().append("INBOX", "a").and_then([this](const AppendResult &appended) {
        return mail().row("INBOX", appended.uid).transform([](const MessageRow &row) {
            return row.content;
        });
    });
    VERIFY_OK(content);
    VERIFY_OK(mail().append("INBOX", "b"));
    const auto describe = [&](ContentId id, quint16 version) {
        return await(mail().store().write(
            [id, version](WriteTxn &txn) { return txn.describe(id, described(version)); }));
    };
    const auto before = [&](quint16 version, ContentId after, int limit) {
        return await(mail().store().read(
            [=](ReadTxn &txn) { return txn.contentsDescribedBefore(version, after, limit); }));
    };
    const auto other = ContentId(content->value + 1);
    QVERIFY(before(9, ContentId(0), 10).value() == (QList<ContentId>{*content, other}));
    QVERIFY(before(9, ContentId(0), 1).value() == QList<ContentId>{*content});
    QVERIFY(before(9, *content, 10).value() == QList<ContentId>{other});
    QVERIFY(before(0, ContentId(0), 10).value().isEmpty());

    const auto modSeq = mail().info("INBOX")->highestModSeq;
    VERIFY_OK(describe(*content, 9));
    QVERIFY(mail().row("INBOX", Uid(1))->meta == described(9));
    VERIFY_OK(describe(*content, 8));
    QVERIFY(mail().row("INBOX", Uid(1))->meta == described(9));
    QVERIFY(mail().row("INBOX", Uid(2))->meta != described(9));
    QVERIFY(before(9, ContentId(0), 10).value() == QList<ContentId>{other});
    VERIFY_OK(describe(ContentId(1000), 9));
    QVERIFY(mail().info("INBOX")->highestModSeq == modSeq);
}

void TestStorageMessages::stagedContentIsReadable_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::newRow("in memory") << qsizetype(1000);
    QTest::newRow("in a file") << qsizetype(200'000);
}

void TestStorageMessages::stagedContentIsReadable()
{
    QFETCH(qsizetype, size);
    VERIFY_OK(mail().append("INBOX", randomBytes(100'000, 1))); // makes what folders there are
    const int before = m_fixture->fileCount();
    const auto bytes = randomBytes(size, 3);
    std::unique_ptr<ContentReader> reader;
    {
        const auto writer = mail().store().newContent(0);
        VERIFY_OK(writer->write(bytes));
        const auto staged = writer->finish();
        VERIFY_OK(staged);
        auto opened = writer->readBack(*staged);
        QVERIFY(opened);
        reader = std::move(*opened); // keeps what it reads
        QVERIFY(!writer->readBack({}));
    }
    QCOMPARE(reader->sizeBytes(), static_cast<quint64>(size));
    QCOMPARE(readAll(*reader, 77).value(), bytes);
    QCOMPARE(reader->read(static_cast<quint64>(size) - 1, 10).value(), bytes.last(1));
    QCOMPARE(reader->read(static_cast<quint64>(size), 10).value(), QByteArray());
    reader.reset();
    QCOMPARE(m_fixture->fileCount(), before);
}

void TestStorageMessages::datesRoundTrip_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<int>("zone");
    QTest::addRow("epoch") << qint64(0) << 0;
    QTest::addRow("year 1") << qint64(-62'135'596'800) << -1439;
    QTest::addRow("before 1901") << qint64(-2'200'000'000) << 60;
    QTest::addRow("before 1970") << qint64(-1) << 1;
    QTest::addRow("2038") << qint64(2'147'483'648) << 1439;
    QTest::addRow("2106") << qint64(4'294'967'296) << -210;
    QTest::addRow("year 9999") << qint64(253'402'300'799) << 345;
}

void TestStorageMessages::datesRoundTrip()
{
    QFETCH(qint64, seconds);
    QFETCH(int, zone);
    VERIFY_OK(mail().create("Other"));
    const auto appended = mail().append("INBOX", "x", {}, {seconds, zone});
    VERIFY_OK(appended);
    QVERIFY(mail().row("INBOX", appended->uid)->internalDate == (InternalDate{seconds, zone}));
    VERIFY_OK(mail().move("INBOX", AllUids, "Other"));
    QVERIFY(mail().row("Other", Uid(1))->internalDate == (InternalDate{seconds, zone}));
}

void TestStorageMessages::onlyTheAskedColumnsAreNeeded()
{
    const auto appended =
        mail().append("INBOX", "text", flagsOf(SystemFlag::Seen, {"kw"}), {5, 60});
    VERIFY_OK(appended);
    const auto read = [&](MessageColumns columns) {
        return mail().rows("INBOX", false, AllUids, columns);
    };
    for (const auto column : {MessageColumns(),
                              MessageColumns(MessageColumn::Dates),
                              MessageColumns(MessageColumn::Size),
                              MessageColumns(MessageColumn::Envelope),
                              MessageColumns(MessageColumn::Structure),
                              MessageColumns(MessageColumn::Parts),
                              MessageColumns(MessageColumn::Preview),
                              MessageColumns(MessageColumn::SortKeys)}) {
        const auto rows = read(column);
        VERIFY_OK(rows);
        QCOMPARE(rows->size(), 1);
        QCOMPARE(rows->first().uid, appended->uid);
        QVERIFY(rows->first().modSeq.value > 1);
        QVERIFY(rows->first().flags == flagsOf(SystemFlag::Seen, {"kw"}));
    }
    QCOMPARE(read(MessageColumn::Size)->first().sizeBytes, quint64(4));
    QVERIFY(read(MessageColumn::Dates)->first().internalDate == (InternalDate{5, 60}));
}

void TestStorageMessages::visitInOrderUntilFalse()
{
    appendMany("INBOX", 10);
    const auto seen = await(mail().store().read([](ReadTxn &txn) -> Result<QList<Uid>> {
        QList<Uid> uids;
        const auto done = txn.forEachMessage(txn.mailbox(MailboxName("INBOX"))->id,
                                             AllUids,
                                             {},
                                             false,
                                             [&uids](const MessageRow &row) {
                                                 uids.append(row.uid);
                                                 return uids.size() < 4;
                                             });
        return done ? Result<QList<Uid>>(uids) : done.error();
    }));
    VERIFY_OK(seen);
    QCOMPARE(*seen, QList<Uid>({Uid(1), Uid(2), Uid(3), Uid(4)}));
}

void TestStorageMessages::rangesWithHoles()
{
    appendMany("INBOX", 12);
    VERIFY_OK(mail().storeFlags(
        "INBOX", only({2, 5, 6, 11}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    const UidRanges ranges = {
        {Uid(1), Uid(2)}, {Uid(5), Uid(7)}, {Uid(10), Uid(10)}, {Uid(12), Uid(4000)}};
    const auto uidsOf = [](const Result<QList<MessageRow>> &rows) {
        QList<quint32> uids;
        for (const auto &row : *rows) {
            uids.append(row.uid.value);
        }
        return uids;
    };
    QCOMPARE(uidsOf(mail().rows("INBOX", false, ranges)), QList<quint32>({1, 7, 10, 12}));
    QCOMPARE(uidsOf(mail().rows("INBOX", true, ranges)), QList<quint32>({1, 2, 5, 6, 7, 10, 12}));
    QCOMPARE(uidsOf(mail().rows("INBOX", true, {})), QList<quint32>());
    QCOMPARE(uidsOf(mail().rows("INBOX", false, {{MaxUid, MaxUid}})), QList<quint32>());
    QCOMPARE(mail().uids("INBOX")->size(), 8);
}

void TestStorageMessages::firstUnseen()
{
    const auto first = [this] {
        return await(mail().store().read(
            [](ReadTxn &txn) { return txn.firstUnseen(txn.mailbox(MailboxName("INBOX"))->id); }));
    };
    VERIFY_OK(first());
    QVERIFY(!first()->has_value());
    appendMany("INBOX", 4);
    QCOMPARE(**first(), Uid(1));
    VERIFY_OK(
        mail().storeFlags("INBOX", {{Uid(1), Uid(2)}}, FlagChange::Add, flagsOf(SystemFlag::Seen)));
    QCOMPARE(**first(), Uid(3));
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf(SystemFlag::Seen)));
    QVERIFY(!first()->has_value());
}

void TestStorageMessages::copyTakesEverythingAlong()
{
    VERIFY_OK(mail().create("Other"));
    VERIFY_OK(mail().append("Other", "was here"));
    VERIFY_OK(mail().append("INBOX", "one", flagsOf(SystemFlag::Seen, {"Kw1", "kw2"}), {77, 60}));
    VERIFY_OK(mail().append("INBOX", randomBytes(100000, 5)));
    VERIFY_OK(mail().append("INBOX", "three", flagsOf(SystemFlag::Deleted)));
    const auto source = mail().info("INBOX");
    const auto target = mail().info("Other");
    const int files = m_fixture->fileCount();
    m_fixture->setNow(m_fixture->now() + 500);
    const auto copied = mail().copy("INBOX", AllUids, "Other");
    VERIFY_OK(copied);

    QCOMPARE(copied->uidValidity, target->uidValidity);
    QCOMPARE(copied->uids,
             (QList<std::pair<Uid, Uid>>({{Uid(1), Uid(2)}, {Uid(2), Uid(3)}, {Uid(3), Uid(4)}})));
    QVERIFY(*mail().info("INBOX") == *source);
    QCOMPARE(m_fixture->fileCount(), files);
    const auto after = mail().info("Other");
    QVERIFY(after->highestModSeq > target->highestModSeq);
    for (const auto &[from, to] : copied->uids) {
        const auto original = mail().row("INBOX", from);
        const auto copy = mail().row("Other", to);
        VERIFY_OK(original);
        VERIFY_OK(copy);
        QVERIFY(copy->flags == original->flags);
        QVERIFY(copy->internalDate == original->internalDate);
        QCOMPARE(copy->content, original->content);
        QCOMPARE(copy->modSeq, after->highestModSeq);
        // RFC 8514 3: the date when it came into this mailbox.
        QCOMPARE(copy->saveDateUtc, m_fixture->now());
        QVERIFY(*mail().bytes("INBOX", from) == *mail().bytes("Other", to));
    }
    QCOMPARE(*mail().keywords("Other"), QByteArrayList({"Kw1", "kw2"}));
    verifyCounters("Other");
}

void TestStorageMessages::copyIntoTheSameMailbox()
{
    appendMany("INBOX", 3);
    const auto copied = mail().copy("INBOX", AllUids, "INBOX");
    VERIFY_OK(copied);
    QCOMPARE(copied->uids,
             (QList<std::pair<Uid, Uid>>({{Uid(1), Uid(4)}, {Uid(2), Uid(5)}, {Uid(3), Uid(6)}})));
    QCOMPARE(mail().info("INBOX")->messages, 6U);
    QCOMPARE(*mail().bytes("INBOX", Uid(5)), QByteArray("INBOX 2"));
    verifyCounters("INBOX");
}

void TestStorageMessages::copyOfMissingMessages()
{
    appendMany("INBOX", 3);
    VERIFY_OK(mail().storeFlags("INBOX", only({2}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    VERIFY_OK(mail().create("Other"));
    const auto copied = mail().copy("INBOX", AllUids, "Other");
    VERIFY_OK(copied);
    QCOMPARE(copied->uids, (QList<std::pair<Uid, Uid>>({{Uid(1), Uid(1)}, {Uid(3), Uid(2)}})));

    const auto before = mail().info("Other");
    const auto none = mail().copy("INBOX", only({2, 50}), "Other");
    VERIFY_OK(none);
    QVERIFY(none->uids.isEmpty());
    QCOMPARE(none->uidValidity, before->uidValidity);
    QVERIFY(*mail().info("Other") == *before);
    const auto moved = mail().move("INBOX", only({2, 50}), "Other");
    VERIFY_OK(moved);
    QVERIFY(moved->uids.isEmpty());
    QVERIFY(*mail().info("Other") == *before);
}

void TestStorageMessages::moveLeavesNothingBehind()
{
    VERIFY_OK(mail().create("Other"));
    VERIFY_OK(mail().append("INBOX", "one", flagsOf(SystemFlag::Seen, {"kw"}), {77, 60}));
    VERIFY_OK(mail().append("INBOX", "two"));
    VERIFY_OK(mail().append("INBOX", "three"));
    const auto before = mail().info("INBOX");
    const auto moved = mail().move("INBOX", only({1, 3}), "Other");
    VERIFY_OK(moved);
    QCOMPARE(moved->uids, (QList<std::pair<Uid, Uid>>({{Uid(1), Uid(1)}, {Uid(3), Uid(2)}})));
    QCOMPARE(*mail().uids("INBOX"), QList<Uid>({Uid(2)}));
    QVERIFY(mail().row("Other", Uid(1))->flags == flagsOf(SystemFlag::Seen, {"kw"}));
    QVERIFY(mail().row("Other", Uid(1))->internalDate == (InternalDate{77, 60}));
    QCOMPARE(*mail().bytes("Other", Uid(2)), QByteArray("three"));

    const auto changes = mail().changes("INBOX", before->highestModSeq);
    VERIFY_OK(changes);
    QVERIFY(changes->changed.isEmpty());
    QCOMPARE(changes->expunged.size(), 2);
    QCOMPARE(changes->expunged.at(0).uid, Uid(1));
    QCOMPARE(changes->expunged.at(1).uid, Uid(3));
    for (const auto &expunged : changes->expunged) {
        QCOMPARE(expunged.modSeq, changes->mailbox.highestModSeq);
    }
    verifyCounters("INBOX");
    verifyCounters("Other");
}

void TestStorageMessages::moveIntoTheSameMailbox()
{
    appendMany("INBOX", 3);
    const auto before = mail().info("INBOX");
    const auto moved = mail().move("INBOX", only({1, 2}), "INBOX");
    VERIFY_OK(moved);
    QCOMPARE(moved->uids, (QList<std::pair<Uid, Uid>>({{Uid(1), Uid(4)}, {Uid(2), Uid(5)}})));
    QCOMPARE(*mail().uids("INBOX"), QList<Uid>({Uid(3), Uid(4), Uid(5)}));
    QCOMPARE(*mail().bytes("INBOX", Uid(4)), QByteArray("INBOX 1"));
    const auto changes = mail().changes("INBOX", before->highestModSeq);
    VERIFY_OK(changes);
    QCOMPARE(changes->changed.size(), 2);
    QCOMPARE(changes->expunged.size(), 2);
    QCOMPARE(changes->changed.first().modSeq, changes->expunged.first().modSeq);
    verifyCounters("INBOX");
}

void TestStorageMessages::expungeTakesOnlyDeleted()
{
    appendMany("INBOX", 6);
    VERIFY_OK(
        mail().storeFlags("INBOX", only({1, 3, 5}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    const auto before = mail().info("INBOX");
    QCOMPARE(before->deleted, 3U);
    // UID EXPUNGE (RFC 4315): only those named, of them only those with \Deleted.
    auto gone = mail().expunge("INBOX", {{Uid(2), Uid(3)}});
    VERIFY_OK(gone);
    QCOMPARE(*gone, QList<Uid>({Uid(3)}));
    QVERIFY(mail().info("INBOX")->highestModSeq > before->highestModSeq);
    gone = mail().expunge("INBOX");
    VERIFY_OK(gone);
    QCOMPARE(*gone, QList<Uid>({Uid(1), Uid(5)}));
    QCOMPARE(*mail().uids("INBOX"), QList<Uid>({Uid(2), Uid(4), Uid(6)}));
    verifyCounters("INBOX");

    const auto last = mail().info("INBOX");
    gone = mail().expunge("INBOX");
    VERIFY_OK(gone);
    QVERIFY(gone->isEmpty());
    QCOMPARE(mail().info("INBOX")->highestModSeq, last->highestModSeq);
}

void TestStorageMessages::expungedStaysReadable()
{
    const auto large = randomBytes(100000, 3);
    VERIFY_OK(mail().append("INBOX", "small", flagsOf(SystemFlag::Deleted, {"kw"}), {9, 1}));
    VERIFY_OK(mail().append("INBOX", large, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(mail().rows("INBOX")->isEmpty());
    const auto rows = mail().rows("INBOX", true);
    VERIFY_OK(rows);
    QCOMPARE(rows->size(), 2);
    QVERIFY(rows->first().expunged);
    QVERIFY(rows->first().flags == flagsOf(SystemFlag::Deleted, {"kw"}));
    QVERIFY(rows->first().internalDate == (InternalDate{9, 1}));
    QCOMPARE(*mail().bytes("INBOX", Uid(1), true), QByteArray("small"));
    QVERIFY(*mail().bytes("INBOX", Uid(2), true) == large);
}

void TestStorageMessages::uidsAreNeverUsedAgain()
{
    appendMany("INBOX", 3);
    VERIFY_OK(mail().storeFlags("INBOX", AllUids, FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().info("INBOX")->uidNext, Uid(4));
    const auto next = mail().append("INBOX", "four");
    VERIFY_OK(next);
    QCOMPARE(next->uid, Uid(4));

    VERIFY_OK(mail().create("Other"));
    VERIFY_OK(mail().move("INBOX", AllUids, "Other"));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(mail().append("INBOX", "five")->uid, Uid(5));
}

void TestStorageMessages::writerSeesItsOwnChanges()
{
    const auto message = newMessage(mail().store(), "text", flagsOf(SystemFlag::Seen));
    VERIFY_OK(message);
    const auto seen = await(mail().store().write([given = *message](WriteTxn &txn) {
        const auto inbox = txn.mailbox(MailboxName("INBOX"));
        const auto appended = txn.append(inbox->id, given);
        const auto rows = readRows(txn, inbox->id, false);
        if (!appended || !rows || rows->size() != 1 || rows->first().uid != appended->uid) {
            return Result<QByteArray>(QByteArray("row"));
        }
        if (txn.mailbox(inbox->id)->messages != 1 || txn.uids(inbox->id)->size() != 1) {
            return Result<QByteArray>(QByteArray("counters"));
        }
        const auto reader = txn.content(rows->first().content);
        return reader ? readAll(**reader) : Result<QByteArray>(reader.error());
    }));
    VERIFY_OK(seen);
    QCOMPARE(*seen, QByteArray("text"));
}

// One job's changes to one mailbox share one new MODSEQ.
void TestStorageMessages::oneJobIsOneModSeq()
{
    const auto message = newMessage(mail().store(), "text");
    VERIFY_OK(message);
    const auto before = mail().info("INBOX");
    const auto done = await(mail().store().write([given = *message](WriteTxn &txn) -> Result<void> {
        const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
        const auto other = txn.mailbox(MailboxName("Sent"))->id;
        const auto deleted = flagsOf(SystemFlag::Deleted);
        for (int i = 0; i < 3; ++i) {
            if (!txn.append(inbox, given)) {
                return Error{};
            }
        }
        const auto stored = txn.storeFlags(inbox, only({2}), FlagChange::Add, deleted, {});
        const auto moved = txn.move(inbox, only({1}), other);
        const auto gone = txn.expunge(inbox, AllUids);
        const auto copied = txn.copy(other, AllUids, inbox);
        return stored && moved && gone && copied ? Result<void>() : Error{};
    }));
    VERIFY_OK(done);
    const auto changes = mail().changes("INBOX", before->highestModSeq);
    VERIFY_OK(changes);
    QCOMPARE(changes->changed.size(), 2);
    QCOMPARE(changes->expunged.size(), 2);
    for (const auto &changed : changes->changed) {
        QCOMPARE(changed.modSeq, changes->mailbox.highestModSeq);
    }
    for (const auto &expunged : changes->expunged) {
        QCOMPARE(expunged.modSeq, changes->mailbox.highestModSeq);
    }
    verifyCounters("INBOX");
    verifyCounters("Sent");
}

QTEST_GUILESS_MAIN(TestStorageMessages)
#include "tst_storagemessages.moc"
