#pragma once

#include "app/control/localimap.h"
#include "app/import/mailsource.h"
#include "storage/result.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>

namespace Postnook
{

// What an import says to the server. Blocks; lives in the importer's thread.
class ImportSession
{
public:
    using Reply = LocalImap::Reply;

    // NotFound when there is no such account.
    Result<void> open(const QString &controlSocket, const QString &account)
    {
        return m_imap.open(controlSocket, account);
    }
    quint64 maxRequestBytes() const { return m_imap.maxRequestBytes(); }

    // Which of the keys are of messages that came before. An error from here on means that the
    // server is gone or does not do what it must: nothing more can be done.
    Result<QByteArrayList> knownKeys(const QByteArrayList &keys);
    // Makes the mailbox, if there is none, and subscribes to it.
    Result<Reply> ensureMailbox(const MailboxName &name);
    // All of the messages, or none (RFC 3502), to the mailbox of the first.
    Result<Reply> append(const QList<ImportItem> &items);
    // Any other, without its tag.
    Result<Reply> command(const QByteArray &text) { return m_imap.command(text); }
    void close() { m_imap.close(); }

private:
    LocalImap m_imap;
};

// How many UIDs "APPENDUID 17 3:5,9" names (RFC 4315 3); 0 for another code.
qint64 appendedCount(const QByteArray &code);

} // namespace Postnook
