#include "dialogueserver.h"

#include <QSemaphore>
#include <QTest>

using namespace Postnook;

// What may happen while somebody logs in.
class TestLogins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesWhatHasChangedMeanwhile_data() { rows(); }
    void seesWhatHasChangedMeanwhile();
    void aSlowServerIsNoSlowClient();
    void theClientMayHangUp_data();
    void theClientMayHangUp();
    void soMayACommandOfOurs();
    void eachTryHasALine_data();
    void eachTryHasALine();

private:
    static constexpr MemoryTransport::Peer Peer{
        .isEncrypted = true, .canStartTls = false, .isLoopback = true};

    // Up to the end of a line.
    static QByteArray answer(const QPointer<MemoryTransport> &client)
    {
        QByteArray output;
        DialogueServer::waitFor([&] {
            output += client->takeOutput();
            return output.endsWith("\r\n");
        });
        return output;
    }
    static void rows()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("LOGIN") << QByteArray("LOGIN test secret");
        QTest::newRow("PLAIN") << QByteArray("AUTHENTICATE PLAIN ")
                + QByteArray("\0test\0secret", 12).toBase64();
    }
};

// The old password must not get in behind what ends the sessions of those who have it.
void TestLogins::seesWhatHasChangedMeanwhile()
{
    QFETCH(QByteArray, line);
    DialogueServer server;
    const auto client = server.connectClient(Peer);
    client->takeOutput();
    client->clientSends("a " + line + "\r\n");
    server.service().endSessionsOf(server.account().id, "The password was changed");
    QCOMPARE(answer(client),
             "a NO [UNAVAILABLE] The accounts have just changed, please log in again\r\n");
    QVERIFY(command(client, line).startsWith("a OK "));
}

// After an upgrade the opening of an account may take minutes.
void TestLogins::aSlowServerIsNoSlowClient()
{
    DialogueServer::Setup setup;
    setup.workers = 1;
    DialogueServer server(setup);
    const auto client = server.connectClient(Peer);
    const auto idler = server.connectClient(Peer);
    client->takeOutput();
    idler->takeOutput();

    QSemaphore mayGoOn;
    auto busy = server.storage().run(JobClass::Interactive, [&mayGoOn] {
        mayGoOn.acquire();
        return true;
    });
    client->clientSends("a LOGIN test secret\r\n");
    server.advanceMs(61'000);
    const auto told = answer(idler);
    mayGoOn.release();
    QCOMPARE(told, "* BYE Too slow to log in\r\n");
    QVERIFY(answer(client).startsWith("a OK "));
    QVERIFY(await(QFuture<bool>(busy)));
}

void TestLogins::theClientMayHangUp_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("jobs");
    for (int jobs = 0; jobs < 4; ++jobs) { // account, hash, mail
        QTest::addRow("after %d jobs", jobs) << QByteArray("LOGIN test secret") << jobs;
    }
}

void TestLogins::theClientMayHangUp()
{
    QFETCH(QByteArray, line);
    QFETCH(int, jobs);
    DialogueServer::Setup setup;
    setup.workers = 1; // so that one job ends before the next begins
    DialogueServer server(setup);
    const auto client = server.connectClient(Peer);
    client->clientSends("a " + line + "\r\n");
    for (int i = 0; i < jobs; ++i) {
        await(QFuture<bool>(server.storage().run(JobClass::Interactive, [] { return true; })));
    }
    client->clientCloses();
    QVERIFY(DialogueServer::waitFor([&] { return server.service().sessionCount() == 0; }));

    const auto next = server.connectClient(Peer);
    QVERIFY(command(next, line).contains("a OK "));
}

void TestLogins::soMayACommandOfOurs()
{
    DialogueServer server;
    const auto client = server.connectPreauthenticated();
    client->clientCloses();
    QVERIFY(DialogueServer::waitFor([&] { return server.service().sessionCount() == 0; }));
    QVERIFY(answer(server.connectPreauthenticated()).startsWith("* PREAUTH "));
}

void TestLogins::eachTryHasALine_data()
{
    QTest::addColumn<bool>("isEncrypted");
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("logged");
    const auto row =
        [](const char *name, bool isEncrypted, const QByteArray &line, const char *logged) {
            QTest::newRow(name) << isEncrypted << line << QByteArray(logged);
        };
    row("good",
        true,
        "LOGIN test secret",
        R"(login ok: user="test" address=127.0.0.1 mechanism=LOGIN tls=TLSv1.3)");
    row("wrong password",
        true,
        "LOGIN test guess",
        R"(login failed: user="test" address=127.0.0.1 mechanism=LOGIN tls=TLSv1.3 reason="wrong password")");
    row("unknown user",
        true,
        "LOGIN nobody guess",
        R"(login failed: user="nobody" address=127.0.0.1 mechanism=LOGIN tls=TLSv1.3 reason="unknown user")");
    row("LOGIN in the clear",
        false,
        "LOGIN test secret",
        R"(login failed: user="" address=192.0.2.7 mechanism=LOGIN tls=none reason="in the clear")");
    row("AUTHENTICATE in the clear",
        false,
        "AUTHENTICATE PLAIN",
        R"(login failed: user="" address=192.0.2.7 mechanism=AUTHENTICATE tls=none reason="in the clear")");
}

void TestLogins::eachTryHasALine()
{
    QFETCH(const bool, isEncrypted);
    QFETCH(const QByteArray, line);
    QFETCH(const QByteArray, logged);
    DialogueServer server;
    const auto client = server.connectClient(
        {.isEncrypted = isEncrypted, .canStartTls = !isEncrypted, .isLoopback = isEncrypted});
    client->takeOutput();
    QTest::ignoreMessage(QtInfoMsg, logged.constData());
    client->clientSends("a " + line + "\r\n");
    QVERIFY(!answer(client).isEmpty());
}

QTEST_GUILESS_MAIN(TestLogins)
#include "tst_logins.moc"
