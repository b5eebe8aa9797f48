#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"
#include "tests/session/dialogueserver.h"

#include <QCoreApplication>

#include <memory>

namespace Postnook::Fuzz
{

namespace
{

constexpr int InputsOfOneServer = 500; // then there is too much mail to be quick
constexpr int Rounds = 10; // of jobs, after each piece of input
constexpr int QuietRounds = 2; // then nothing more happens, or nothing that matters

// A server with a little mail, and someone who watches it all the time.
class Server
{
public:
    Server()
        : m_store(*await(m_server.storage().mailStore(m_server.account().id)))
    {
        m_watcher = m_server.connectPreauthenticated();
        (void)command(m_watcher, "APPEND INBOX (\\Seen) {25+}\r\nSubject: one\r\n\r\nBody one\r\n");
        (void)command(m_watcher,
                      "APPEND INBOX {54+}\r\nFrom: a <b@c.example>\r\nMessage-ID: <1@x>"
                      "\r\n\r\nBody two\r\n");
        (void)command(m_watcher, "SELECT INBOX");
    }

    // What the client gets until there is nothing more.
    QByteArray answer(const QPointer<MemoryTransport> &client)
    {
        QByteArray output;
        for (int i = 0, quiet = 0; i < Rounds && quiet < QuietRounds; ++i) {
            (void)await(m_store->read([](ReadTxn &txn) { return txn.subscriptions(); }));
            const QByteArray more = client ? client->takeOutput() : QByteArray();
            quiet = more.isEmpty() ? quiet + 1 : 0;
            output += more;
        }
        return output;
    }
    QByteArray watch() { return command(m_watcher, "NOOP"); }
    DialogueServer &server() { return m_server; }

private:
    DialogueServer m_server;
    std::shared_ptr<MailStore> m_store;
    QPointer<MemoryTransport> m_watcher;
};

// Octet 0xff cuts the input into what comes at once.
QByteArrayList pieces(QByteArrayView data)
{
    return data.toByteArray().split('\xff');
}

} // namespace

// What a client may send, logged in or not by its first octet: the server answers in whole lines,
// goes on serving others, and lets the session go.
void checkSession(QByteArrayView data)
{
    static int argc = 1;
    static char name[] = "fuzz";
    static char *argv[] = {name, nullptr};
    static const auto app = QCoreApplication::instance() == nullptr
        ? std::make_unique<QCoreApplication>(argc, argv)
        : nullptr;
    static std::unique_ptr<Server> server; // behind the application: it goes first
    static int inputs = 0;
    if (data.isEmpty()) {
        return;
    }
    if (server == nullptr || ++inputs % InputsOfOneServer == 0) {
        server.reset();
        server = std::make_unique<Server>();
        qAddPostRoutine([] { server.reset(); }); // where the application is not ours
    }
    const int before = server->server().service().sessionCount();
    const auto kind = static_cast<unsigned char>(data.front()) % 4;
    const QPointer<MemoryTransport> client =
        kind == 0 ? server->server().connectClient({}) : server->server().connectPreauthenticated();
    if (kind >= 2) {
        (void)command(client, "ENABLE IMAP4rev2 CONDSTORE QRESYNC");
        (void)command(client, "SELECT INBOX");
    }
    QByteArray output;
    for (const QByteArray &piece : pieces(data.sliced(1))) {
        if (!client || client->isClosed()) {
            break;
        }
        client->clientSends(piece);
        output += server->answer(client);
    }
    if (!data.toByteArray().toUpper().contains("COMPRESS")) { // else it is no text any more
        PROPERTY2(output.isEmpty() || output.endsWith("\r\n"), output);
    }
    if (client && !client->isClosed()) {
        client->clientCloses();
    }
    PROPERTY(DialogueServer::runUntil(
        [&] { return server->server().service().sessionCount() == before; }));
    const auto seen = server->watch();
    PROPERTY2(seen.endsWith("a OK Done\r\n"), seen);
}

} // namespace Postnook::Fuzz
