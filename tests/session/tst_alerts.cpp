#include "dialogueserver.h"

#include <QTest>

using namespace Postnook;

// What people are shown by their mail programs (RFC 9051 7.1, ALERT).
class TestAlerts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isToldOnceWithTheNextReply();
    void isToldToWhoLogsIn();
    void interruptsIdle();
    void isNotForOurOwnCommands();

private:
    void tell(DiskState state) { Q_EMIT m_server->storage().diskStateChanged(state); }
    QPointer<MemoryTransport> client(const QByteArray &firstLine = "LOGIN test secret");

    std::unique_ptr<DialogueServer> m_server;
    QByteArray m_firstReply;
};

void TestAlerts::init()
{
    m_server = std::make_unique<DialogueServer>();
}

QPointer<MemoryTransport> TestAlerts::client(const QByteArray &firstLine)
{
    MemoryTransport::Peer peer;
    peer.isEncrypted = true;
    const auto made = m_server->connectClient(peer);
    m_firstReply = command(made, firstLine);
    return made;
}

void TestAlerts::isToldOnceWithTheNextReply()
{
    const auto ann = client();
    QVERIFY(!m_firstReply.contains("ALERT"));
    tell(DiskState::Low);
    QVERIFY(command(ann, "NOOP").startsWith("* OK [ALERT] The disk that holds the mail is nearly"));
    QVERIFY(!command(ann, "NOOP").contains("ALERT"));
    tell(DiskState::Full);
    QVERIFY(
        command(ann, "SELECT INBOX").contains("* OK [ALERT] The disk that holds the mail is full"));
    tell(DiskState::Enough);
    QVERIFY(!command(ann, "NOOP").contains("ALERT"));
    tell(DiskState::Full);
    QVERIFY(command(ann, "NOOP").contains("ALERT"));
}

void TestAlerts::isToldToWhoLogsIn()
{
    tell(DiskState::Full);
    const auto ann = client("NOOP");
    QVERIFY(!m_firstReply.contains("ALERT")); // nobody's business yet
    QVERIFY(command(ann, "LOGIN test secret").contains("* OK [ALERT]"));
}

void TestAlerts::interruptsIdle()
{
    const auto ann = client();
    command(ann, "SELECT INBOX");
    ann->clientSends("a IDLE\r\n");
    QVERIFY(DialogueServer::waitFor([&] { return ann->takeOutput().contains("+ "); }));
    tell(DiskState::Full);
    QVERIFY(DialogueServer::waitFor([&] { return ann->takeOutput().contains("* OK [ALERT]"); }));
}

void TestAlerts::isNotForOurOwnCommands()
{
    const auto import = m_server->connectPreauthenticated();
    tell(DiskState::Full);
    QVERIFY(!command(import, "NOOP").contains("ALERT"));
}

QTEST_GUILESS_MAIN(TestAlerts)
#include "tst_alerts.moc"
