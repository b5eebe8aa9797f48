#include "dialogueserver.h"

#include <QTest>

using namespace Postnook;

// ESEARCH (RFC 7377) over more mailboxes than anybody has.
class TestMultiSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        DialogueServer::Setup setup;
        setup.imap.outputMarkBytes = MarkBytes;
        m_server = std::make_unique<DialogueServer>(setup);
        m_client = m_server->connectClient(
            {.isEncrypted = true, .canStartTls = false, .isLoopback = true});
        command(m_client, "LOGIN test secret");
        command(m_client, "APPEND INBOX {3+}\r\nabc");
        const auto store = await(m_server->storage().mailStore(m_server->account().id));
        QVERIFY(store.has_value());
        const auto made = await((*store)->write([](WriteTxn &txn) -> Result<void> {
            const auto inbox = txn.mailbox(MailboxName("INBOX"));
            for (int i = 1; i < Mailboxes && inbox; ++i) {
                const QByteArray name = "box" + QByteArray::number(i).rightJustified(4, '0');
                const auto box = txn.createMailbox(MailboxName(name), SpecialUse::None);
                if (!box) {
                    return box.error();
                }
                if (auto copied = txn.copy(inbox->id, {{Uid(1), Uid(1)}}, box->id); !copied) {
                    return copied.error();
                }
            }
            return {};
        }));
        QVERIFY(made.has_value());
        m_client->takeOutput();
    }

    // No more is searched than the client reads, and while it reads nothing it hears how far that
    // is.
    void waitsForTheReader()
    {
        m_client->setHoldsOutput(true);
        m_client->clientSends("s ESEARCH IN (personal) TEXT abc\r\n");
        QVERIFY(DialogueServer::waitFor([&] { return m_client->unsentBytes() >= MarkBytes; }));
        const qint64 unread = m_client->unsentBytes();
        m_server->advanceMs(10'001);
        QVERIFY(DialogueServer::waitFor([&] { return m_client->unsentBytes() > unread; }));
        QByteArray all = m_client->takeOutput();
        const auto answered = QByteArray::number(all.count("* ESEARCH ") + EmptyMailboxes);
        QVERIFY(all.endsWith("* OK [INPROGRESS (\"s\" " + answered + " 1005)] Still at it\r\n"));
        qint64 most = 0;
        QVERIFY(DialogueServer::waitFor([&] {
            most = std::max(most, m_client->unsentBytes());
            all += m_client->takeOutput();
            return all.endsWith("s OK Done\r\n");
        }));
        QVERIFY(most < MarkBytes + MostOfOneResponse);
        QCOMPARE(all.count("* ESEARCH (TAG \"s\" MAILBOX "), Mailboxes);
        QVERIFY(all.indexOf(" box0001 ") < all.indexOf(" box0999 "));
    }

    // A client that goes away is not searched for any longer.
    void endsWithTheConnection()
    {
        m_client->setHoldsOutput(true);
        m_client->clientSends("s ESEARCH IN (personal) TEXT abc\r\n");
        QVERIFY(DialogueServer::waitFor([&] { return m_client->unsentBytes() > 0; }));
        m_client->clientCloses();
        QVERIFY(DialogueServer::waitFor([&] { return m_server->service().sessionCount() == 0; }));
    }

private:
    static constexpr int Mailboxes = 1000;
    static constexpr int EmptyMailboxes = 5; // of a fresh account, all before "box"
    static constexpr qint64 MarkBytes = 4096;
    static constexpr qint64 MostOfOneResponse = 200;

    std::unique_ptr<DialogueServer> m_server;
    QPointer<MemoryTransport> m_client;
};

QTEST_GUILESS_MAIN(TestMultiSearch)
#include "tst_multisearch.moc"
