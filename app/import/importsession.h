#pragma once

#include "app/import/mailsource.h"
#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QLocalSocket>

namespace Postnook
{

// An IMAP session over the control socket, logged in to an account, as far as an import needs one.
// Blocks; lives in the importer's thread.
class ImportSession
{
public:
    // How the server answered; its words are for people.
    struct Reply {
        bool isOk = false;
        QByteArray code; // of the response code in brackets: "TRYCREATE", "APPENDUID 17 3:5"
        QString text;
        QByteArrayList untagged; // lines without "* "
    };

    // NotFound when there is no such account.
    Result<void> open(const QString &controlSocket, const QString &account);
    quint64 maxRequestBytes() const { return m_maxRequestBytes; }

    // Which of the keys are of messages that came before. An error from here on means that the
    // server is gone or does not do what it must: nothing more can be done.
    Result<QByteArrayList> knownKeys(const QByteArrayList &keys);
    // Makes the mailbox, if there is none, and subscribes to it.
    Result<Reply> ensureMailbox(const MailboxName &name);
    // All of the messages, or none (RFC 3502), to the mailbox of the first.
    Result<Reply> append(const QList<ImportItem> &items);
    // Any other, without its tag.
    Result<Reply> command(const QByteArray &text);
    void close();

private:
    Result<void> readGreeting();
    QByteArray newTag();
    Result<void> send(const QByteArray &bytes);
    Result<QByteArray> readLine();
    Result<Reply> readReply(const QByteArray &tag);
    void noteBye(const QByteArray &line);
    Error lost();

    QLocalSocket m_socket;
    quint64 m_maxRequestBytes = 0;
    int m_lastTag = 0;
    QString m_bye; // why the server ends the session, in its words
};

// How many UIDs "APPENDUID 17 3:5,9" names (RFC 4315 3); 0 for another code.
qint64 appendedCount(const QByteArray &code);

} // namespace Postnook
