#pragma once

#include "core/commands/messageintake.h"
#include "core/session/command.h"
#include "core/wire/commandframer.h"
#include "storage/store.h"

#include <memory>
#include <optional>

namespace Postnook
{

// APPEND (RFC 9051 6.3.12): the mailbox and the size are looked at before the client is asked for
// the message; its bytes go to the store as they come. The tagged OK means that it is on disk.
class AppendCommand : public Command, public LiteralSink
{
    Q_OBJECT

public:
    using Command::Command;

    // Reached only where no literal came: APPEND without one is malformed.
    void start(TokenCursor &arguments) override;
    LiteralSink *literalSink() override { return this; }

    bool takesLiteral(const QByteArray &text) const override;
    void literalAnnounced(const QByteArray &text, const CommandFramer::Literal &literal) override;
    void literalData(const QByteArray &bytes) override;
    void literalEnded() override { }
    void commandEnded(const QByteArray &text) override;
    bool isFull() const override { return m_intake && m_intake->isFull(); }

private:
    struct Arguments {
        MailboxName mailbox;
        MessageFlags flags;
        std::optional<InternalDate> date;
    };

    static Arguments readArguments(TokenCursor &cursor);
    bool refusesSize(const CommandFramer::Literal &literal);
    void onMailbox(const Result<MailboxInfo> &mailbox, quint64 sizeBytes);
    void refuse(const Error &error);
    void store(const MessageIntake::Taken &taken);

    Arguments m_arguments;
    MailboxId m_mailbox;
    std::unique_ptr<MessageIntake> m_intake;
};

} // namespace Postnook
