#include "core/commands/storecommand.h"

#include "core/mailbox/account.h"
#include "core/wire/tokencursor.h"

namespace Postnook
{

namespace
{

struct StoreAttributes {
    FlagChange change = FlagChange::Replace;
    bool isSilent = false;
    MessageFlags flags;
};

StoreAttributes parseStoreAttributes(TokenCursor &cursor)
{
    StoreAttributes attributes;
    if (cursor.tryChar('+')) {
        attributes.change = FlagChange::Add;
    } else if (cursor.tryChar('-')) {
        attributes.change = FlagChange::Remove;
    }
    attributes.isSilent = cursor.tryWord("FLAGS.SILENT");
    if (!attributes.isSilent && !cursor.tryWord("FLAGS")) {
        cursor.fail("STORE takes FLAGS or FLAGS.SILENT");
    }
    cursor.expectSpace();
    attributes.flags = cursor.flagListOrBare();
    return attributes;
}

} // namespace

void StoreCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const SequenceSet set = arguments.sequenceSet();
    arguments.expectSpace();
    const StoreAttributes attributes = parseStoreAttributes(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    const auto spans = resolve(set, m_byUid);
    if (!spans) {
        return;
    }
    if (spans->isEmpty()) {
        finish(Status::ok("Done"));
        return;
    }
    // By the numbers of now: what the client is told meanwhile must not move them.
    FetchPlan plan = planAnswer(*spans);
    account()
        .write(
            [mailbox = plan.mailbox, ranges = view().uidRanges(*spans), attributes](WriteTxn &txn) {
                return txn.storeFlags(
                    mailbox, ranges, attributes.change, attributes.flags, std::nullopt);
            },
            session().writeOptions())
        .then(this,
              [this, plan = std::move(plan), isSilent = attributes.isSilent](
                  const Result<StoreResult> &stored) mutable {
                  if (!stored) {
                      return finish(stored.error());
                  }
                  isSilent ? finish(Status::ok("Done")) : answer(std::move(plan));
              });
}

// The new flags of every message named, by the way of FETCH.
FetchPlan StoreCommand::planAnswer(const QList<IndexSpan> &spans)
{
    FetchPlan plan;
    plan.mailbox = view().mailbox();
    plan.viewUids = view().uids();
    plan.spans = spans;
    plan.recent = view().recent();
    plan.includeExpunged = false;
    if (m_byUid) {
        plan.items.append(uidItem());
    }
    plan.items.append(flagsItem());
    return plan;
}

void StoreCommand::answer(FetchPlan plan)
{
    m_stream =
        std::make_unique<FetchStream>(session(), std::move(plan), [this](const Result<void> &done) {
            done ? finish(Status::ok("Done")) : finish(done.error());
        });
    m_stream->start();
}

void StoreCommand::resume()
{
    if (m_stream) {
        m_stream->resume();
    }
}

} // namespace Postnook
