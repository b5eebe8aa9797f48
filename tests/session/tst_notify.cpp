#include "dialogueserver.h"

#include <QTest>

using namespace Postnook;

// NOTIFY to a client that does not read what it is told (RFC 5465 9): the server waits with little
// in memory, and what comes later never stands inside a response. All else is in the dialogues.
class TestNotify : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_server.reset(); }

    void newMessagesWaitForTheClient();
    void newMessagesWaitInsideIdle();
    void aByeWaitsForTheResponse();
    void statusIsToldOnceWhenTheClientReadsAgain();
    void aClientThatHangsUpInBetween();

private:
    static constexpr qsizetype BodyBytes = 2 * 1024 * 1024;
    // One job's output is the most that is written beyond the mark (FetchWriter).
    static constexpr qsizetype MostUnread = 512 * 1024;

    QPointer<MemoryTransport> logIn();
    // Reads in pieces until `end` has come.
    QByteArray drain(const QPointer<MemoryTransport> &client, const QByteArray &end);
    QByteArray bodyResponse() const;

    std::unique_ptr<DialogueServer> m_server;
    qsizetype m_mostUnread = 0;
};

void TestNotify::init()
{
    DialogueServer::Setup setup;
    setup.imap.outputMarkBytes = 4096;
    m_server = std::make_unique<DialogueServer>(setup);
    m_mostUnread = 0;
}

QPointer<MemoryTransport> TestNotify::logIn()
{
    const auto client = m_server->connectClient({.isEncrypted = true});
    command(client, "LOGIN test secret");
    return client;
}

QByteArray TestNotify::drain(const QPointer<MemoryTransport> &client, const QByteArray &end)
{
    QByteArray output;
    DialogueServer::runUntil([&] {
        m_mostUnread = qMax(m_mostUnread, static_cast<qsizetype>(client->unsentBytes()));
        output += client->takeOutput();
        return output.contains(end);
    });
    return output;
}

QByteArray TestNotify::bodyResponse() const
{
    return "* 1 FETCH (UID 1 BODY[] {" + QByteArray::number(BodyBytes) + "}\r\n"
        + QByteArray(BodyBytes, 'x') + ")\r\n";
}

