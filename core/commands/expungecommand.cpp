#include "core/commands/expungecommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

void ExpungeCommand::start(TokenCursor &arguments)
{
    SequenceSet set;
    if (m_byUid) {
        arguments.expectSpace();
        set = arguments.sequenceSet();
    }
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    UidRanges ranges;
    if (m_byUid) {
        ranges = view().uidRanges(resolve(set, true).value_or(QList<IndexSpan>()));
    } else if (!view().uids().isEmpty()) {
        ranges = {{Uid(1), view().uids().last()}};
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
            // Of a mailbox that was deleted everything is gone already.
            const bool isDone = expunged || expunged.error().code == ErrorCode::NotFound;
            isDone ? finish(Status::ok("Done")) : finish(expunged.error());
        });
}

} // namespace Postnook
