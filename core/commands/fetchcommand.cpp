#include "core/commands/fetchcommand.h"

#include "core/mailbox/account.h"
#include "core/wire/tokencursor.h"

#include <algorithm>

namespace Postnook
{

void FetchCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const SequenceSet set = arguments.sequenceSet();
    arguments.expectSpace();
    FetchPlan plan;
    plan.items = parseFetchItems(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    if (m_byUid && !plan.items.contains(uidItem())) {
        plan.items.prepend(uidItem()); // RFC 9051 6.4.9: always part of the answer
    }
    const auto spans = resolve(set, m_byUid);
    if (!spans) {
        return;
    }
    plan.spans = *spans;
    plan.mailbox = view().mailbox();
    plan.viewUids = view().uids();
    plan.recent = view().recent();
    const bool setsSeen = std::any_of(
        plan.items.begin(), plan.items.end(), [](const FetchItem &item) { return item.setsSeen; });
    if (setsSeen && !view().isReadOnly() && !plan.spans.isEmpty()) {
        markSeen(std::move(plan));
    } else {
        stream(std::move(plan));
    }
}

// One write for the whole set before the first octet goes out, so that FLAGS in the answer are
// right.
void FetchCommand::markSeen(FetchPlan plan)
{
    const auto mark = [mailbox = plan.mailbox,
                       ranges = view().uidRanges(plan.spans)](WriteTxn &txn) -> Result<bool> {
        const auto before = txn.mailbox(mailbox);
        if (!before) {
            return before.error();
        }
        return txn
            .storeFlags(mailbox, ranges, FlagChange::Add, {SystemFlag::Seen, {}}, std::nullopt)
            .transform(
                [&](const StoreResult &stored) { return stored.modSeq > before->highestModSeq; });
    };
    account()
        .write(mark, session().writeOptions())
        .then(this, [this, plan = std::move(plan)](const Result<bool> &hasChanged) mutable {
            // Where \Seen cannot be set (a full disk), the mail can still be read.
            if (hasChanged.value_or(false) && !plan.items.contains(flagsItem())) {
                plan.items.append(flagsItem());
            }
            stream(std::move(plan));
        });
}

void FetchCommand::stream(FetchPlan plan)
{
    m_stream = std::make_unique<FetchStream>(
        session(), std::move(plan), [this](const Result<void> &done) { onStreamed(done); });
    m_stream->start();
}

void FetchCommand::onStreamed(const Result<void> &done)
{
    if (!done) {
        finish(done.error());
    } else if (m_stream->hasUndecodable()) {
        // RFC 3516 4.3. All else that was asked for has been sent.
        finish(Status::no("A part is in an encoding this server does not know", "UNKNOWN-CTE"));
    } else {
        finish(Status::ok("Done"));
    }
}

void FetchCommand::resume()
{
    if (m_stream) {
        m_stream->resume();
    }
}

} // namespace Postnook
