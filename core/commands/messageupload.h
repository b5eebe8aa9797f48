#pragma once

#include "core/mailbox/messageintake.h"
#include "core/session/command.h"
#include "core/wire/commandframer.h"
#include "storage/store.h"

#include <memory>

namespace Postnook
{

// A command that brings messages for a mailbox: APPEND (RFC 9051 6.3.12, MULTIAPPEND: RFC 3502) and
// REPLACE (RFC 8508). The mailbox and the sizes are looked at before the client is asked for a
// message; the bytes go to the store as they come. Main thread.
//
// How many messages one command may bring is bounded by its lines (ImapOptions::lineBytes), how
// large they are together by ImapOptions::maxRequestSize.
class MessageUpload : public Command, public LiteralSink
{
    Q_OBJECT

public:
    using Command::Command;

    // Reached only where no literal came: the command is malformed without one.
    void start(TokenCursor &arguments) override;
    LiteralSink *literalSink() override { return this; }

    bool takesLiteral(const QByteArray &text) override;
    void literalAnnounced(const QByteArray &text, const CommandFramer::Literal &literal) override;
    void literalData(const QByteArray &bytes) override;
    void literalEnded() override;
    void commandEnded(const QByteArray &text) override;
    bool isFull() const override;

protected:
    // What stands in front of the mailbox; fails the cursor where it is malformed.
    virtual void readTarget(TokenCursor &cursor) = 0;
    // Whether the target can take a message, looked at once, after the syntax. Ends the command and
    // returns false if not.
    virtual bool checkTarget() { return true; }
    virtual bool takesSeveral() const = 0;
    // Whether a message may say where it was imported from (CommandFlag::ForImport).
    virtual bool takesImportKeys() { return false; }
    // All messages are here: one write, then finish().
    virtual void store(const QList<NewMessage> &messages, quint64 sizeBytes) = 0;

    MailboxId mailbox() const { return m_mailbox; }
    void refuse(const Error &error); // NO, with TRYCREATE where the mailbox is missing

private:
    void readMailboxAndOptions(TokenCursor &cursor);
    void readOptions(TokenCursor &cursor);
    bool refusesSize(const CommandFramer::Literal &literal);
    void findMailbox();
    void beginMessage();
    void onTaken(const Result<QList<MessageIntake::Taken>> &taken);

    MailboxName m_mailboxName;
    std::optional<MailboxName> m_mailboxAsGiven; // where that is another spelling (IMAP4rev2)
    MailboxId m_mailbox;
    NewMessage m_next; // the flags and date of the message that is announced
    quint64 m_nextBytes = 0;
    MessageIntake::LiteralKind m_nextKind = MessageIntake::LiteralKind::Plain;
    bool m_isUtf8 = false; // "UTF8 (" stands before the message, and ")" has to follow it
    qsizetype m_readBytes = 0; // of the command's text, literals left out
    QList<NewMessage> m_messages; // those begun; without their content until all are taken
    quint64 m_sizeBytes = 0; // of all messages announced
    std::unique_ptr<MessageIntake> m_intake;
};

// "APPENDUID 38505 3955:3957" (RFC 4315 3, RFC 3502).
QByteArray appendUid(const QList<AppendResult> &stored);

} // namespace Postnook
