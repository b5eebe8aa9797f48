#include "storage/sqlite/database.h"
#include "tests/storage/storagetest.h"

#include <QDirIterator>

using namespace Postnook;
using namespace Postnook::Test;

namespace
{

using Indexing = MailStore::Indexing;

constexpr qint64 Day = 86400;

// What stands behind "|" is the body. "broken" cannot be read.
Result<IndexText> textOf(ContentReader &content, const MessageMeta &)
{
    const auto bytes = readAll(content);
    if (bytes && *bytes == "broken") {
        return Error{ErrorCode::Corrupt, QStringLiteral("as told")};
    }
    if (!bytes) {
        return bytes.error();
    }
    const auto end = bytes->indexOf('|') + 1;
    return end > 0 ? IndexText{bytes->first(end), bytes->sliced(end)} : IndexText{*bytes, {}};
}

// Both parts put together; `first` is asked for before the other.
std::optional<QByteArray> storedTextOf(ReadTxn &txn, ContentId id, TextPart first = TextPart::Head)
{
    const auto second = first == TextPart::Head ? TextPart::Body : TextPart::Head;
    const auto one = *txn.searchText(id, first);
    const auto other = *txn.searchText(id, second);
    if (one.has_value() != other.has_value()) {
        return "half of it";
    }
    if (!one) {
        return std::nullopt;
    }
    return first == TextPart::Head ? *one + *other : *other + *one;
}

QByteArray toText(const Result<QList<Uid>> &uids)
{
    QByteArrayList words;
    for (const Uid uid : *uids) {
        words.append(QByteArray::number(uid.value));
    }
    return words.join(' ');
}

} // namespace

// The contract of store.h: the search index, which follows the mail and is never believed more than
// it knows.
class TestStorageSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void knowsNothingUntilIndexed();
    void finds_data();
    void finds();
    void neighboursAndLongTexts();
    void sameContentIsIndexedOnce();
    void leavesOutWhatCannotBeRead();
    void indexesByItself();
    void survivesARestart();
    void forgetsWhatIsForgotten();
    void isMadeAnew_data();
    void isMadeAnew();
    void damageIsMetWhileReading();
    void checkMissesNothing();
    void afreshDropsEverything();
    void isOffWithoutTexts();
    void keepsKeys();
    void keysNeedRoom();
    void keysOfGoneMailboxesGo();
    void olderFileGetsKeys();
    void repairDropsAll();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    SearchIndexState indexAll(Indexing how = Indexing::GoOn);
    SearchIndexState state() const;
    // "up to: ids" of the contents with this text.
    QByteArray contentsWith(const QByteArray &part) const;
    // UIDs in INBOX that may have it, known or not.
    QByteArray uidsWith(const QByteArray &part) const;
    std::optional<QByteArray> storedText(quint32 uid) const;
    Result<bool> isSound() const;
    QString searchFile() const;
    void keepKeys(MailboxId mailbox, int number, const QByteArray &keys) const;
    void writeKeys(); // what waits
    std::optional<QByteArray> keptKeys(MailboxId mailbox, int number) const;

    std::unique_ptr<StorageFixture> m_fixture;
};

void TestStorageSearch::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    m_fixture->options().searchTexts = {1, textOf};
    VERIFY_OK(m_fixture->open());
}

void TestStorageSearch::cleanup()
{
    m_fixture.reset();
}

SearchIndexState TestStorageSearch::indexAll(Indexing how)
{
    auto state = await(mail().store().index(how));
    while (state && state->waiting > 0) {
        state = await(mail().store().index(Indexing::GoOn));
    }
    return state ? *state : SearchIndexState{.waiting = -1};
}

SearchIndexState TestStorageSearch::state() const
{
    return *await(mail().store().read([](ReadTxn &txn) { return txn.searchIndexState(); }));
}

QByteArray TestStorageSearch::contentsWith(const QByteArray &part) const
{
    const auto contents =
        await(mail().store().read([part](ReadTxn &txn) { return txn.contentsWithText(part); }));
    QByteArrayList ids;
    for (const ContentId id : contents->found) {
        ids.append(QByteArray::number(id.value));
    }
    return QByteArray::number(contents->upTo.value) + ": " + ids.join(' ');
}

QByteArray TestStorageSearch::uidsWith(const QByteArray &part) const
{
    return toText(await(mail().store().read([part](ReadTxn &txn) -> Result<QList<Uid>> {
        const auto contents = txn.contentsWithText(part);
        const auto inbox = txn.mailbox(MailboxName("INBOX"));
        return txn.uidsOfContents(inbox->id, contents->found, contents->upTo);
    })));
}

