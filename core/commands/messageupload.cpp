#include "core/commands/messageupload.h"

#include "core/commands/importedcommand.h"
#include "core/commands/mailboxlist.h"
#include "core/mailbox/account.h"
#include "core/session/commandhead.h"
#include "core/session/session.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

#include <utility>

namespace Postnook
{

namespace
{

// Messages up to 64 KiB wait in memory for the write; what one command may keep there. Those that
// follow go to files, as large ones do.
constexpr quint64 MaxWaitingBytes = 8'388'608;
constexpr quint64 LargeMessageBytes = 65'537;

// Behind the tag and the command's name.
TokenCursor argumentsOf(const QByteArray &text, NameCoding coding)
{
    TokenCursor cursor(text, coding);
    (void)readCommandHead(cursor);
    return cursor;
}

struct Found {
    MailboxInfo mailbox;
    QByteArray listLine; // where the name is not spelled as the client does (RFC 9051 6.3.12)
};

Result<Found> find(ReadTxn &txn, const MailboxName &name, const std::optional<MailboxName> &asGiven)
{
    const auto mailbox = txn.mailbox(name);
    if (!mailbox) {
        return mailbox.error();
    }
    if (!asGiven) {
        return Found{*mailbox, {}};
    }
    return listOne(txn, name, NameCoding::Utf8, asGiven).transform([&](const QByteArray &line) {
        return Found{*mailbox, line};
    });
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
    TokenCursor cursor = argumentsOf(text, session().nameCoding());
    readTarget(cursor);
    cursor.expectSpace();
    const bool beginsWithLiteral = cursor.rest().startsWith('{') || cursor.rest().startsWith("~{");
    return !beginsWithLiteral || cursor.rest().count('\n') > 1;
}

void MessageUpload::readMailboxAndOptions(TokenCursor &cursor)
{
    readTarget(cursor);
    cursor.expectSpace();
    m_mailboxName = cursor.mailbox(&m_mailboxAsGiven);
    readOptions(cursor);
}

void MessageUpload::readOptions(TokenCursor &cursor)
{
    if (std::exchange(m_isUtf8, false)) {
        cursor.expectChar(')'); // behind the message before
    }
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
    // RFC 6855 4. It says nothing that the message does not say itself (RFC 9755 does without).
    if (cursor.tryWord("UTF8")) {
        cursor.expectSpace();
        cursor.expectChar('(');
        m_isUtf8 = true;
    }
}

void MessageUpload::literalAnnounced(const QByteArray &text, const CommandFramer::Literal &literal)
{
    const bool isFirst = m_messages.isEmpty();
    const NameCoding coding = session().nameCoding();
    TokenCursor cursor = isFirst ? argumentsOf(text, coding)
                                 : TokenCursor(QByteArrayView(text).sliced(m_readBytes), coding);
    isFirst ? readMailboxAndOptions(cursor) : readOptions(cursor);
    m_readBytes = text.size();
    const auto next = cursor.peek();
    if (next != std::optional<char>(literal.binary ? '~' : '{')) {
        cursor.fail("A message is a literal");
    }
    if (m_isUtf8 && !literal.binary) {
        cursor.fail("UTF8 stands before a literal8");
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
    // The limit may have been lowered since the first message.
    if (m_sizeBytes <= limit && literal.size <= limit - m_sizeBytes) {
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
    const auto asGiven = session().isRev2() ? m_mailboxAsGiven : std::nullopt;
    const auto known = account().mailboxInfos().idOf(m_mailboxName);
    if (known && !asGiven) {
        m_mailbox = *known;
        beginMessage();
        return;
    }
    const auto readAt = account().mailboxInfos().now();
    Command::store()
        .read([name = m_mailboxName, asGiven](ReadTxn &txn) { return find(txn, name, asGiven); })
        .then(this, [this, readAt](const Result<Found> &found) {
            if (!found) {
                refuse(found.error());
                return;
            }
            account().mailboxInfos().keep(found->mailbox, readAt);
            session().send(found->listLine);
            m_mailbox = found->mailbox.id;
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
    if (QByteArrayView(text).sliced(m_readBytes) != QByteArrayView(m_isUtf8 ? ")" : "")) {
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
