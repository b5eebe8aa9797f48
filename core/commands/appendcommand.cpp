#include "core/commands/appendcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"

namespace Postnook
{

namespace
{

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

} // namespace

void AppendCommand::store(const QList<NewMessage> &messages, quint64 sizeBytes)
{
    account()
        .write([mailbox = mailbox(),
                messages](WriteTxn &txn) { return appendAll(txn, mailbox, messages); },
               session().writeOptions(sizeBytes))
        .then(this, [this](const Result<QList<AppendResult>> &stored) {
            stored ? finish(Status::ok("Stored", appendUid(*stored))) : refuse(stored.error());
        });
}

} // namespace Postnook