std::optional<QByteArray> TestStorageSearch::storedText(quint32 uid) const
{
    const auto row = mail().row("INBOX", Uid(uid), true);
    return *await(mail().store().read([content = row->content](ReadTxn &txn) {
        return Result<std::optional<QByteArray>>(storedTextOf(txn, content));
    }));
}

Result<bool> TestStorageSearch::isSound() const
{
    return await(mail().store().read([](ReadTxn &txn) { return txn.verifySearchIndex(); },
                                     {JobClass::Background, {}}));
}

QString TestStorageSearch::searchFile() const
{
    QDirIterator files(m_fixture->path(),
                       {QStringLiteral("search.db")},
                       QDir::Files,
                       QDirIterator::Subdirectories);
    return files.hasNext() ? files.next() : QString();
}

void TestStorageSearch::knowsNothingUntilIndexed()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    QCOMPARE(contentsWith("apple"), QByteArray("0: "));
    QCOMPARE(uidsWith("apple"), QByteArray("1"));
    QCOMPARE(uidsWith("pears"), QByteArray("1"));
    QCOMPARE(storedText(1), std::nullopt);
    QCOMPARE(state().waiting, 1);

    QCOMPARE(indexAll().contents, 1);
    VERIFY_OK(mail().append("INBOX", "pears"));
    QCOMPARE(contentsWith("apple"), QByteArray("1: 1"));
    QCOMPARE(contentsWith("pears"), QByteArray("1: "));
    QCOMPARE(uidsWith("apple"), QByteArray("1 2"));
    QCOMPARE(uidsWith("pears"), QByteArray("2"));
    QCOMPARE(storedText(1), QByteArray("apples"));
    QCOMPARE(storedText(2), std::nullopt);
    QCOMPARE(state().waiting, 1);
}

void TestStorageSearch::finds_data()
{
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<QByteArray>("contents");

    const auto row = [](const QByteArray &part, const QByteArray &contents) {
        QTest::newRow(part.constData()) << part << contents;
    };
    // Of these texts in this order.
    row("apple", "5: 1 2");
    row("pple", "5: 1 2");
    row("ppl", "5: 1 2");
    row("pp", "0: "); // nothing is known of it
    row("", "0: ");
    row("apples and pears", "5: 2");
    row("Apple", "5: "); // what is folded is the text, not the index
    row("a \"quoted\" word", "5: 3");
    row("\"\"\"", "5: ");
    row("OR", "0: ");
    row("AND NOT", "5: ");
    row("\u00fcber", "5: 3");
    row("\u00fcbe", "5: 3");
    row("\u65e5\u672c\u8a9e", "5: 4");
    row("\u65e5\u672c", "0: ");
    row("\U0001f600\U0001f601\U0001f602", "5: 4");
    row("section end", "5: 5");
    row("word|", "5: 3");
    row("word| ", "5: "); // what is in a part is found, and nothing across them
    row("longer than twelve trigrams, of which only some are asked for", "5: 5");
    row("longer than twelve trigrams, of which only some are not there", "5: ");
}

void TestStorageSearch::finds()
{
    QFETCH(const QByteArray, part);

    for (const char *text : {"one apple",
                             "apples and pears",
                             "a \"quoted\" word| \u00fcber",
                             "\u65e5\u672c\u8a9e \U0001f600\U0001f601\U0001f602",
                             "section\xffsection end\xff longer than twelve trigrams, of which "
                             "only some are asked for"}) {
        VERIFY_OK(mail().append("INBOX", text));
    }
    QCOMPARE(indexAll().waiting, 0);
    QTEST(contentsWith(part), "contents");
}

// Short texts share a block, a long one is a block of its own; each is given back whole.
void TestStorageSearch::neighboursAndLongTexts()
{
    constexpr int Count = 300;
    QByteArrayList texts;
    for (int i = 0; i < Count; ++i) {
        const qsizetype size = i % 50 == 7 ? 200'000 : 100 + i * 7 % 2000;
        texts.append("number " + QByteArray::number(i) + (i % 3 == 0 ? " |" : " ")
                     + QByteArray(size, char('a' + i % 26)));
        VERIFY_OK(mail().append("INBOX", texts.last()));
        if (i % 90 == 0) {
            QCOMPARE(indexAll().waiting, 0);
        }
    }
    const auto state = indexAll();
    QCOMPARE(state.contents, Count);
    QCOMPARE(state.textBytes, texts.join().size());
    QVERIFY(state.storedTextBytes < state.textBytes / 10);
    QVERIFY(state.indexBytes > 0);
    const auto wrongOnes = await(mail().store().read([texts](ReadTxn &txn) -> Result<int> {
        int wrong = 0;
        for (int i = 0; i < Count; ++i) {
            const int at = i * 7 % Count; // not one after the other
            const auto first = i % 2 == 0 ? TextPart::Head : TextPart::Body;
            wrong += storedTextOf(txn, ContentId(at + 1), first) == texts.at(at) ? 0 : 1;
        }
        return wrong;
    }));
    QCOMPARE(*wrongOnes, 0);
    QCOMPARE(uidsWith("number 123 "), QByteArray("124"));
}

