#include "tests/storage/storagetest.h"

#include <QCryptographicHash>

using namespace Postnook;
using namespace Postnook::Test;

// The contract of store.h: threads of texts, and messages found by what names them (RFC 8474).
class TestStorageThreads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void groups_data();
    void groups();
    void threadsNeverChange();
    void copiesStayInTheThread();
    void equalTextsShareIt();
    void threadsSpanMailboxesAndRestarts();
    void accountsAreApart();
    void failedJobLeavesNothing();
    void describingChangesNoThread();
    void olderTextsGetOneLater();
    void idsStayWhileTheThreadDoes();
    void idsGoWithTheThread();
    void columnsAsAsked();
    void messagesOfAText();
    void messagesOfAThread();

private:
    const Mail &mail() const { return m_fixture->mail(); }
    Result<Uid> append(const QByteArray &text,
                       const QByteArray &mailbox = "INBOX",
                       quint16 scannerVersion = FirstScannerWithThreadKeys);
    Result<void> describe(Uid uid, const QByteArray &text, quint16 scannerVersion);
    std::optional<ThreadId> thread(Uid uid, const QByteArray &mailbox = "INBOX") const;
    QByteArray groupsOf(const QByteArrayList &texts);
    void forget(Uid uid);

    std::unique_ptr<StorageFixture> m_fixture;
    int m_texts = 0;
};

namespace
{

// "id<reference,parent:Re Subject"; "-" is no id.
MessageMeta metaOf(const QByteArray &text)
{
    MessageMeta meta;
    const auto subject = text.contains(':') ? text.sliced(text.indexOf(':') + 1) : QByteArray();
    meta.isReply = subject.startsWith("Re ");
    meta.baseSubject = meta.isReply ? subject.sliced(3) : subject;
    const auto ids = text.split(':').first().split('<');
    meta.messageId = ids.first() == "-" ? QByteArray() : ids.first();
    meta.references = ids.size() > 1 ? ids.at(1).split(',') : QByteArrayList();
    meta.scannerVersion = FirstScannerWithThreadKeys;
    return meta;
}

Result<NewMessage> messageOf(const Mail &mail, const QByteArray &text, int number)
{
    const auto bytes = text + '\n' + QByteArray::number(number);
    return newMessage(mail.store(), bytes).transform([&](NewMessage message) {
        message.meta = metaOf(text);
        return message;
    });
}

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

} // namespace

void TestStorageThreads::init()
{
    m_fixture = std::make_unique<StorageFixture>();
    VERIFY_OK(m_fixture->open());
    m_texts = 0;
}

void TestStorageThreads::cleanup()
{
    m_fixture.reset();
}

// Every call makes another text, also of the same words.
Result<Uid> TestStorageThreads::append(const QByteArray &text,
                                       const QByteArray &mailbox,
                                       quint16 scannerVersion)
{
    auto message = messageOf(mail(), text, ++m_texts);
    if (!message) {
        return message.error();
    }
    message->meta.scannerVersion = scannerVersion;
    return await(mail().store().write([mailbox, given = *message](WriteTxn &txn) {
        return txn.mailbox(MailboxName(mailbox)).and_then([&](const MailboxInfo &info) {
            return txn.append(info.id, given).transform([](const AppendResult &result) {
                return result.uid;
            });
        });
    }));
}

Result<void> TestStorageThreads::describe(Uid uid, const QByteArray &text, quint16 scannerVersion)
{
    const auto row = mail().row("INBOX", uid);
    if (!row) {
        return row.error();
    }
    auto meta = metaOf(text);
    meta.scannerVersion = scannerVersion;
    return await(mail().store().write(
        [id = row->content, meta](WriteTxn &txn) { return txn.describe(id, meta); }));
}

std::optional<ThreadId> TestStorageThreads::thread(Uid uid, const QByteArray &mailbox) const
{
    const auto row = mail().row(mailbox, uid);
    return row ? row->thread : std::nullopt;
}

// "1121": the first, second and last text are in one thread. "?": in none.
QByteArray TestStorageThreads::groupsOf(const QByteArrayList &texts)
{
    QByteArray groups;
    QList<ThreadId> seen;
    for (const auto &text : texts) {
        const auto uid = append(text);
        const auto found = uid ? thread(*uid) : std::nullopt;
        if (!found) {
            return groups + '?';
        }
        if (!seen.contains(*found)) {
            seen.append(*found);
        }
        groups += QByteArray::number(seen.indexOf(*found) + 1);
    }
    return groups;
}

