#include "core/commands/replacecommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

bool isOneNumber(const SequenceSet &set)
{
    return set.ranges().size() == 1 && set.ranges().first().first == set.ranges().first().last;
}

// Invalid: the message is gone, with its mailbox perhaps, and its successor must not appear beside
// it.
Error goneAlready()
{
    return {ErrorCode::Invalid, QStringLiteral("The message is gone already")};
}

// NotFound: `to` is (RFC 8508 3.4).
Result<QList<AppendResult>>
replace(WriteTxn &txn, MailboxId from, Uid uid, MailboxId to, const NewMessage &message)
{
    const auto stored = txn.append(to, message);
    if (!stored) {
        return stored.error();
    }
    const UidRanges replaced{{uid, uid}};
    const auto marked =
        txn.storeFlags(from, replaced, FlagChange::Add, {SystemFlag::Deleted, {}}, std::nullopt);
    if (!marked) {
        return marked.error().code == ErrorCode::NotFound ? goneAlready() : marked.error();
    }
    const auto gone = txn.expunge(from, replaced);
    if (!gone) {
        return gone.error();
    }
    if (gone->isEmpty()) {
        return goneAlready();
    }
    return QList<AppendResult>{*stored};
}

} // namespace

void ReplaceCommand::readTarget(TokenCursor &cursor)
{
    cursor.expectSpace();
    m_replaced = cursor.sequenceSet();
    if (!cursor.hasFailed() && !isOneNumber(m_replaced)) {
        cursor.fail("REPLACE takes one message");
    }
}

bool ReplaceCommand::checkTarget()
{
    const auto spans = resolve(m_replaced, m_byUid);
    if (!spans) {
        return false;
    }
    if (spans->isEmpty()) {
        finish(Status::no("No such message", "CANNOT"));
        return false;
    }
    m_replacedUid = view().uids().at(spans->first().first);
    return true;
}

void ReplaceCommand::store(const QList<NewMessage> &messages, quint64 sizeBytes)
{
    account()
        .write([from = view().mailbox(),
                uid = m_replacedUid,
                to = mailbox(),
                message = messages.first()](
                   WriteTxn &txn) { return replace(txn, from, uid, to, message); },
               session().writeOptions(sizeBytes))
        .then(this, [this](const Result<QList<AppendResult>> &stored) {
            if (!stored) {
                return refuse(stored.error());
            }
            // Before the EXPUNGE, as section 4.3 advises.
            session().send("* OK [" + appendUid(*stored) + "] Replacement stored\r\n");
            finish(Status::ok("Replaced"));
        });
}

} // namespace Postnook
