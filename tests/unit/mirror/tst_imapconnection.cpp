#include "app/mirror/imapconnection.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QTest>

#include <memory>

using namespace Postnook;
using namespace Qt::StringLiterals;

// Against a server of which all is known beforehand: what it sends lies in the socket already.
class TestImapConnection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void commands();
    void untaggedAndLiterals();
    void bodies();
    void bodiesNobodyWants();
    void lost_data();
    void lost();
    void faults_data();
    void faults();
    void sinkMayRefuse();
    void stopped();
    void unread();

private:
    void serverSends(const QByteArray &bytes) const;
    void serverEnds() const { m_server->disconnectFromServer(); }
    QByteArray serverHears() const;

    std::unique_ptr<QLocalServer> m_listener;
    std::unique_ptr<QLocalSocket> m_client;
    QLocalSocket *m_server = nullptr; // owned by the listener
    std::atomic<bool> m_stop = false;
};

namespace
{

class Collector : public BodySink
{
public:
    Result<void> beginLiteral(quint64 sizeBytes) override
    {
        sizes.append(sizeBytes);
        return sizeBytes > 1'000'000 ? Result<void>(Error{ErrorCode::TooBig, u"too big"_s})
                                     : Result<void>();
    }
    Result<void> takeLiteral(const QByteArray &more) override
    {
        bytes += more;
        return {};
    }

    QList<quint64> sizes;
    QByteArray bytes;
};

} // namespace

void TestImapConnection::init()
{
    static int s_number = 0;
    m_stop = false;
    m_client.reset();
    m_listener = std::make_unique<QLocalServer>();
    const QString name =
        u"tst-imapconnection-%1-%2"_s.arg(QCoreApplication::applicationPid()).arg(++s_number);
    QVERIFY(m_listener->listen(name));
    m_client = std::make_unique<QLocalSocket>();
    m_client->connectToServer(name);
    QVERIFY(m_client->waitForConnected());
    QVERIFY(m_listener->waitForNewConnection(5000));
    m_server = m_listener->nextPendingConnection();
    QVERIFY(m_server);
}

void TestImapConnection::serverSends(const QByteArray &bytes) const
{
    m_server->write(bytes);
    m_server->flush();
}

QByteArray TestImapConnection::serverHears() const
{
    while (m_server->waitForReadyRead(100)) { }
    return m_server->readAll();
}

void TestImapConnection::commands()
{
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends("* OK [CAPABILITY IMAP4rev1] hello\r\nm1 OK done\r\nm2 NO [OVERQUOTA] full\r\n");
    const auto greeting = imap.readGreeting();
    QVERIFY(greeting);
    QCOMPARE(greeting->codeArguments(), QByteArray("IMAP4rev1"));
    QVERIFY(imap.command("NOOP")->isOk());
    const auto refused = imap.command("CREATE a");
    QVERIFY(refused); // a refusal is no error
    QVERIFY(!refused->isOk());
    QCOMPARE(refused->codeName(), QByteArray("OVERQUOTA"));
    m_client->flush();
    QCOMPARE(serverHears(), QByteArray("m1 NOOP\r\nm2 CREATE a\r\n"));
}

void TestImapConnection::untaggedAndLiterals()
{
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends("* LIST () \"/\" {3}\r\na\r\n\r\n* 3 EXISTS\r\n+ go\r\nm1 OK\r\n");
    QByteArrayList seen;
    const auto reply = imap.command("LIST", [&seen](const ImapResponse &response) {
        seen.append(response.name + ' ' + response.arguments);
        return Result<void>();
    });
    QVERIFY(reply && reply->isOk());
    QCOMPARE(seen, (QByteArrayList{"LIST () \"/\" {3}\r\na\r\n", "EXISTS ", " "}));
}

void TestImapConnection::bodies()
{
    const QByteArray message("From: x\r\n\0\xff{9}\r\n", 16);
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends("* 1 FETCH (UID 7 body[] {16}\r\n" + message + " FLAGS ())\r\n"
                + "* 2 FETCH (BODY[] ~{0}\r\n UID 8)\r\nm1 OK\r\n");
    Collector sink;
    QByteArrayList seen;
    const auto reply = imap.command(
        "FETCH",
        [&seen](const ImapResponse &response) {
            seen.append(response.arguments);
            return Result<void>();
        },
        &sink);
    QVERIFY(reply);
    QCOMPARE(sink.sizes, (QList<quint64>{16, 0}));
    QCOMPARE(sink.bytes, message);
    QCOMPARE(seen.first(), QByteArray("(UID 7 body[] {16}\r\n FLAGS ())"));
}