void TestStorageThreads::forget(Uid uid)
{
    VERIFY_OK(mail().storeFlags(
        "INBOX", only({uid.value}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    m_fixture->setNow(m_fixture->now() + m_fixture->options().undeleteRetentionSeconds + 1);
    VERIFY_OK(m_fixture->clean());
}

void TestStorageThreads::groups_data()
{
    QTest::addColumn<QByteArrayList>("texts");
    QTest::addColumn<QByteArray>("groups");
    const auto row = [](const char *name, const QByteArrayList &texts, const QByteArray &groups) {
        QTest::newRow(name) << texts << groups;
    };
    row("strangers", {"a", "b"}, "12");
    row("nothing at all", {"-", "-"}, "12");
    row("a reply", {"a", "b<a"}, "11");
    row("a reply to a reply", {"a", "b<a", "c<a,b"}, "111");
    row("In-Reply-To alone", {"a", "b<a", "c<b"}, "111");
    row("the reply first", {"b<a", "a"}, "11");
    row("newest first", {"c<a,b", "b<a", "a"}, "111");
    row("a parent never seen", {"a", "c<a,b"}, "11");
    row("two replies to what was never seen", {"b<a", "c<a"}, "11");
    row("a reply without an id", {"a", "-<a", "-<a"}, "111");
    row("the nearest reference", {"a", "b", "c<a,b"}, "122");
    row("a nearer one that nobody knows", {"a", "b", "c<b,a,x"}, "121");
    row("two that turn out to be one", {"a", "c<b", "b<a", "d<a,b"}, "1222");
    row("the same id twice", {"a", "a"}, "11");
    row("the same id, other references", {"a<x", "y", "a<y"}, "121");
    row("a reply to itself", {"a<a", "b<a"}, "11");
    row("in a circle", {"a<b", "b<a"}, "11");
    row("case counts in ids", {"a", "b<A"}, "12");
    // By subject: only replies that name nothing.
    row("by subject", {"a:Lunch", "-:Re Lunch"}, "11");
    row("by subject, with an id", {"a:Lunch", "b:Re Lunch", "c<b"}, "111");
    row("subject without regard to case", {"a:GR\u00dcN", "-:Re gr\u00fcn"}, "11");
    row("no reply", {"a:Lunch", "b:Lunch"}, "12");
    row("the newest of a subject", {"a:Lunch", "b:Lunch", "-:Re Lunch"}, "122");
    row("references count more", {"a:Lunch", "b<x:Re Lunch"}, "12");
    row("its id counts more", {"a:Lunch", "c<b", "b:Re Lunch"}, "122");
    row("two replies to what was never seen, by subject", {"-:Re Lunch", "-:Re Lunch"}, "11");
    row("an original after its reply", {"-:Re Lunch", "a:Lunch"}, "12");
    row("no subject", {"a:", "-:Re "}, "12");
    row("an id that reads like a subject", {"Lunch", "-:Re Lunch"}, "12");
}

void TestStorageThreads::groups()
{
    QFETCH(QByteArrayList, texts);
    QTEST(groupsOf(texts), "groups");
}

void TestStorageThreads::threadsNeverChange()
{
    VERIFY_OK(append("a:Lunch"));
    VERIFY_OK(append("c<b:Re Lunch"));
    const auto first = thread(Uid(1));
    const auto second = thread(Uid(2));
    QVERIFY(first && second && first != second);
    for (const auto *text : {"b<a", "d<b,a", "e<a,b,c", "a", "-:Re Lunch", "b<c"}) {
        VERIFY_OK(append(text));
        QVERIFY(thread(Uid(1)) == first && thread(Uid(2)) == second);
    }
}

void TestStorageThreads::copiesStayInTheThread()
{
    VERIFY_OK(append("a"));
    const auto own = mail().row("INBOX", Uid(1));
    VERIFY_OK(mail().copy("INBOX", only({1}), "Archive"));
    VERIFY_OK(mail().move("INBOX", only({1}), "Trash"));
    for (const auto *mailbox : {"Archive", "Trash"}) {
        const auto copy = mail().row(mailbox, Uid(1));
        VERIFY_OK(copy);
        QVERIFY(copy->thread && copy->thread == own->thread);
        QCOMPARE(copy->sha256, own->sha256);
        QVERIFY(copy->internalDate == own->internalDate);
    }
}

void TestStorageThreads::equalTextsShareIt()
{
    const auto message = messageOf(mail(), "b<a", 0);
    VERIFY_OK(message);
    for (int i = 0; i < 2; ++i) {
        VERIFY_OK(await(mail().store().write([given = *message](WriteTxn &txn) {
            return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
        })));
        VERIFY_OK(append("a"));
    }
    QVERIFY(thread(Uid(1)) && thread(Uid(1)) == thread(Uid(3)));
    QCOMPARE(mail().row("INBOX", Uid(1))->sha256, sha256("b<a\n0"));
    QCOMPARE(mail().row("INBOX", Uid(3))->sha256, sha256("b<a\n0"));
}

void TestStorageThreads::threadsSpanMailboxesAndRestarts()
{
    VERIFY_OK(append("a", "Sent"));
    const auto sent = thread(Uid(1), "Sent");
    VERIFY_OK(m_fixture->reopen());
    QVERIFY(sent && thread(Uid(1), "Sent") == sent);
    VERIFY_OK(append("b<a"));
    QVERIFY(thread(Uid(1)) == sent);
}

void TestStorageThreads::accountsAreApart()
{
    VERIFY_OK(append("c<a,b"));
    const auto other = m_fixture->account(QStringLiteral("otto"));
    VERIFY_OK(other);
    const auto message = messageOf(*other, "d<b", 0);
    VERIFY_OK(message);
    VERIFY_OK(await(other->store().write([given = *message](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
    })));
    QVERIFY(other->row("INBOX", Uid(1))->thread != thread(Uid(1)));
}

void TestStorageThreads::failedJobLeavesNothing()
{
    VERIFY_OK(append("a"));
    const auto message = messageOf(mail(), "c<a,b", 0);
    VERIFY_OK(message);
    VERIFY_ERROR(await(mail().store().write([given = *message](WriteTxn &txn) -> Result<void> {
                     const auto inbox = txn.mailbox(MailboxName("INBOX"))->id;
                     return txn.append(inbox, given).and_then([](const AppendResult &) {
                         return Result<void>(Error{ErrorCode::Limit, {}});
                     });
                 })),
                 ErrorCode::Limit);
    VERIFY_OK(append("d<b"));
    QVERIFY(thread(Uid(2)) && thread(Uid(2)) != thread(Uid(1)));
}

void TestStorageThreads::describingChangesNoThread()
{
    VERIFY_OK(append("a"));
    VERIFY_OK(append("b"));
    const auto before = thread(Uid(2));
    VERIFY_OK(describe(Uid(2), "b<a", FirstScannerWithThreadKeys + 1));
    QVERIFY(before && thread(Uid(2)) == before);
    QCOMPARE(mail().row("INBOX", Uid(2))->meta.references, QByteArrayList{"a"});
}

void TestStorageThreads::olderTextsGetOneLater()
{
    constexpr quint16 Older = FirstScannerWithThreadKeys - 1;
    VERIFY_OK(append("a", "INBOX", Older));
    VERIFY_OK(append("x", "INBOX", Older));
    VERIFY_OK(append("b<a"));
    QVERIFY(!thread(Uid(1)) && !thread(Uid(2)) && thread(Uid(3)));
    VERIFY_OK(describe(Uid(1), "a", FirstScannerWithThreadKeys));
    QVERIFY(thread(Uid(1)) == thread(Uid(3)));
    QVERIFY(!thread(Uid(2)));
    // Also when the same text comes again.
    auto message = messageOf(mail(), "x", 2);
    VERIFY_OK(message);
    message->meta = metaOf("x<b");
    VERIFY_OK(await(mail().store().write([given = *message](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, given);
    })));
    QVERIFY(thread(Uid(2)) && thread(Uid(2)) == thread(Uid(3)));
    QVERIFY(thread(Uid(4)) == thread(Uid(2)));
}

void TestStorageThreads::idsStayWhileTheThreadDoes()
{
    VERIFY_OK(append("b<a,x"));
    VERIFY_OK(append("c<a"));
    const auto before = thread(Uid(2));
    forget(Uid(1));
    VERIFY_OK(append("d<x"));
    VERIFY_OK(append("e<b"));
    QVERIFY(before && thread(Uid(3)) == before && thread(Uid(4)) == before);
}

void TestStorageThreads::idsGoWithTheThread()
{
    VERIFY_OK(append("c<a,b:Lunch"));
    VERIFY_OK(append("other"));
    const auto before = thread(Uid(1));
    const auto other = thread(Uid(2));
    forget(Uid(1));
    VERIFY_OK(append("d<b"));
    VERIFY_OK(append("-:Re Lunch"));
    QVERIFY(before && thread(Uid(3)) != before && thread(Uid(4)) != before);
    QVERIFY(thread(Uid(3)) != thread(Uid(4)));
    VERIFY_OK(append("e<other"));
    QVERIFY(thread(Uid(5)) == other);
}

void TestStorageThreads::columnsAsAsked()
{
    VERIFY_OK(append("c<a,b"));
    const auto rowWith = [this](MessageColumns columns) {
        return mail().rows("INBOX", true, AllUids, columns).value().value(0);
    };
    const auto ids = rowWith(MessageColumn::ObjectIds);
    QCOMPARE(ids.sha256, sha256("c<a,b\n1"));
    QVERIFY(ids.thread);
    QVERIFY(ids.meta.messageId.isEmpty() && ids.meta.references.isEmpty());
    const auto keys = rowWith(MessageColumn::ThreadKeys);
    QCOMPARE(keys.meta.messageId, QByteArray("c"));
    QCOMPARE(keys.meta.references, QByteArrayList({"a", "b"}));
    QVERIFY(keys.sha256.isEmpty() && !keys.thread);
    VERIFY_OK(append("-"));
    QCOMPARE(mail().row("INBOX", Uid(2))->meta.references, QByteArrayList());
}

void TestStorageThreads::messagesOfAText()
{
    const InternalDate date{1'600'000'000, 60};
    VERIFY_OK(mail().append("INBOX", "text", {}, date));
    VERIFY_OK(mail().append("INBOX", "other", {}, date));
    VERIFY_OK(mail().append("INBOX", "text", {}, {date.secondsUtc + 1, date.zoneMinutes}));
    VERIFY_OK(mail().append("INBOX", "text", {}, {date.secondsUtc, -60}));
    VERIFY_OK(mail().append("INBOX", "text", flagsOf(SystemFlag::Deleted), date));
    VERIFY_OK(mail().expunge("INBOX"));
    VERIFY_OK(mail().append("INBOX", "text", {}, date));
    VERIFY_OK(mail().append("Sent", "text", {}, date));
    const auto uidsOf = [this](const QByteArray &start, const InternalDate &when) {
        return await(mail().store().read([=](ReadTxn &txn) {
                   return txn.mailbox(MailboxName("INBOX")).and_then([&](const MailboxInfo &info) {
                       return txn.uidsOfText(info.id, start, when);
                   });
               }))
            .value();
    };
    QVERIFY(uidsOf(sha256("text"), date) == (QList<Uid>{Uid(1), Uid(5), Uid(6)}));
    QVERIFY(uidsOf(sha256("text").first(20), date) == (QList<Uid>{Uid(1), Uid(5), Uid(6)}));
    QVERIFY(uidsOf(sha256("text").first(20), {date.secondsUtc, -60}) == QList<Uid>{Uid(4)});
    QVERIFY(uidsOf(sha256("other").first(1), date) == QList<Uid>{Uid(2)});
    QVERIFY(uidsOf(sha256("none").first(20), date).isEmpty());
}

void TestStorageThreads::messagesOfAThread()
{
    VERIFY_OK(append("a"));
    VERIFY_OK(append("other"));
    VERIFY_OK(append("b<a"));
    VERIFY_OK(append("c<a", "Sent"));
    VERIFY_OK(mail().storeFlags("INBOX", only({3}), FlagChange::Add, flagsOf(SystemFlag::Deleted)));
    VERIFY_OK(mail().expunge("INBOX"));
    VERIFY_OK(append("d<b"));
    VERIFY_OK(mail().copy("INBOX", only({1}), "INBOX"));
    const auto uidsIn = [this](const QByteArray &mailbox, ThreadId id) {
        return await(mail().store().read([=](ReadTxn &txn) {
                   return txn.mailbox(MailboxName(mailbox)).and_then([&](const MailboxInfo &info) {
                       return txn.uidsInThread(info.id, id);
                   });
               }))
            .value();
    };
    const auto id = *thread(Uid(1));
    QVERIFY(uidsIn("INBOX", id) == (QList<Uid>{Uid(1), Uid(3), Uid(4), Uid(5)}));
    QVERIFY(uidsIn("INBOX", *thread(Uid(2))) == QList<Uid>{Uid(2)});
    QVERIFY(uidsIn("Sent", id) == QList<Uid>{Uid(1)});
    QVERIFY(uidsIn("Archive", id).isEmpty());
    QVERIFY(uidsIn("INBOX", ThreadId(0)).isEmpty());
}

QTEST_GUILESS_MAIN(TestStorageThreads)
#include "tst_storagethreads.moc"
