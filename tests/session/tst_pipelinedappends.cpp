#include "dialogueserver.h"
#include "tests/storage/gate.h"

#include <QTest>

using namespace Postnook;

// APPENDs that a client sends without waiting for the answers.
class TestPipelinedAppends : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areCommittedTogether();
    void largeOnesAreNot();
    void aShutdownWaitsForThem();
    void theClientMayHangUp();
};

namespace
{

constexpr MemoryTransport::Peer Peer;

QByteArray append(int tag, const QByteArray &message)
{
    return QByteArray::number(tag) + " APPEND INBOX {" + QByteArray::number(message.size())
        + "+}\r\n" + message + "\r\n";
}

QByteArray appends(int count, qsizetype octets)
{
    QByteArray all;
    for (int i = 0; i < count; ++i) {
        all += append(i, QByteArray(octets, 'x'));
    }
    return all;
}

// A server whose disk is busy until the test lets it go, and a client that has logged in.
class BusyServer
{
public:
    BusyServer()
        : m_server(setup())
        , m_store(*await(m_server.storage().mailStore(m_server.account().id)))
    {
        m_client = m_server.connectClient(Peer);
        command(m_client, "LOGIN test secret");
        m_busy = m_store->write([this](WriteTxn &) -> Result<void> {
            m_gate.pass();
            return {};
        });
        m_gate.waitForArrival();
        QObject::connect(
            m_store.get(),
            &MailStore::committed,
            m_client,
            [this](const QList<CommitNotice> &notices) { commits += notices.isEmpty() ? 0 : 1; });
    }
    ~BusyServer() { free(); }

    DialogueServer &server() { return m_server; }
    const QPointer<MemoryTransport> &client() { return m_client; }
    // Until all that can be done without the disk is done.
    void settle()
    {
        for (int i = 0; i < 400; ++i) {
            (void)await(m_store->read([](ReadTxn &txn) { return txn.subscriptions(); }));
        }
    }
    void free()
    {
        m_gate.open();
        (void)await(m_busy);
    }
    // When every write that was asked for before is done.
    qint64 messages()
    {
        (void)await(m_store->write([](WriteTxn &) { return Result<void>(); }));
        return await(m_store->read([](ReadTxn &txn) { return txn.mailbox(MailboxName("INBOX")); }))
            ->messages;
    }

    int commits = 0;

private:
    static DialogueServer::Setup setup()
    {
        DialogueServer::Setup setup;
        setup.workers = 2; // one waits at the gate
        return setup;
    }

    DialogueServer m_server;
    std::shared_ptr<MailStore> m_store;
    QPointer<MemoryTransport> m_client;
    Test::Gate m_gate;
    Future<Result<void>> m_busy;
};

} // namespace

void TestPipelinedAppends::areCommittedTogether()
{
    constexpr int Count = 50;
    BusyServer busy;
    busy.client()->clientSends(appends(Count, 100));
    busy.settle();
    QCOMPARE(busy.client()->takeOutput(), QByteArray());
    busy.free();
    QByteArray answers;
    QVERIFY(DialogueServer::waitFor([&] {
        answers += busy.client()->takeOutput();
        return answers.count("\r\n") == Count;
    }));
    const auto lines = answers.trimmed().split('\n');
    for (int i = 0; i < Count; ++i) {
        QVERIFY2(lines[i].startsWith(QByteArray::number(i) + " OK [APPENDUID "), lines[i]);
        QVERIFY2(lines[i].contains(' ' + QByteArray::number(i + 1) + "] "), lines[i]);
    }
    QCOMPARE(busy.commits, 1);
}

// What waits for the disk is held in memory.
void TestPipelinedAppends::largeOnesAreNot()
{
    BusyServer busy;
    busy.client()->clientSends(appends(3, 70'000));
    busy.settle();
    busy.free();
    QByteArray answers;
    QVERIFY(DialogueServer::waitFor([&] {
        answers += busy.client()->takeOutput();
        return answers.count("\r\n") == 3;
    }));
    QCOMPARE(busy.commits, 3);
}

void TestPipelinedAppends::aShutdownWaitsForThem()
{
    BusyServer busy;
    busy.client()->clientSends(appends(3, 100) + "9 APPEND INBOX {100+}\r\nhalf");
    busy.settle();
    busy.server().service().shutDown(60'000);
    busy.settle();
    QCOMPARE(busy.client()->takeOutput(), QByteArray());
    busy.free();
    QByteArray answers;
    QVERIFY(DialogueServer::waitFor([&] {
        answers += busy.client() ? busy.client()->takeOutput() : QByteArray();
        return answers.contains("* BYE ");
    }));
    QCOMPARE(answers.count(" OK [APPENDUID "), 3);
    QVERIFY(answers.indexOf("* BYE ") > answers.indexOf("2 OK"));
}

// Their messages are stored all the same, as is what came whole behind them.
void TestPipelinedAppends::theClientMayHangUp()
{
    BusyServer busy;
    busy.client()->clientSends(appends(5, 100) + "8 NOOP\r\n9 APPEND INBOX {1+}\r\nx\r\n");
    busy.settle();
    busy.client()->clientCloses();
    busy.settle();
    QCOMPARE(busy.server().service().sessionCount(), 1);
    busy.free();
    QVERIFY(DialogueServer::waitFor([&] { return busy.server().service().sessionCount() == 0; }));
    QCOMPARE(busy.messages(), 6);
}

QTEST_GUILESS_MAIN(TestPipelinedAppends)
#include "tst_pipelinedappends.moc"
