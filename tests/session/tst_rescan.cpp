#include "core/mailbox/rescan.h"
#include "core/mime/messagescanner.h"
#include "dialogueserver.h"

#include <QDir>
#include <QDirIterator>
#include <QTest>

using namespace Postnook;

// Messages that an older version has described: what clients get of them, and what a rescan does.
class TestRescan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void previewOfOlderMessages();
    void describesAgain();
    void threadsOfOlderMessages();
    void manyInSeveralSteps();
    void damagedTextsStay();

private:
    void appendOlder(const QByteArray &message);
    Result<Rescan> rescan(ContentId after);
    QByteArray fetch(const QByteArray &items);
    QByteArray readTo(const QByteArray &tag);

    std::unique_ptr<DialogueServer> m_server;
    std::shared_ptr<MailStore> m_store;
    QPointer<MemoryTransport> m_client;
};

void TestRescan::init()
{
    m_server = std::make_unique<DialogueServer>();
    const auto store = await(m_server->storage().mailStore(m_server->account().id));
    QVERIFY(store);
    m_store = *store;
    m_client =
        m_server->connectClient({.isEncrypted = true, .canStartTls = false, .isLoopback = true});
    m_client->clientSends("a LOGIN test secret\r\n");
    readTo("a");
}

void TestRescan::cleanup()
{
    m_store.reset();
    m_server.reset();
}

void TestRescan::appendOlder(const QByteArray &message)
{
    const auto writer = m_store->newContent(0);
    QVERIFY(writer->write(message));
    const auto content = writer->finish();
    QVERIFY(content);
    auto older = Mime::scanMessage(message);
    older.scannerVersion = 1;
    older.envelope = "(NIL \"old\" NIL NIL NIL NIL NIL NIL NIL NIL)";
    older.preview.clear();
    const NewMessage added{.content = *content, .meta = older, .flags = {}, .internalDate = {}};
    const auto appended = await(m_store->write([added](WriteTxn &txn) {
        return txn.append(txn.mailbox(MailboxName("INBOX"))->id, added);
    }));
    QVERIFY(appended);
}

Result<Rescan> TestRescan::rescan(ContentId after)
{
    const auto rescan =
        await(m_store->read([after](ReadTxn &txn) { return scanOlder(txn, after); }));
    if (!rescan) {
        return rescan.error();
    }
    const auto described =
        await(m_store->write([rescan = *rescan](WriteTxn &txn) { return describe(txn, rescan); }));
    return described ? rescan : described.error();
}

// What came before the OK of that tag.
QByteArray TestRescan::readTo(const QByteArray &tag)
{
    QByteArray got;
    qsizetype last = 0;
    DialogueServer::waitFor([&] {
        got += m_client->takeOutput();
        last = got.lastIndexOf('\n', -2) + 1;
        return got.endsWith("\r\n") && got.mid(last).startsWith(tag + " OK");
    });
    return got.first(last);
}

QByteArray TestRescan::fetch(const QByteArray &items)
{
    m_client->clientSends("b EXAMINE INBOX\r\n");
    readTo("b");
    m_client->clientSends("c FETCH 1 " + items + "\r\n");
    return readTo("c");
}

void TestRescan::previewOfOlderMessages()
{
    appendOlder("Subject: new\r\n\r\nHello there.\r\n");
    // RFC 8970 3.2: NIL only for who does not want to wait.
    QCOMPARE(fetch("PREVIEW (LAZY)"), QByteArray("* 1 FETCH (PREVIEW NIL)\r\n"));
    QCOMPARE(fetch("PREVIEW"), QByteArray("* 1 FETCH (PREVIEW \"Hello there.\")\r\n"));
}

void TestRescan::describesAgain()
{
    appendOlder("Subject: new\r\n\r\nHello there.\r\n");
    const auto done = rescan(ContentId(0));
    QVERIFY(done);
    QCOMPARE(done->found.size(), 1);
    QCOMPARE(done->unreadable, 0);
    QCOMPARE(fetch("(PREVIEW (LAZY) ENVELOPE)"),
             QByteArray("* 1 FETCH (PREVIEW \"Hello there.\" ENVELOPE (NIL \"new\" NIL NIL NIL NIL"
                        " NIL NIL NIL NIL))\r\n"));
    const auto again = rescan(ContentId(0));
    QVERIFY(again);
    QVERIFY(again->isLast);
    QCOMPARE(again->found.size(), 0);
}

// RFC 8474 5.2: a thread is told when it is known, and then for good; EMAILID needs no scan.
void TestRescan::threadsOfOlderMessages()
{
    const QByteArray parent = "Message-ID: <a@x>\r\n\r\n";
    const QByteArray reply = "References: <a@x>\r\n\r\n";
    appendOlder(parent);
    m_client->clientSends("d APPEND INBOX {" + QByteArray::number(reply.size()) + "+}\r\n" + reply
                          + "\r\n");
    readTo("d");
    const auto email = fetch("EMAILID");
    QVERIFY2(email.startsWith("* 1 FETCH (EMAILID (M"), email.constData());
    QCOMPARE(fetch("THREADID"), QByteArray("* 1 FETCH (THREADID NIL)\r\n"));
    m_client->clientSends("e FETCH 2 THREADID\r\n");
    const auto thread = readTo("e").replace("* 2", "* 1");
    QVERIFY2(thread.startsWith("* 1 FETCH (THREADID (T"), thread.constData());
    m_client->clientSends("f SEARCH NOT THREADID "
                          + thread.mid(thread.lastIndexOf("(T") + 1).split(')').first() + "\r\n");
    QCOMPARE(readTo("f"), QByteArray("* SEARCH 1\r\n"));

    QVERIFY(rescan(ContentId(0)));
    QCOMPARE(fetch("THREADID"), thread);
    QCOMPARE(fetch("EMAILID"), email);
}

void TestRescan::manyInSeveralSteps()
{
    constexpr int Messages = 300;
    for (int i = 0; i < Messages; ++i) {
        appendOlder("Subject: " + QByteArray::number(i) + "\r\n\r\n");
    }
    qsizetype described = 0;
    int steps = 0;
    for (ContentId after;; ++steps) {
        const auto step = rescan(after);
        QVERIFY(step);
        if (step->isLast) {
            break;
        }
        QVERIFY(step->last > after);
        after = step->last;
        described += step->found.size();
    }
    QCOMPARE(described, Messages);
    QCOMPARE(steps, 2);
}

void TestRescan::damagedTextsStay()
{
    appendOlder("Subject: large\r\n\r\n" + QByteArray(100'000, 'x'));
    appendOlder("Subject: small\r\n\r\n");
    QString file;
    for (QDirIterator all(m_server->path(), QDir::Files, QDirIterator::Subdirectories);
         all.hasNext();) {
        const auto path = all.next();
        file = path.contains(QStringLiteral("/content/")) ? path : file;
    }
    QVERIFY(QFile::remove(file));
    const auto done = rescan(ContentId(0));
    QVERIFY(done);
    QCOMPARE(done->found.size(), 1);
    QCOMPARE(done->unreadable, 1);
    QCOMPARE(fetch("ENVELOPE"),
             QByteArray("* 1 FETCH (ENVELOPE (NIL \"old\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"));
    // A look from behind it goes on.
    const auto again = rescan(done->last);
    QVERIFY(again);
    QVERIFY(again->isLast);
}

QTEST_GUILESS_MAIN(TestRescan)
#include "tst_rescan.moc"
