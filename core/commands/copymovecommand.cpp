#include "core/commands/copymovecommand.h"

#include "core/mailbox/account.h"
#include "core/mailbox/messagecount.h"
#include "core/session/session.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

QByteArray copyUid(const CopyResult &result)
{
    if (result.uids.isEmpty()) {
        return {};
    }
    QList<Uid> from;
    QList<Uid> to;
    for (const auto &[source, destination] : result.uids) {
        from.append(source);
        to.append(destination);
    }
    return "COPYUID " + QByteArray::number(result.uidValidity.value) + ' ' + formatUidSet(from)
        + ' ' + formatUidSet(to);
}

} // namespace

// In the writer's job.
Result<CopyMoveCommand::Outcome> CopyMoveCommand::perform(WriteTxn &txn, const Request &request)
{
    const auto to = txn.mailbox(request.to);
    if (!to) {
        return to.error().code == ErrorCode::NotFound
            ? Result<Outcome>({Outcome::Kind::NoDestination, {}})
            : to.error();
    }
    if (request.uids.isEmpty()) {
        return Outcome();
    }
    if (request.wantsAll) {
        const auto found = countMessages(txn, request.from, request.uids);
        if (!found) {
            return found.error();
        }
        if (*found < request.count) {
            return Outcome{Outcome::Kind::Expunged, {}};
        }
    }
    const auto done = request.mode == CopyMode::Copy ? txn.copy(request.from, request.uids, to->id)
                                                     : txn.move(request.from, request.uids, to->id);
    if (!done && done.error().code == ErrorCode::NotFound) { // they went with their mailbox
        return Outcome{Outcome::Kind::Expunged, {}};
    }
    return done.transform([](const CopyResult &result) {
        return Outcome{Outcome::Kind::Done, result};
    });
}

void CopyMoveCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const SequenceSet set = arguments.sequenceSet();
    arguments.expectSpace();
    const MailboxName name = arguments.mailbox();
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    const auto spans = resolve(set, m_byUid);
    if (!spans) {
        return;
    }
    const auto count = static_cast<quint32>(countOf(*spans));
    const Request request{
        m_mode, view().mailbox(), view().uidRanges(*spans), count, !m_byUid, name};
    account()
        .write([request](WriteTxn &txn) { return perform(txn, request); }, session().writeOptions())
        .then(this, [this](const Result<Outcome> &outcome) { onDone(outcome); });
}

void CopyMoveCommand::onDone(const Result<Outcome> &outcome)
{
    if (!outcome) {
        finish(outcome.error());
        return;
    }
    switch (outcome->kind) {
    case Outcome::Kind::NoDestination:
        finish(Status::no("No such mailbox", "TRYCREATE"));
        return;
    case Outcome::Kind::Expunged:
        finish(Status::no("Some of the messages are gone; nothing was done", "EXPUNGEISSUED"));
        return;
    case Outcome::Kind::Done:
        break;
    }
    const QByteArray code = copyUid(outcome->result);
    if (m_mode == CopyMode::Move && !code.isEmpty()) {
        // Before the EXPUNGEs, which would take the numbers away (RFC 6851 4.3).
        session().send("* OK [" + code + "] Moved\r\n");
        finish(Status::ok("Done"));
        return;
    }
    finish(Status::ok("Done", code));
}

} // namespace Postnook
