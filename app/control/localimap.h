#pragma once

#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QLocalSocket>
#include <QString>

#include <functional>

namespace Postnook
{

// An IMAP session over the control socket of the owner of a data folder, logged in to an account:
// how commands of this program bring mail in and out. One command at a time. Blocks; lives in a
// thread of the command. From the first error on the session is of no use.
class LocalImap
{
public:
    // How the server answered; its words are for people.
    struct Reply {
        bool isOk = false;
        QByteArray code; // of the response code in brackets: "TRYCREATE", "APPENDUID 17 3:5"
        QString text;
        QByteArrayList untagged; // responses without "* ", where nobody took them as they came
    };
    // One untagged response without "* " and line end, its literals in it as they were sent.
    using OnResponse = std::function<void(const QByteArray &response)>;

    // NotFound when there is no such account.
    Result<void> open(const QString &controlSocket, const QString &account);
    quint64 maxRequestBytes() const { return m_maxRequestBytes; }

    // Sends the text as one command and waits for its end. With `onResponse` nothing is kept, so
    // that memory is bounded by the largest response.
    Result<Reply> command(const QByteArray &text, const OnResponse &onResponse = {});
    // The same in pieces, for what is too large to be put together: a tag, everything that is to be
    // sent, the reply.
    QByteArray newTag();
    Result<void> send(const QByteArray &bytes);
    Result<Reply> readReply(const QByteArray &tag, const OnResponse &onResponse = {});
    void close();

private:
    Result<void> readGreeting();
    Result<QByteArray> readLine();
    Result<void> readBytes(qint64 count, QByteArray *to);
    Result<QByteArray> readResponse();
    void noteBye(const QByteArray &line);
    Error lost();

    QLocalSocket m_socket;
    quint64 m_maxRequestBytes = 0;
    int m_lastTag = 0;
    QString m_bye; // why the server ends the session, in its words
};

} // namespace Postnook
