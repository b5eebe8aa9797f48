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

private:
    static constexpr MemoryTransport::Peer Peer{
        .isEncrypted = true, .canStartTls = false, .isLoopback = true};
};

QTEST_GUILESS_MAIN(TestHangUps)
#include "tst_hangups.moc"
