#include "core/commands/mailboxcommand.h"

#include "core/commands/mailboxlist.h"
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

// With the LIST response that tells what became of a name that is not spelled as the client does
// (RFC 9051 6.3.5, 6.3.6).
Result<QByteArray> performAndList(WriteTxn &txn,
                                  MailboxVerb verb,
                                  const MailboxName &name,
                                  const MailboxName &to,
                                  const std::optional<MailboxName> &asGiven)
{
    if (const auto done = perform(txn, verb, name, to); !done) {
        return done.error();
    }
    if (asGiven && verb == MailboxVerb::Rename) {
        return listOne(txn, to, NameCoding::Utf8, asGiven);
    }
    if (asGiven && verb == MailboxVerb::Delete) {
        return listResponse({.name = name, .isSelected = true},
                            {.isExtended = true, .coding = NameCoding::Utf8},
                            asGiven);
    }
    return QByteArray();
}

} // namespace

void MailboxCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    std::optional<MailboxName> asGiven;
    const MailboxName name = arguments.mailbox(&asGiven);
    MailboxName to;
    if (m_verb == MailboxVerb::Rename) {
        arguments.expectSpace();
        std::optional<MailboxName> toAsGiven;
        to = arguments.mailbox(&toAsGiven);
        if (toAsGiven && !asGiven) {
            asGiven = name;
        }
    }
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (!session().isRev2()) {
        asGiven.reset();
    }
    account()
        .write([verb = m_verb, name, to, asGiven](
                   WriteTxn &txn) { return performAndList(txn, verb, name, to, asGiven); },
               session().writeOptions())
        .then(this, [this](const Result<QByteArray> &listLine) {
            if (!listLine) {
                return finish(listLine.error());
            }
            session().send(*listLine);
            finish(Status::ok("Done"));
        });
}

} // namespace Postnook