void TestStorageSearch::sameContentIsIndexedOnce()
{
    VERIFY_OK(mail().append("INBOX", "the same"));
    VERIFY_OK(mail().append("INBOX", "the same"));
    VERIFY_OK(mail().copy("INBOX", AllUids, "Archive"));
    QCOMPARE(indexAll().contents, 1);
    QCOMPARE(uidsWith("same"), QByteArray("1 2"));
    VERIFY_OK(mail().storeFlags("INBOX", only({1}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    QCOMPARE(uidsWith("same"), QByteArray("1 2")); // gone, but kept
}

void TestStorageSearch::leavesOutWhatCannotBeRead()
{
    VERIFY_OK(mail().append("INBOX", "before"));
    VERIFY_OK(mail().append("INBOX", "broken"));
    VERIFY_OK(mail().append("INBOX", "behind"));
    const auto state = indexAll();
    QCOMPARE(state.contents, 2);
    QCOMPARE(state.waiting, 0);
    QCOMPARE(storedText(2), std::nullopt);
    QCOMPARE(storedText(3), QByteArray("behind"));
    QCOMPARE(uidsWith("roke"), QByteArray());
}

void TestStorageSearch::indexesByItself()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    QTRY_COMPARE_WITH_TIMEOUT(state().waiting, 0, 30'000);
    QCOMPARE(storedText(1), QByteArray("apples"));
}

void TestStorageSearch::survivesARestart()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    QCOMPARE(indexAll().contents, 1);
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(contentsWith("apple"), QByteArray("1: 1"));
    VERIFY_OK(mail().append("INBOX", "more apples"));
    QCOMPARE(indexAll().contents, 2);
    QCOMPARE(contentsWith("apple"), QByteArray("2: 1 2"));
}

void TestStorageSearch::forgetsWhatIsForgotten()
{
    VERIFY_OK(mail().append("INBOX", "apples", flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().append("INBOX", "apples and pears"));
    VERIFY_OK(mail().append("INBOX", "secret apples", flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    QCOMPARE(indexAll().contents, 3);
    m_fixture->setNow(m_fixture->now() + 31 * Day);
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(contentsWith("apple"), QByteArray("3: 2"));
    QCOMPARE(contentsWith("secret"), QByteArray("3: "));
    const auto state = indexAll();
    QCOMPARE(state.contents, 1);
    QCOMPARE(state.textBytes, qint64(qstrlen("apples and pears")));
    QCOMPARE(storedText(2), QByteArray("apples and pears"));
    // What comes next is not mixed up with what has gone.
    VERIFY_OK(mail().append("INBOX", "plums"));
    QCOMPARE(indexAll().contents, 2);
    QCOMPARE(storedText(4), QByteArray("plums"));
}

void TestStorageSearch::isMadeAnew_data()
{
    QTest::addColumn<QByteArray>("fault");

    for (const char *fault :
         {"missing", "no database", "of another program", "cut", "older mail", "version"}) {
        QTest::newRow(fault) << QByteArray(fault);
    }
}

// Whatever became of the file, the mail is searched right.
void TestStorageSearch::isMadeAnew()
{
    QFETCH(const QByteArray, fault);

    for (int i = 0; i < 50; ++i) {
        VERIFY_OK(mail().append("INBOX", "apples " + randomBytes(500, quint32(i)).toHex()));
    }
    QCOMPARE(indexAll().contents, 50);
    m_fixture->close();

    QFile file(searchFile());
    const auto mailFile =
        QString(file.fileName()).replace(QStringLiteral("search.db"), QStringLiteral("mail.db"));
    if (fault == "missing") {
        QVERIFY(file.remove());
    } else if (fault == "no database") {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no database, though it is as long as the head of one would have to be: "
                   "a hundred octets");
        file.close();
    } else if (fault == "of another program") {
        QVERIFY(file.remove());
        QVERIFY(QFile::copy(mailFile, file.fileName()));
    } else if (fault == "cut") {
        QVERIFY(file.resize(file.size() / 2));
    } else if (fault == "older mail") { // put back from a backup: the ids are given anew
        QVERIFY(QFile::remove(mailFile));
    } else {
        m_fixture->options().searchTexts.version = 2;
    }
    VERIFY_OK(m_fixture->open());
    VERIFY_OK(mail().append("INBOX", "pears"));
    const qint64 contents = fault == "older mail" ? 1 : 51;
    QVERIFY(indexAll().contents == contents || indexAll().contents == contents);
    QCOMPARE(uidsWith("pears"), QByteArray::number(contents));
    QCOMPARE(mail().uids("INBOX")->size(), contents);
}

// Pages that are damaged after the file was opened: the search goes without, and the index is made
// anew by itself.
void TestStorageSearch::damageIsMetWhileReading()
{
    for (int i = 0; i < 50; ++i) {
        VERIFY_OK(mail().append("INBOX", "apples " + randomBytes(3000, quint32(i)).toHex()));
    }
    QCOMPARE(indexAll().contents, 50);
    VERIFY_OK(m_fixture->reopen()); // the log is in the file now
    QFile file(searchFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    const auto pages = file.size() / 4096;
    for (qint64 page = 1; page < pages; ++page) {
        QVERIFY(file.seek(page * 4096));
        file.write(QByteArray(4096, '\x5a'));
    }
    file.close();
    QCOMPARE(contentsWith("apple"), QByteArray("0: "));
    QCOMPARE(storedText(1), std::nullopt);
    QTRY_COMPARE_WITH_TIMEOUT(state().contents, 50, 30'000);
    QVERIFY(storedText(1).has_value());
    QVERIFY(contentsWith("apple").startsWith("50: 1 2"));
}

// One trigram that is not with its text, or is with a text that has none such, and the index is
// made anew.
void TestStorageSearch::checkMissesNothing()
{
    QCOMPARE(*isSound(), true); // of nothing
    for (int i = 0; i < 60; ++i) {
        VERIFY_OK(
            mail().append("INBOX",
                          "apples \u00fcber|\u65e5\u672c\u8a9e \U0001f600\U0001f601\U0001f602 "
                          "\ufffd\xff "
                              + randomBytes(3000, quint32(i)).toHex(),
                          i % 4 == 0 ? flagsOf(SystemFlag::Deleted) : MessageFlags()));
    }
    VERIFY_OK(mail().append("INBOX", "ap"));
    VERIFY_OK(mail().append("INBOX", "|"));
    QCOMPARE(indexAll().contents, 62);
    QCOMPARE(*isSound(), true);
    VERIFY_OK(mail().expunge("INBOX"));
    m_fixture->setNow(m_fixture->now() + 31 * Day);
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(indexAll().contents, 47);
    QCOMPARE(*isSound(), true);

    for (const auto *change :
         {"INSERT INTO trigram (trigram, rowid, text) VALUES ('delete', 3, 'ppl');",
          "INSERT INTO trigram (rowid, text) VALUES (3, 'zzz');"}) {
        m_fixture->close();
        {
            auto database =
                Sqlite::Database::open(searchFile(), Sqlite::Database::Mode::Writer, {});
            QVERIFY(database);
            VERIFY_OK((*database)->runScript(change));
        }
        VERIFY_OK(m_fixture->open());
        QCOMPARE(*isSound(), false);
        QTRY_COMPARE_WITH_TIMEOUT(state().contents, 47, 30'000);
        QCOMPARE(*isSound(), true);
        QVERIFY(contentsWith("ppl").contains(": 2 3 4 "));
    }
}

void TestStorageSearch::afreshDropsEverything()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    VERIFY_OK(mail().append("INBOX", "pears"));
    const auto first = indexAll(Indexing::Afresh); // in one piece, whatever the background did
    QCOMPARE(first.contents, 2);
    QCOMPARE(contentsWith("apple"), QByteArray("2: 1"));
    QCOMPARE(indexAll(Indexing::Afresh), first);
    QCOMPARE(contentsWith("apple"), QByteArray("2: 1"));
}

void TestStorageSearch::isOffWithoutTexts()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    QCOMPARE(indexAll().contents, 1);
    m_fixture->options().searchTexts = {};
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(contentsWith("apple"), QByteArray("0: "));
    QCOMPARE(storedText(1), std::nullopt);
    QCOMPARE(indexAll(), SearchIndexState());
    VERIFY_OK(m_fixture->clean());
    keepKeys(MailboxId(1), 1, "lost");
    QCOMPARE(keptKeys(MailboxId(1), 1), std::nullopt);
}

void TestStorageSearch::keepKeys(MailboxId mailbox, int number, const QByteArray &keys) const
{
    const auto done =
        await(mail().store().read([mailbox, number, keys](ReadTxn &txn) -> Result<bool> {
            txn.keepKeys(mailbox, number, keys);
            return true;
        }));
    QVERIFY(done);
}

void TestStorageSearch::writeKeys()
{
    for (int slice = 0; slice < 4; ++slice) {
        indexAll();
    }
}

std::optional<QByteArray> TestStorageSearch::keptKeys(MailboxId mailbox, int number) const
{
    return *await(mail().store().read(
        [mailbox, number](ReadTxn &txn) { return txn.keptKeys(mailbox, number); }));
}

void TestStorageSearch::keepsKeys()
{
    const auto inbox = mail().info("INBOX")->id;
    const auto archive = mail().info("Archive")->id;
    const auto large = randomBytes(3'000'000, 1);
    keepKeys(inbox, 1, "old");
    keepKeys(inbox, 1, "of the inbox");
    keepKeys(inbox, 2, large);
    keepKeys(archive, 1, QByteArray("\0", 1));
    // By itself, without mail to be indexed.
    QTRY_COMPARE_WITH_TIMEOUT(keptKeys(archive, 1), QByteArray("\0", 1), 30'000);
    QCOMPARE(keptKeys(inbox, 1), QByteArray("of the inbox"));
    QCOMPARE(keptKeys(inbox, 2), large);
    QCOMPARE(keptKeys(archive, 2), std::nullopt);
    keepKeys(archive, 1, "newer");
    QCOMPARE(keptKeys(archive, 1), QByteArray("\0", 1));
    writeKeys();
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(keptKeys(archive, 1), QByteArray("newer"));
    QCOMPARE(keptKeys(inbox, 2), large);
    indexAll(Indexing::Afresh);
    QCOMPARE(keptKeys(inbox, 2), std::nullopt);
}

// What waits is bounded; the first to come have the room.
void TestStorageSearch::keysNeedRoom()
{
    const auto inbox = mail().info("INBOX")->id;
    keepKeys(inbox, 1, QByteArray(60 * 1024 * 1024, 'x'));
    keepKeys(inbox, 2, QByteArray(5 * 1024 * 1024, 'x'));
    keepKeys(inbox, 3, "small");
    writeKeys();
    QCOMPARE(keptKeys(inbox, 1)->size(), 60 * 1024 * 1024);
    QCOMPARE(keptKeys(inbox, 2), std::nullopt);
    QCOMPARE(keptKeys(inbox, 3), QByteArray("small"));
}

void TestStorageSearch::keysOfGoneMailboxesGo()
{
    const auto inbox = mail().info("INBOX")->id;
    const auto archive = mail().info("Archive")->id;
    keepKeys(inbox, 1, "stays");
    keepKeys(archive, 1, "goes");
    writeKeys();
    VERIFY_OK(mail().remove("Archive"));
    QCOMPARE(keptKeys(archive, 1), QByteArray("goes"));
    VERIFY_OK(m_fixture->clean());
    QCOMPARE(keptKeys(archive, 1), std::nullopt);
    QCOMPARE(keptKeys(inbox, 1), QByteArray("stays"));
}

// A file that was made before there were any is not made anew for them.
void TestStorageSearch::olderFileGetsKeys()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    QCOMPARE(indexAll().contents, 1);
    m_fixture->close();
    {
        auto database = Sqlite::Database::open(searchFile(), Sqlite::Database::Mode::Writer, {});
        QVERIFY(database);
        VERIFY_OK((*database)->runScript("DROP TABLE keys; PRAGMA user_version = 1;"));
    }
    VERIFY_OK(m_fixture->open());
    QCOMPARE(contentsWith("apple"), QByteArray("1: 1"));
    const auto inbox = mail().info("INBOX")->id;
    keepKeys(inbox, 1, "new");
    writeKeys();
    QCOMPARE(keptKeys(inbox, 1), QByteArray("new"));
}

// It was made of mail that was damaged.
void TestStorageSearch::repairDropsAll()
{
    VERIFY_OK(mail().append("INBOX", "apples"));
    const auto inbox = mail().info("INBOX")->id;
    keepKeys(inbox, 1, "of damaged mail");
    writeKeys();
    QVERIFY(keptKeys(inbox, 1));
    m_fixture->close();
    VERIFY_OK(m_fixture->openEmpty());
    VERIFY_OK(await(m_fixture->storage().repair(AccountId(1))));
    VERIFY_OK(m_fixture->reopen());
    QCOMPARE(keptKeys(inbox, 1), std::nullopt);
    QCOMPARE(indexAll().contents, 1);
}

QTEST_GUILESS_MAIN(TestStorageSearch)
#include "tst_storagesearch.moc"
