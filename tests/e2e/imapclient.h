#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QSslSocket>

// A plain client for the tests: a line out, lines in, with the event loop turning meanwhile. Trusts
// every certificate, and shows it.
class ImapClient
{
public:
    ImapClient();

    // Connects and reads the greeting; false when there is none.
    bool connectTls(quint16 port);
    bool connectClear(quint16 port);
    // STARTTLS with its handshake. `behind` is sent in the clear in the same packet.
    bool startTls(const QByteArray &behind = {});

    // The lines up to and with the tagged one, without line ends; what has come when the connection
    // ends before. Literals are not looked at.
    QByteArrayList command(const QByteArray &command);
    bool succeeds(const QByteArray &command);
    bool login(const QByteArray &name, const QByteArray &password);

    void send(const QByteArray &bytes);
    // Empty when none comes.
    QByteArray readLine();
    bool waitForDisconnect();
    QByteArray unread();

    const QByteArray &greeting() const { return m_greeting; }
    QSslSocket &socket() { return m_socket; }

private:
    QSslSocket m_socket;
    QByteArray m_greeting;
    bool m_isLost = false; // nothing comes any more
    int m_tag = 0;
};
