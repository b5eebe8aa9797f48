#include "core/commands/mailboxcommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

const MailboxName Inbox(QByteArrayLiteral("INBOX"));

Result<void>
perform(WriteTxn &txn, MailboxVerb verb, const MailboxName &name, const MailboxName &to)
{
    switch (verb) {
    case MailboxVerb::Delete:
        if (name == Inbox) {
            return Error{ErrorCode::NotPermitted, QStringLiteral("INBOX cannot be deleted")};
        }
        return txn.deleteMailbox(name);
    case MailboxVerb::Rename:
        return txn.renameMailbox(name, to);
    case MailboxVerb::Subscribe:
        return txn.setSubscribed(name, true);
    case MailboxVerb::Unsubscribe:
        return txn.setSubscribed(name, false);
    }
    return Error{ErrorCode::Internal, QStringLiteral("no such verb")};
}

} // namespace

void MailboxCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const MailboxName name = arguments.mailbox();
    MailboxName to;
    if (m_verb == MailboxVerb::Rename) {
        arguments.expectSpace();
        to = arguments.mailbox();
    }
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    account()
        .write([verb = m_verb, name, to](WriteTxn &txn) { return perform(txn, verb, name, to); },
               session().writeOptions())
        .then(this, [this](const Result<void> &done) {
            done ? finish(Status::ok("Done")) : finish(done.error());
        });
}

} // namespace Postnook
