#pragma once

#include "core/wire/deflatewriter.h"
#include "core/wire/inflatereader.h"
#include "dialogueserver.h"

#include <QByteArray>
#include <QMap>
#include <QString>

namespace Postnook
{

// Plays a conversation between clients and the server, written down as lines (the form is told in
// CONTRIBUTING.md, "A dialogue test"):
//
//   # text                a comment
//   ! name value          set-up: fresh, preauth N (client N comes by the control socket),
//                         lmtp N (it is a mail server that speaks LMTP), encrypted, starttls,
//                         remote, max-request-size N, …
//   C1: text              client 1 sends the text and CRLF; \r \n \t \0 \\ \xNN are escapes;
//                         {repeat N text} stands for N copies
//   C1- text              the same without CRLF
//   S1: text              the next line client 1 gets, exactly; <*> stands for any text in it
//   S1?: text             one of the next lines of a run of S1?: lines, in any order
//   S1= text              lines are read until this one comes
//   Z1:                   from here on client 1 speaks and hears compressed (RFC 4978)
//   P1:                   from here on it does not any more
//   R1- text              sends the octets past the compression
//   X1:                   the server closes client 1's connection
//   D1:                   client 1 hangs up, whatever it has not read
//   T: seconds            the clock of time limits goes on
//   R:                    the server restarts; clients are new and logged in again
//
// A client is connected, greeted and (unless `! fresh`) logged in when it is first named. At the
// end no client may have a byte left unread.
class Dialogue
{
public:
    explicit Dialogue(const QByteArray &script)
        : m_script(script)
    {
    }

    // An empty string when all went as written, else what did not, with the line's number and the
    // conversation so far.
    QString run();

private:
    struct Client {
        QPointer<MemoryTransport> transport;
        QByteArray unread;
        bool isClosed = false;
        std::shared_ptr<DeflateWriter> deflate; // both there while compression is on
        std::shared_ptr<InflateReader> inflate;
    };

    QString runLine(const QByteArray &line);
    QString applySetting(const QByteArray &line);
    Client &client(int number);
    void logIn(Client &client);
    static void send(Client &client, const QByteArray &bytes);
    static void beginCompression(Client &client);
    static void endCompression(Client &client);
    static void collect(Client &client);
    static bool hasLine(Client &client);
    QByteArray nextLine(Client &client); // waits for it; without CRLF
    QString expect(Client &client, const QByteArray &pattern);
    QString expectAmong(Client &client, const QByteArray &pattern);
    QString expectLater(Client &client, const QByteArray &pattern);
    QString expectClosed(Client &client);
    QString checkNothingLeft();
    DialogueServer &server();

    QByteArray m_script;
    DialogueServer::Setup m_setup;
    MemoryTransport::Peer m_peer;
    bool m_isFresh = false;
    int m_preauthenticated = 0; // the number of a client, 0 for none
    int m_lmtp = 0; // the same
    std::unique_ptr<DialogueServer> m_server;
    QMap<int, Client> m_clients;
    QByteArrayList m_transcript;
};

} // namespace Postnook
