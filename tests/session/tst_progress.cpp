#include "core/search/searchevaluator.h"
#include "core/search/searchkey.h"
#include "core/wire/tokencursor.h"
#include "dialogueserver.h"

#include <QSemaphore>
#include <QTest>

using namespace Postnook;

// What a client hears of a command that takes long (RFC 9585).
class TestProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isTold_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("told");
        const auto row = [](const char *line, const char *told) {
            QTest::newRow(line) << QByteArray(line) << QByteArray(told);
        };
        row("s SEARCH TEXT abc", "* OK [INPROGRESS (\"s\" NIL NIL)] Still at it\r\n");
        row("a] UID SEARCH ALL", "* OK [INPROGRESS (NIL NIL NIL)] Still at it\r\n");
        row("g ESEARCH IN (personal) TEXT abc",
            "* OK [INPROGRESS (\"g\" NIL NIL)] Still at it\r\n");
        row("c COPY 1 Archive", "* OK [INPROGRESS (\"c\" NIL NIL)] Still at it\r\n");
        row("m UID MOVE 1 Archive", "* OK [INPROGRESS (\"m\" NIL NIL)] Still at it\r\n");
        row("t STORE 1 +FLAGS (\\Seen)", "* OK [INPROGRESS (\"t\" NIL NIL)] Still at it\r\n");
        row("e EXPUNGE", "* OK [INPROGRESS (\"e\" NIL NIL)] Still at it\r\n");
    }

    void isTold()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, told);
        DialogueServer::Setup setup;
        setup.workers = 1;
        DialogueServer server(setup);
        const auto client = server.connectClient(Peer);
        command(client, "LOGIN test secret");
        command(client, "APPEND INBOX (\\Deleted) {3+}\r\nabc");
        command(client, "SELECT INBOX");
        client->takeOutput();

        // The one thread for reads is kept busy, and so is the account's writer.
        QSemaphore mayGoOn;
        const auto block = [&mayGoOn](auto &&...) {
            mayGoOn.acquire();
            return Result<void>();
        };
        const auto store = await(server.storage().mailStore(server.account().id));
        QVERIFY(store.has_value());
        auto writer = (*store)->write([block](WriteTxn &) { return block(); });
        auto reader = (*store)->read([block](ReadTxn &) { return block(); });
        client->clientSends(line + "\r\n");
        QByteArray output;
        // Again after the same time; one row shows that.
        const int rounds = line.contains("TEXT") ? 2 : 1;
        for (int round = 1; round <= rounds; ++round) {
            server.advanceMs(10'001);
            output.clear();
            const bool came = DialogueServer::waitFor([&] {
                output += client->takeOutput();
                return output.endsWith("\r\n");
            });
            if (!came || output != told) {
                mayGoOn.release(2);
            }
            QVERIFY(came);
            QCOMPARE(output, told);
        }
        mayGoOn.release(2);
        const auto tag = line.first(line.indexOf(' '));
        output.clear();
        QVERIFY(DialogueServer::waitFor([&] {
            output += client->takeOutput();
            return output.contains(tag + " OK ");
        }));
        QVERIFY(!output.contains("INPROGRESS"));
        QVERIFY(await(writer).has_value());
        QVERIFY(await(reader).has_value());
    }

    // A search counts the messages that it has looked at.
    void countsMessages()
    {
        SearchProgress progress;
        DialogueServer server;
        const auto client = server.connectClient(Peer);
        command(client, "LOGIN test secret");
        command(client, "APPEND INBOX (\\Seen) {3+}\r\nabc {3+}\r\ndef {3+}\r\nghi");
        const auto store = await(server.storage().mailStore(server.account().id));
        QVERIFY(store.has_value());
        const auto found = await((*store)->read([&progress](ReadTxn &txn) {
            TokenCursor cursor("UNSEEN TEXT e");
            const auto inbox = *txn.mailbox(MailboxName("INBOX"));
            SearchScope scope;
            scope.mailbox = inbox.id;
            scope.uids = *txn.uids(inbox.id);
            return evaluateSearch(txn, *parseSearch(cursor), scope, &progress);
        }));
        QVERIFY(found.has_value());
        QCOMPARE(*found, QList<Uid>{Uid(2)});
        QCOMPARE(progress.messages, 3U);
        QCOMPARE(progress.examined, 3U);
    }

private:
    static constexpr MemoryTransport::Peer Peer{
        .isEncrypted = true, .canStartTls = false, .isLoopback = true};
};

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
