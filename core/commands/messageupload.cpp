#include "core/commands/messageupload.h"

#include "core/commands/importedcommand.h"
#include "core/mailbox/account.h"
#include "core/session/commandhead.h"
#include "core/session/session.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

// Messages up to 64 KiB wait in memory for the write; what one command may keep there. Those that
// follow go to files, as large ones do.
constexpr quint64 MaxWaitingBytes = 8'388'608;
constexpr quint64 LargeMessageBytes = 65'537;

// Behind the tag and the command's name.
TokenCursor argumentsOf(const QByteArray &text)
{
    TokenCursor cursor(text);
    (void)readCommandHead(cursor);
    return cursor;
}

} // namespace

void MessageUpload::start(TokenCursor &arguments)
{
    readMailboxAndOptions(arguments);
    arguments.fail("A message comes as a literal");
    failedToParse(arguments);
}

bool MessageUpload::takesLiteral(const QByteArray &text)
{
    // An earlier literal may as well be the mailbox's name: then nothing stands before this one but
    // what the command has in front of its mailbox.
    TokenCursor cursor = argumentsOf(text);
    readTarget(cursor);
    cursor.expectSpace();
    const auto next = cursor.peek();
    const bool beginsWithLiteral = next && (*next == '{' || *next == '~');
    return !beginsWithLiteral || cursor.rest().count('\n') > 1;
}

void MessageUpload::readMailboxAndOptions(TokenCursor &cursor)
{
    readTarget(cursor);
    cursor.expectSpace();
    m_mailboxName = cursor.mailbox();
    readOptions(cursor);
}

void MessageUpload::readOptions(TokenCursor &cursor)
{
    m_next = {};
    m_next.internalDate = InternalDate{options().nowUtc(), 0};
    cursor.expectSpace();
    if (cursor.peek() == std::optional<char>('(')) {
        m_next.flags = cursor.flagList();
        cursor.expectSpace();
    }
    if (cursor.peek() == std::optional<char>('"')) {
        m_next.internalDate = cursor.dateTime();
        cursor.expectSpace();
    }
    // RFC 4466 2.3, append-ext.
    if (takesImportKeys() && cursor.tryWord("X-IMPORT-KEY")) {
        cursor.expectSpace();
        m_next.importKey = readImportKey(cursor);
        cursor.expectSpace();
    }
}

void MessageUpload::literalAnnounced(const QByteArray &text, const CommandFramer::Literal &literal)
{
    const bool isFirst = m_messages.isEmpty();
    TokenCursor cursor =
        isFirst ? argumentsOf(text) : TokenCursor(QByteArrayView(text).sliced(m_readBytes));
    isFirst ? readMailboxAndOptions(cursor) : readOptions(cursor);
    m_readBytes = text.size();
    const auto next = cursor.peek();
    if (next != std::optional<char>(literal.binary ? '~' : '{')) {
        cursor.fail("A message is a literal");
    }
    if (!isFirst && !takesSeveral()) {
        cursor.fail("One message only");
    }
    if (failedToParse(cursor) || (isFirst && !checkTarget()) || refusesSize(literal)) {
        return;
    }
    m_nextBytes = literal.size;
    m_nextKind =
        literal.binary ? MessageIntake::LiteralKind::Binary : MessageIntake::LiteralKind::Plain;
    m_sizeBytes += literal.size;
    isFirst ? findMailbox() : beginMessage();
}

bool MessageUpload::refusesSize(const CommandFramer::Literal &literal)
{
    const quint64 limit = options().maxRequestSize;
    if (literal.size == 0) {
        finish(Status::no("An empty message", "CANNOT"));
        return true;
    }
    if (literal.size <= limit - m_sizeBytes) {
        return false;
    }
    const Status status = m_messages.isEmpty()
        ? Status::no("The message is larger than this server takes", "TOOBIG")
        : Status::no("Together the messages are larger than this server takes", "TOOBIG");
    // What nobody waits for is read and dropped, up to once the limit; beyond that it would cost
    // more than it can be worth.
    if (!literal.synchronising && literal.size > 2 * limit) {
        finish(status, [s = &session()] { s->endWithBye("The message is far too large"); });
    } else {
        finish(status);
    }
    return true;
}

void MessageUpload::findMailbox()
{
    Command::store()
        .read([name = m_mailboxName](ReadTxn &txn) { return txn.mailbox(name); })
        .then(this, [this](const Result<MailboxInfo> &mailbox) {
            if (!mailbox) {
                refuse(mailbox.error());
                return;
            }
            m_mailbox = mailbox->id;
            beginMessage();
        });
}

void MessageUpload::beginMessage()
{
    const quint64 sizeHint =
        m_sizeBytes > MaxWaitingBytes ? std::max(m_nextBytes, LargeMessageBytes) : m_nextBytes;
    if (!m_intake) {
        m_intake = std::make_unique<MessageIntake>(
            session().host().storage(), Command::store(), [s = &session()] { s->resumeInput(); });
    }
    m_intake->begin(sizeHint, m_nextKind);
    m_messages.append(m_next);
    session().acceptLiteral();
}

void MessageUpload::refuse(const Error &error)
{
    const bool isMissing = error.code == ErrorCode::NotFound;
    finish(isMissing ? Status::no("No such mailbox", "TRYCREATE") : statusFor(error));
}

void MessageUpload::literalData(const QByteArray &bytes)
{
    m_intake->add(bytes);
}

void MessageUpload::literalEnded()
{
    m_intake->end();
}

bool MessageUpload::isFull() const
{
    return m_intake && m_intake->isFull();
}

void MessageUpload::commandEnded(const QByteArray &text)
{
    // Behind the last literal's header, which `text` still holds, nothing more may stand.
    if (text.size() != m_readBytes) {
        finish(Status::bad("Something stands behind the message"));
        return;
    }
    m_intake->finish([this](const Result<QList<MessageIntake::Taken>> &taken) { onTaken(taken); });
}

void MessageUpload::onTaken(const Result<QList<MessageIntake::Taken>> &taken)
{
    if (!taken) {
        taken.error().code == ErrorCode::NotPermitted
            ? finish(Status::no(taken.error().text.toUtf8(), "CANNOT"))
            : finish(taken.error());
        return;
    }
    for (qsizetype i = 0; i < taken->size(); ++i) {
        m_messages[i].content = taken->at(i).content;
        m_messages[i].meta = taken->at(i).meta;
    }
    store(m_messages, m_sizeBytes);
}

QByteArray appendUid(const QList<AppendResult> &stored)
{
    QList<Uid> uids;
    for (const AppendResult &one : stored) {
        uids.append(one.uid);
    }
    return "APPENDUID " + QByteArray::number(stored.first().uidValidity.value) + ' '
        + formatUidSet(uids);
}

} // namespace Postnook
