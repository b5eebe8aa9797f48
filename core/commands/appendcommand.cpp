#include "core/commands/appendcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"

namespace Postnook
{

namespace
{

// Of the messages of a command beside which the next one is taken in.
constexpr quint64 MaxOverlappingBytes = 65'536;

Result<QList<AppendResult>>
appendAll(WriteTxn &txn, MailboxId mailbox, const QList<NewMessage> &messages)
{
    QList<AppendResult> stored;
    stored.reserve(messages.size());
    for (const NewMessage &message : messages) {
        const auto one = txn.append(mailbox, message);
        if (!one) {
            return one.error();
        }
        stored.append(*one);
    }
    return stored;
}

// An import's messages that came before have no UID to tell.
QByteArray codeFor(QList<AppendResult> stored)
{
    stored.removeIf([](const AppendResult &one) { return one.isKnown; });
    return stored.isEmpty() ? QByteArray() : appendUid(stored);
}

} // namespace

bool AppendCommand::takesImportKeys()
{
    return session().isPreauthenticated();
}

void AppendCommand::store(const QList<NewMessage> &messages, quint64 sizeBytes)
{
    account()
        .write([mailbox = mailbox(),
                messages](WriteTxn &txn) { return appendAll(txn, mailbox, messages); },
               session().writeOptions(sizeBytes))
        .then(this, [this](const Result<QList<AppendResult>> &stored) {
            stored ? finish(Status::ok("Stored", codeFor(*stored))) : refuse(stored.error());
        });
    m_waitsForCommit = sizeBytes <= MaxOverlappingBytes;
    session().resumeInput();
}

} // namespace Postnook
