#include "core/commands/appendcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

// Behind the tag and the command's name.
TokenCursor argumentsOf(const QByteArray &text)
{
    TokenCursor cursor(text);
    (void)cursor.word();
    cursor.trySpace();
    (void)cursor.word();
    return cursor;
}

} // namespace

void AppendCommand::start(TokenCursor &arguments)
{
    (void)readArguments(arguments);
    arguments.fail("APPEND takes a message as a literal");
    failedToParse(arguments);
}

bool AppendCommand::takesLiteral(const QByteArray &text) const
{
    // The first literal may as well be the mailbox's name: then nothing stands before it.
    TokenCursor cursor = argumentsOf(text);
    cursor.expectSpace();
    const auto next = cursor.peek();
    const bool beginsWithLiteral = next && (*next == '{' || *next == '~');
    return !beginsWithLiteral || cursor.rest().count('\n') > 1;
}

AppendCommand::Arguments AppendCommand::readArguments(TokenCursor &cursor)
{
    Arguments arguments;
    cursor.expectSpace();
    arguments.mailbox = cursor.mailbox();
    cursor.expectSpace();
    if (cursor.peek() == std::optional<char>('(')) {
        arguments.flags = cursor.flagList();
        cursor.expectSpace();
    }
    if (cursor.peek() == std::optional<char>('"')) {
        arguments.date = cursor.dateTime();
        cursor.expectSpace();
    }
    return arguments;
}

void AppendCommand::literalAnnounced(const QByteArray &text, const CommandFramer::Literal &literal)
{
    if (m_intake) {
        finish(Status::bad("APPEND takes one message"));
        return;
    }
    TokenCursor cursor = argumentsOf(text);
    m_arguments = readArguments(cursor);
    const auto next = cursor.peek();
    if (!next || *next != '{') {
        cursor.fail(literal.binary ? "A binary literal needs BINARY"
                                   : "APPEND takes a literal here");
    }
    if (failedToParse(cursor) || refusesSize(literal)) {
        return;
    }
    Command::store()
        .read([name = m_arguments.mailbox](ReadTxn &txn) { return txn.mailbox(name); })
        .then(this, [this, size = literal.size](const Result<MailboxInfo> &mailbox) {
            onMailbox(mailbox, size);
        });
}

bool AppendCommand::refusesSize(const CommandFramer::Literal &literal)
{
    const quint64 limit = options().maxRequestSize;
    if (literal.size == 0) {
        finish(Status::no("An empty message", "CANNOT"));
        return true;
    }
    if (literal.size <= limit) {
        return false;
    }
    const Status status = Status::no("The message is larger than this server takes", "TOOBIG");
    // What nobody waits for is read and dropped, up to once the limit; beyond that it would cost
    // more than it can be worth.
    if (!literal.synchronising && literal.size > 2 * limit) {
        finish(status, [s = &session()] { s->endWithBye("The message is far too large"); });
    } else {
        finish(status);
    }
    return true;
}

void AppendCommand::onMailbox(const Result<MailboxInfo> &mailbox, quint64 sizeBytes)
{
    if (!mailbox) {
        refuse(mailbox.error());
        return;
    }
    m_mailbox = mailbox->id;
    m_intake = std::make_unique<MessageIntake>(session().host().storage(),
                                               Command::store(),
                                               sizeBytes,
                                               [s = &session()] { s->resumeInput(); });
    session().acceptLiteral();
}

void AppendCommand::refuse(const Error &error)
{
    const bool isMissing = error.code == ErrorCode::NotFound;
    finish(isMissing ? Status::no("No such mailbox", "TRYCREATE") : statusFor(error));
}

void AppendCommand::literalData(const QByteArray &bytes)
{
    m_intake->add(bytes);
}

void AppendCommand::commandEnded(const QByteArray &text)
{
    // Behind the literal's header, which `text` still holds, nothing more may stand.
    if (!text.endsWith("}\r\n")) {
        finish(Status::bad("Something stands behind the message"));
        return;
    }
    m_intake->finish([this](const Result<MessageIntake::Taken> &taken) {
        if (!taken) {
            finish(taken.error());
        } else if (taken->hasNul) {
            finish(Status::no("A NUL octet cannot travel in a plain literal", "CANNOT"));
        } else {
            store(*taken);
        }
    });
}

void AppendCommand::store(const MessageIntake::Taken &taken)
{
    NewMessage message{taken.content, taken.meta, m_arguments.flags, {}};
    message.internalDate = m_arguments.date.value_or(InternalDate{options().nowUtc(), 0});
    account()
        .write(
            [mailbox = m_mailbox, message](WriteTxn &txn) { return txn.append(mailbox, message); },
            session().writeOptions(taken.content.sizeBytes()))
        .then(this, [this](const Result<AppendResult> &stored) {
            if (!stored) {
                return refuse(stored.error());
            }
            finish(Status::ok("Stored",
                              "APPENDUID " + QByteArray::number(stored->uidValidity.value) + ' '
                                  + QByteArray::number(stored->uid.value)));
        });
}

} // namespace Postnook
