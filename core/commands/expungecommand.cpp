#include "core/commands/expungecommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void ExpungeCommand::start(TokenCursor &arguments)
{
    UidRanges ranges;
    if (m_byUid) {
        arguments.expectSpace();
        ranges = view().uidRanges(view().resolveUids(arguments.sequenceSet()));
    } else if (!view().uids().isEmpty()) {
        ranges = {{Uid(1), view().uids().last()}};
    }
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (ranges.isEmpty()) {
        finish(Status::ok("Done"));
        return;
    }
    account()
        .write([mailbox = view().mailbox(),
                ranges](WriteTxn &txn) { return txn.expunge(mailbox, ranges); },
               session().writeOptions())
        .then(this, [this](const Result<QList<Uid>> &expunged) {
            expunged ? finish(Status::ok("Done")) : finish(expunged.error());
        });
}

} // namespace Postnook
