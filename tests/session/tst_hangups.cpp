#include "core/wire/deflatewriter.h"
#include "dialogueserver.h"

#include <QSemaphore>
#include <QTest>

using namespace Postnook;

// A client that hangs up at the worst moment: its change is committed, and the command that asked
// for it has still to answer.
class TestHangUps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atTheCommit_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"STORE 1 +FLAGS (\\Seen)",
                                 "UID STORE 1 +FLAGS.SILENT (New)",
                                 "FETCH 1 BODY[]",
                                 "COPY 1 Archive",
                                 "MOVE 1 Archive",
                                 "REPLACE 1 INBOX {1+}\r\nx",
                                 "EXPUNGE",
                                 "CLOSE",
                                 "APPEND INBOX {1+}\r\nx",
                                 "CREATE box",
                                 "RENAME Archive box",
                                 "RENAME INBOX box"}) {
            QTest::newRow(line) << QByteArray(line);
        }
    }

    void atTheCommit()
    {
        QFETCH(QByteArray, line);
        DialogueServer server;
        const auto client = server.connectClient(Peer);
        command(client, "LOGIN test secret");
        command(client, "APPEND INBOX (\\Deleted) {3+}\r\nabc");
        command(client, "SELECT INBOX");

        const auto store = await(server.storage().mailStore(server.account().id));
        QVERIFY(store.has_value());
        bool hasHungUp = false;
        connect(store->get(), &MailStore::committed, client, [client, &hasHungUp] {
            hasHungUp = true;
            client->clientCloses();
        });
        client->clientSends("x " + line + "\r\n");
        QVERIFY(DialogueServer::waitFor([&] { return server.service().sessionCount() == 0; }));
        QVERIFY(hasHungUp);

        const auto next = server.connectClient(Peer);
        command(next, "LOGIN test secret");
        QCOMPARE(command(next, "NOOP"), "a OK Done\r\n");
    }

    void atTheAnswer_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"FETCH 1 (FLAGS BODY.PEEK[])",
                                 "SEARCH TEXT abc",
                                 "UID SEARCH RETURN (SAVE) ALL",
                                 "ESEARCH IN (personal) TEXT abc",
                                 "SEARCH FILTER mine",
                                 "STATUS INBOX (MESSAGES RECENT)",
                                 "SELECT Archive",
                                 "LIST \"\" *"}) {
            QTest::newRow(line) << QByteArray(line);
        }
    }

    // The job has read what was asked for, and its answer waits in the event loop.
    void atTheAnswer()
    {
        QFETCH(QByteArray, line);
        DialogueServer::Setup setup;
        setup.workers = 1; // so that one job ends before the next begins
        DialogueServer server(setup);
        const auto client = server.connectClient(Peer);
        command(client, "LOGIN test secret");
        command(client, "APPEND INBOX {3+}\r\nabc");
        command(client, "SELECT INBOX");

        client->clientSends("x " + line + "\r\n");
        QSemaphore isRead;
        (void)server.storage().run(JobClass::Interactive, [&isRead] {
            isRead.release();
            return true;
        });
        isRead.acquire();
        client->clientCloses();
        QVERIFY(DialogueServer::waitFor([&] { return server.service().sessionCount() == 0; }));

        const auto next = server.connectClient(Peer);
        command(next, "LOGIN test secret");
        QCOMPARE(command(next, "NOOP"), "a OK Done\r\n");
    }

    void atOnce_data()
    {
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<QByteArray>("status"); // of INBOX then
        QTest::addColumn<QByteArray>("mailboxes");
        const QByteArray login = "a LOGIN test secret\r\n";
        const QByteArray usual = "Archive Drafts INBOX Junk Sent Trash";
        const auto row = [&](const char *name, const QByteArray &sent, const char *status) {
            QTest::newRow(name) << sent << QByteArray(status) << usual;
        };
        row("APPEND", login + "b APPEND INBOX {1+}\r\nx\r\n", "MESSAGES 1 UNSEEN 1");
        row("large ones",
            login
                + ("b APPEND INBOX {300000+}\r\n" + QByteArray(300'000, 'x') + "\r\n").repeated(3),
            "MESSAGES 3 UNSEEN 3");
        row("in one transaction",
            login + "b APPEND INBOX {1+}\r\nx (\\Seen) {1+}\r\ny\r\n",
            "MESSAGES 2 UNSEEN 1");
        row("what reads is passed over",
            login
                + "b APPEND INBOX {1+}\r\nx\r\nc SELECT INBOX\r\nd FETCH 1 BODY.PEEK[]\r\n"
                  "e SEARCH TEXT x\r\nf LIST \"\" *\r\ng STORE 1 +FLAGS (\\Seen)\r\n"
                  "h APPEND INBOX {1+}\r\ny\r\ni LOGOUT\r\nj APPEND INBOX {1+}\r\nz\r\n",
            "MESSAGES 2 UNSEEN 1");
        row("behind what waits for the client",
            login + "b IDLE\r\nDONE\r\nc APPEND INBOX {1+}\r\nx\r\nd IDLE\r\n",
            "MESSAGES 1 UNSEEN 1");
        QByteArray large;
        for (int i = 0; large.size() < 300'000; ++i) {
            large += QByteArray::number(i);
        }
        large = "c APPEND INBOX {" + QByteArray::number(large.size()) + "+}\r\n" + large + "\r\n";
        row("compressed",
            login + "b COMPRESS DEFLATE\r\n" + DeflateWriter().write(large.repeated(3)),
            "MESSAGES 3 UNSEEN 3");
        row("half of what is compressed",
            login + "b COMPRESS DEFLATE\r\n" + DeflateWriter().write(large.repeated(2)).chopped(9),
            "MESSAGES 1 UNSEEN 1");
        row("half a message", login + "b APPEND INBOX {2+}\r\nx", "MESSAGES 0 UNSEEN 0");
        row("no end of the line", login + "b APPEND INBOX {1+}\r\nx", "MESSAGES 0 UNSEEN 0");
        row("without having logged in",
            "a LOGIN test wrong\r\nb APPEND INBOX {1+}\r\nx\r\n",
            "MESSAGES 0 UNSEEN 0");
        QTest::newRow("mailboxes") << login + "b CREATE box\r\nc RENAME box name\r\nd CREATE half"
                                   << QByteArray("MESSAGES 0 UNSEEN 0")
                                   << QByteArray("Archive Drafts INBOX Junk Sent Trash name");
    }

    // As `nc -N` does: what was sent whole is done, though nobody waits for the answers.
    void atOnce()
    {
        QFETCH(const QByteArray, sent);
        DialogueServer server;
        const auto client = server.connectClient(Peer);
        client->clientSends(sent);
        client->clientCloses();
        QVERIFY(DialogueServer::waitFor([&] { return server.service().sessionCount() == 0; }));

        const auto next = server.connectClient(Peer);
        command(next, "LOGIN test secret");
        QFETCH(const QByteArray, status);
        QCOMPARE(command(next, "STATUS INBOX (MESSAGES UNSEEN)"),
                 "* STATUS INBOX (" + status + ")\r\na OK Done\r\n");
        QByteArrayList mailboxes;
        for (const QByteArray &line : command(next, "LIST \"\" *").split('\n')) {
            if (line.startsWith("* LIST ")) {
                mailboxes.append(line.trimmed().split(' ').last());
            }
        }
        QTEST(mailboxes.join(' '), "mailboxes");
    }

private:
    static constexpr MemoryTransport::Peer Peer{
        .isEncrypted = true, .canStartTls = false, .isLoopback = true};
};

QTEST_GUILESS_MAIN(TestHangUps)
#include "tst_hangups.moc"
