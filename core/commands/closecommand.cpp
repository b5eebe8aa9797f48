#include "core/commands/closecommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void CloseCommand::start(TokenCursor &arguments)
{
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (m_mode == CloseMode::Unselect || view().isReadOnly() || view().uids().isEmpty()) {
        leave();
        return;
    }
    // Only what this client has seen: a message that came meanwhile is not its to expunge.
    const UidRanges all{{Uid(1), view().uids().last()}};
    account()
        .write(
            [mailbox = view().mailbox(), all](WriteTxn &txn) { return txn.expunge(mailbox, all); },
            session().writeOptions())
        .then(this, [this](const Result<QList<Uid>> &expunged) {
            if (!expunged && expunged.error().code != ErrorCode::NotFound) {
                return finish(expunged.error());
            }
            leave();
        });
}

void CloseCommand::leave()
{
    session().setView(nullptr);
    finish(Status::ok("Closed"));
}

} // namespace Postnook