void TestNotify::newMessagesWaitForTheClient()
{
    const auto watcher = logIn();
    const auto writer = logIn();
    command(watcher, "SELECT INBOX");
    command(watcher,
            "NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[]) MessageExpunge FlagChange))"
            " (PERSONAL (MailboxName))");
    watcher->setHoldsOutput(true);
    command(writer,
            "APPEND INBOX {" + QByteArray::number(BodyBytes) + "+}\r\n"
                + QByteArray(BodyBytes, 'x'));
    DialogueServer::runUntil([&] { return watcher->unsentBytes() > 100'000; });
    // All this happens while the response is on its way.
    watcher->clientSends("b NOOP\r\nc FETCH 1 FLAGS\r\n");
    command(writer, "CREATE one");
    command(writer, "SELECT INBOX");
    command(writer, "STORE 1 +FLAGS.SILENT (\\Deleted)");
    command(writer, "EXPUNGE");
    QVERIFY(watcher->unsentBytes() < MostUnread);
    const auto output = drain(watcher, "c BAD");
    QVERIFY(m_mostUnread < MostUnread);
    QVERIFY(output.startsWith("* 1 EXISTS\r\n* 1 RECENT\r\n" + bodyResponse()));
    const auto rest = output.mid(output.indexOf(bodyResponse()) + bodyResponse().size());
    QVERIFY2(rest.contains("* 1 EXPUNGE\r\n"), rest.constData());
    QVERIFY2(rest.contains("* LIST (\\HasNoChildren) \"/\" one\r\n"), rest.constData());
    QVERIFY2(rest.indexOf("* 1 EXPUNGE\r\n") < rest.indexOf("c BAD"), rest.constData());
    QVERIFY2(rest.contains("b OK Done\r\n"), rest.constData());
}

void TestNotify::newMessagesWaitInsideIdle()
{
    const auto watcher = logIn();
    const auto writer = logIn();
    command(watcher, "SELECT INBOX");
    command(watcher, "NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[]) MessageExpunge))");
    watcher->clientSends("b IDLE\r\n");
    drain(watcher, "+ idling\r\n");
    watcher->setHoldsOutput(true);
    command(writer,
            "APPEND INBOX {" + QByteArray::number(BodyBytes) + "+}\r\n"
                + QByteArray(BodyBytes, 'x'));
    DialogueServer::runUntil([&] { return watcher->unsentBytes() > 100'000; });
    watcher->clientSends("DONE\r\n");
    const auto output = drain(watcher, "b OK");
    QVERIFY(m_mostUnread < MostUnread);
    QCOMPARE(output, "* 1 EXISTS\r\n* 1 RECENT\r\n" + bodyResponse() + "b OK Done\r\n");
}

void TestNotify::aByeWaitsForTheResponse()
{
    const auto watcher = logIn();
    const auto writer = logIn();
    command(watcher, "SELECT INBOX");
    command(watcher, "NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[]) MessageExpunge))");
    watcher->setHoldsOutput(true);
    command(writer,
            "APPEND INBOX {" + QByteArray::number(BodyBytes) + "+}\r\n"
                + QByteArray(BodyBytes, 'x'));
    DialogueServer::runUntil([&] { return watcher->unsentBytes() > 100'000; });
    m_server->service().endSessionsOf(m_server->account().id, "Good night");
    QCOMPARE(drain(watcher, "* BYE"),
             "* 1 EXISTS\r\n* 1 RECENT\r\n" + bodyResponse() + "* BYE Good night\r\n");
}

void TestNotify::statusIsToldOnceWhenTheClientReadsAgain()
{
    const auto watcher = logIn();
    const auto other = logIn(); // tells when a report has been given
    const auto writer = logIn();
    command(watcher, "NOTIFY SET (PERSONAL (MessageNew MessageExpunge MailboxName))");
    command(other, "NOTIFY SET (PERSONAL (MessageNew MessageExpunge MailboxName))");
    watcher->setHoldsOutput(true);
    // Fills the output to the mark.
    command(writer, "CREATE " + QByteArray(900, 'x'));
    for (const char *letter : {"a", "b", "c", "d"}) {
        command(writer, "CREATE " + QByteArray(letter).repeated(900));
        drain(other, QByteArray(letter).repeated(900) + "\r\n");
    }
    QVERIFY(watcher->unsentBytes() >= 4096);
    const auto before = watcher->unsentBytes();
    for (int i = 1; i <= 20; ++i) {
        command(writer, "APPEND INBOX {3+}\r\nabc");
        drain(other, "(MESSAGES " + QByteArray::number(i) + " UIDNEXT");
    }
    QCOMPARE(watcher->unsentBytes(), before);
    const auto output = drain(watcher, "* STATUS INBOX");
    QCOMPARE(output.count("* LIST"), 5);
    QCOMPARE(output.count("* STATUS"), 1);
    QVERIFY(output.endsWith("* STATUS INBOX (MESSAGES 20 UIDNEXT 21)\r\n"));
}

void TestNotify::aClientThatHangsUpInBetween()
{
    const auto watcher = logIn();
    const auto writer = logIn();
    command(watcher, "SELECT INBOX");
    command(watcher,
            "NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[]) MessageExpunge))"
            " (PERSONAL (MailboxName MessageNew MessageExpunge))");
    watcher->setHoldsOutput(true);
    command(writer,
            "APPEND INBOX {" + QByteArray::number(BodyBytes) + "+}\r\n"
                + QByteArray(BodyBytes, 'x'));
    DialogueServer::runUntil([&] { return watcher->unsentBytes() > 100'000; });
    watcher->clientCloses();
    DialogueServer::runUntil([&] { return m_server->service().sessionCount() == 1; });
    command(writer, "CREATE one");
    QCOMPARE(command(writer, "NOOP"), "a OK Done\r\n");
}

QTEST_GUILESS_MAIN(TestNotify)
#include "tst_notify.moc"
