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
    FetchPlan plan = FetchStream::planFor(session());
    plan.items = parseFetchItems(arguments);
    const FetchModifiers modifiers = parseFetchModifiers(arguments);
    arguments.expectEnd();
    const bool knowsVanished = session().enabled().testFlag(Extension::QResync);
    if (modifiers.vanished && (!m_byUid || !knowsVanished)) {
        arguments.fail("VANISHED is for UID FETCH, after ENABLE QRESYNC"); // RFC 7162 3.2.6
    }
    if (modifiers.partial && !m_byUid) {
        arguments.fail("PARTIAL is for UID FETCH"); // RFC 9394 3.3
    }
    if (failedToParse(arguments)) {
        return;
    }
    // RFC 9051 6.4.9: always part of the answer, as UIDFETCH has it already.
    if (m_byUid && !plan.isUidOnly && !plan.items.contains(uidItem())) {
        plan.items.prepend(uidItem());
    }
    if (modifiers.changedSince && !plan.items.contains(modSeqItem())) {
        plan.items.append(modSeqItem()); // RFC 7162 3.1.4.1
    }
    const auto spans = resolve(set, m_byUid);
    if (!spans) {
        return;
    }
    if (plan.items.contains(modSeqItem())) {
        session().enable(Extension::CondStore);
    }
    plan.spans = *spans;
    if (modifiers.partial) {
        const auto [begin, size] = modifiers.partial->sliceOf(countOf(plan.spans));
        plan.spans = mid(plan.spans, begin, size);
    }
    if (modifiers.changedSince) {
        resync(std::move(plan), set, modifiers);
    } else {
        begin(std::move(plan));
    }
}

// The UIDs a set names, also those that no message has any more. What was the last message may be
// gone: '*' is the last UID there has been (RFC 7162 3.2.5.1).
UidRanges FetchCommand::namedUids(const SequenceSet &set)
{
    UidRanges named;
    for (const SequenceSet::Span &span : set.resolve(view().hub().mailbox().uidNext.value - 1)) {
        named.append({Uid(span.first), Uid(span.last)});
    }
    return named;
}

// RFC 7162 3.1.4.1, 3.2.6: of the messages named, those that changed; before them, what vanished.
void FetchCommand::resync(FetchPlan plan, const SequenceSet &set, const FetchModifiers &modifiers)
{
    const ResyncQuery query{.mailbox = plan.mailbox,
                            .since = *modifiers.changedSince,
                            .changed = view().uidRanges(plan.spans),
                            .vanished = modifiers.vanished ? namedUids(set) : UidRanges(),
                            .viewUids = plan.viewUids,
                            .uidNext = view().hub().mailbox().uidNext};
    store()
        .read([query](ReadTxn &txn) { return resyncSince(txn, query); },
              {JobClass::Interactive, session().cancelToken()})
        .then(this, [this, plan = std::move(plan)](const Result<Resync> &resync) mutable {
            // Nothing changes any more in a mailbox that was deleted, and its messages are there
            // until the client is told (RFC 2180 3).
            const bool isGone = !resync && resync.error().code == ErrorCode::NotFound;
            resync || isGone ? onResynced(std::move(plan), resync.value_or(Resync()))
                             : finish(resync.error());
        });
}

void FetchCommand::onResynced(FetchPlan plan, const Resync &resync)
{
    if (!resync.vanished.isEmpty()) {
        session().send("* VANISHED (EARLIER) " + formatUidRanges(resync.vanished) + "\r\n");
    }
    plan.spans = spansOf(resync.changed, plan.viewUids);
    begin(std::move(plan));
}

void FetchCommand::begin(FetchPlan plan)
{
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
            if (hasChanged.value_or(false)) {
                addItemsOfChange(plan);
            }
            stream(std::move(plan));
        });
}

// RFC 7162 3.2.4: a change that nobody asked for comes with UID and MODSEQ.
void FetchCommand::addItemsOfChange(FetchPlan &plan)
{
    QList<FetchItem> more{flagsItem()};
    if (session().enabled().testFlag(Extension::CondStore)) {
        if (!plan.isUidOnly) {
            more << uidItem();
        }
        more << modSeqItem();
    }
    for (const FetchItem &item : std::as_const(more)) {
        if (!plan.items.contains(item)) {
            plan.items.append(item);
        }
    }
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
