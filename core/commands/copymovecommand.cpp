#include "core/commands/copymovecommand.h"

#include "core/mailbox/account.h"
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
    account()
        .write(
            [mode = m_mode, from = view().mailbox(), ranges = view().uidRanges(*spans), name](
                WriteTxn &txn) -> Result<CopyResult> {
                const auto to = txn.mailbox(name);
                if (!to) {
                    return to.error();
                }
                return mode == CopyMode::Copy ? txn.copy(from, ranges, to->id)
                                              : txn.move(from, ranges, to->id);
            },
            session().writeOptions())
        .then(this, [this](const Result<CopyResult> &result) { onDone(result); });
}

void CopyMoveCommand::onDone(const Result<CopyResult> &result)
{
    if (!result) {
        const Status status = statusFor(result.error());
        const bool isMissing = result.error().code == ErrorCode::NotFound;
        finish(isMissing ? Status::no("No such mailbox", "TRYCREATE") : status);
        return;
    }
    const QByteArray code = copyUid(*result);
    if (m_mode == CopyMode::Move && !code.isEmpty()) {
        // Before the EXPUNGEs, which would take the numbers away (RFC 6851 4.3).
        session().send("* OK [" + code + "] Moved\r\n");
        finish(Status::ok("Done"));
        return;
    }
    finish(Status::ok("Done", code));
}

} // namespace Postnook