void TestImapConnection::bodiesNobodyWants()
{
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends("* 1 FETCH (BODY[] {5}\r\nabcde)\r\nm1 OK\r\n");
    QVERIFY(imap.command("NOOP"));
}

void TestImapConnection::lost_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QString>("inText");
    QTest::newRow("at once") << QByteArray() << u"here"_s;
    QTest::newRow("in a line") << QByteArray("* OK he") << u"here"_s;
    QTest::newRow("in a literal") << QByteArray("* LIST () {10}\r\nab") << u"here"_s;
    QTest::newRow("in a body") << QByteArray("* 1 FETCH (BODY[] {10}\r\nab") << u"here"_s;
    QTest::newRow("with its reason")
        << QByteArray("* BYE too many of you\r\n") << u"too many of you"_s;
}

void TestImapConnection::lost()
{
    QFETCH(QByteArray, sent);
    QFETCH(QString, inText);
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends(sent);
    serverEnds();
    Collector sink;
    const auto reply = imap.command("FETCH", {}, &sink);
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Busy);
    QVERIFY2(reply.error().text.contains(inText), qPrintable(reply.error().text));
}

void TestImapConnection::faults_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad Request\r\n\r\n");
    QTest::newRow("a tag that was not sent") << QByteArray("m9 OK\r\n");
    QTest::newRow("no tag at all") << QByteArray("\r\n");
    QTest::newRow("bare CR") << QByteArray("* OK a\rb\r\n");
    QTest::newRow("a literal too large") << QByteArray("* LIST () \"/\" {4000000000}\r\n");
    QTest::newRow("a literal past all numbers")
        << QByteArray("* LIST () \"/\" {99999999999999999999999}\r\n");
    QTest::newRow("too many literals")
        << QByteArray("* LIST (") + ("{1000000}\r\n" + QByteArray(1'000'000, 'x')).repeated(5);
    QTest::newRow("a line without an end") << QByteArray(17 * 1'048'576, 'x');
}

void TestImapConnection::faults()
{
    QFETCH(QByteArray, sent);
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    // More than the socket holds: the server's end writes as the client reads, in its own thread.
    m_server->setParent(nullptr);
    const std::unique_ptr<QLocalSocket> server(m_server);
    const std::unique_ptr<QThread> writer(QThread::create([&server, &sent] {
        QLocalSocket socket;
        socket.setSocketDescriptor(server->socketDescriptor());
        socket.write(sent);
        while (socket.bytesToWrite() > 0 && socket.waitForBytesWritten(1000)) { }
        socket.waitForDisconnected(20'000);
    }));
    writer->start();
    Collector sink;
    const auto reply = imap.command("NOOP", {}, &sink);
    m_client->abort();
    writer->wait();
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Unavailable);
}

void TestImapConnection::sinkMayRefuse()
{
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends("* 1 FETCH (BODY[] {1000001}\r\n");
    Collector sink;
    const auto reply = imap.command("FETCH", {}, &sink);
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::TooBig);
}

void TestImapConnection::stopped()
{
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    m_stop = true;
    const auto reply = imap.command("NOOP"); // which nobody answers
    QVERIFY(!reply);
    QCOMPARE(reply.error().code, ErrorCode::Cancelled);
}

// What stands behind the answer to STARTTLS came in the clear, and must not count.
void TestImapConnection::unread()
{
    ImapConnection imap(*m_client, u"here"_s, m_stop);
    serverSends("m1 OK begin\r\n");
    QVERIFY(imap.command("STARTTLS"));
    QVERIFY(!imap.hasUnread());
    serverSends("m2 OK begin\r\n* CAPABILITY IMAP4rev1\r\n");
    QVERIFY(imap.command("STARTTLS"));
    QVERIFY(imap.hasUnread());
}

QTEST_GUILESS_MAIN(TestImapConnection)
#include "tst_imapconnection.moc"
