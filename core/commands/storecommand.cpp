#include "core/commands/storecommand.h"

#include "core/mailbox/account.h"
#include "core/session/session.h"
#include "core/wire/sequenceset.h"
#include "core/wire/tokencursor.h"

#include <algorithm>
#include <iterator>

namespace Postnook
{

namespace
{

struct Stored {
    StoreResult result;
    // Messages of the set that others changed and the client has not been told of: ascending.
    QList<Uid> changedByOthers;
};

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

// RFC 7162 3.1.3, RFC 4466 2.5.
std::optional<ModSeq> parseStoreModifiers(TokenCursor &cursor)
{
    std::optional<ModSeq> unchangedSince;
    if (!cursor.tryEnterList()) {
        return unchangedSince;
    }
    do {
        if (cursor.tryWord("UNCHANGEDSINCE")) {
            cursor.expectSpace();
            unchangedSince = parseModSeq(cursor);
        } else {
            cursor.fail("Unknown STORE modifier");
        }
    } while (!cursor.hasFailed() && cursor.trySpace());
    cursor.leaveList();
    cursor.expectSpace();
    return unchangedSince;
}

// The feed gives each message's last state only: where it is this command's, what others did just
// before would be lost on a client that is told nothing of its own changes.
Result<QList<Uid>>
changedSince(ReadTxn &txn, MailboxId mailbox, const UidRanges &ranges, ModSeq known)
{
    const auto changes = txn.changesSince(mailbox, known);
    if (!changes) {
        return changes.error();
    }
    QList<Uid> uids;
    auto range = ranges.begin();
    for (const ChangedMessage &message : changes->changed) {
        while (range != ranges.end() && range->last < message.uid) {
            ++range;
        }
        if (range != ranges.end() && range->first <= message.uid) {
            uids.append(message.uid);
        }
    }
    return uids;
}

// The positions of ascending UIDs among those of a view.
QList<quint32> numbersOf(const QList<Uid> &uids, const QList<Uid> &viewUids)
{
    QList<quint32> numbers;
    for (const Uid uid : uids) {
        const auto it = std::lower_bound(viewUids.begin(), viewUids.end(), uid);
        numbers.append(static_cast<quint32>(it - viewUids.begin()) + 1);
    }
    return numbers;
}

QList<quint32> united(const QList<quint32> &a, const QList<quint32> &b)
{
    QList<quint32> both;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

// What of the spans is none of these positions (ascending numbers, counted from 1).
QList<IndexSpan> without(const QList<IndexSpan> &spans, const QList<quint32> &numbers)
{
    QList<IndexSpan> rest;
    auto number = numbers.begin();
    for (const IndexSpan &span : spans) {
        auto first = span.first;
        for (; number != numbers.end() && *number - 1 <= span.last; ++number) {
            const auto index = static_cast<qsizetype>(*number) - 1;
            if (first < index) {
                rest.append({first, index - 1});
            }
            first = index + 1;
        }
        if (first <= span.last) {
            rest.append({first, span.last});
        }
    }
    return rest;
}

QList<IndexSpan> spansOf(const QList<quint32> &numbers)
{
    QList<IndexSpan> spans;
    for (const SequenceSet::Span &span : toSpans(numbers)) {
        spans.append(
            {static_cast<qsizetype>(span.first) - 1, static_cast<qsizetype>(span.last) - 1});
    }
    return spans;
}

} // namespace

void StoreCommand::start(TokenCursor &arguments)
{
    arguments.expectSpace();
    const SequenceSet set = arguments.sequenceSet();
    arguments.expectSpace();
    const auto unchangedSince = parseStoreModifiers(arguments);
    const StoreAttributes attributes = parseStoreAttributes(arguments);
    arguments.expectEnd();
    if (failedToParse(arguments)) {
        return;
    }
    const auto spans = resolve(set, m_byUid);
    if (!spans) {
        return;
    }
    if (unchangedSince) {
        session().enable(Extension::CondStore);
    }
    if (spans->isEmpty()) {
        finish(Status::ok("Done"));
        return;
    }
    // By the numbers of now: what the client is told meanwhile must not move them.
    m_plan = planAnswer(*spans);
    m_isSilent = attributes.isSilent;
    account()
        .write(
            [mailbox = m_plan.mailbox,
             ranges = view().uidRanges(*spans),
             attributes,
             unchangedSince,
             known = view().hub().mailbox().highestModSeq](WriteTxn &txn) -> Result<Stored> {
                auto others = attributes.isSilent ? changedSince(txn, mailbox, ranges, known)
                                                  : Result(QList<Uid>());
                if (!others) {
                    return others.error();
                }
                const auto stored = txn.storeFlags(
                    mailbox, ranges, attributes.change, attributes.flags, unchangedSince);
                return stored ? Result(Stored{*stored, *others}) : stored.error();
            },
            session().writeOptions())
        .then(this, [this](const Result<Stored> &stored) {
            stored ? onStored(stored->result, stored->changedByOthers) : finish(stored.error());
        });
}

FetchPlan StoreCommand::planAnswer(const QList<IndexSpan> &spans)
{
    FetchPlan plan;
    plan.mailbox = view().mailbox();
    plan.viewUids = view().uids();
    plan.spans = spans;
    plan.recent = view().recent();
    plan.includeExpunged = false;
    return plan;
}

// The new flags of every message named, by the way of FETCH. Who knows CONDSTORE gets the new
// MODSEQ also where the flags are not asked for, and the flags of messages that failed the test.
// Silence is for the client's own change only (RFC 9051 6.4.6).
void StoreCommand::onStored(const StoreResult &stored, const QList<Uid> &changedByOthers)
{
    const bool knowsModSeq = session().enabled().testFlag(Extension::CondStore);
    const auto failed = numbersOf(stored.unchangedSince, m_plan.viewUids);
    QList<FetchItem> items;
    if (m_byUid || knowsModSeq) {
        items << uidItem();
    }
    auto withFlags = items;
    withFlags << flagsItem();
    if (knowsModSeq) {
        items << modSeqItem();
        withFlags << modSeqItem();
    }
    if (!m_isSilent) {
        addAnswer(m_plan.spans, withFlags);
    } else {
        auto told = numbersOf(changedByOthers, m_plan.viewUids);
        if (knowsModSeq) {
            told = united(told, failed);
            addAnswer(without(m_plan.spans, told), items);
        }
        addAnswer(spansOf(told), withFlags);
    }
    m_status = Status::ok("Done");
    if (!failed.isEmpty()) {
        const auto set =
            m_byUid ? formatUidSet(stored.unchangedSince) : formatSpans(toSpans(failed));
        m_status = Status::ok("Some have changed since", "MODIFIED " + set);
    }
    answerNext();
}

void StoreCommand::addAnswer(const QList<IndexSpan> &spans, const QList<FetchItem> &items)
{
    if (!spans.isEmpty()) {
        auto plan = m_plan;
        plan.spans = spans;
        plan.items = items;
        m_answers.append(plan);
    }
}

void StoreCommand::answerNext()
{
    if (m_answers.isEmpty()) {
        finish(m_status);
        return;
    }
    m_stream = std::make_unique<FetchStream>(
        session(), m_answers.takeFirst(), [this](const Result<void> &done) {
            // The stream is the caller.
            m_stream.release()->deleteLater();
            done ? answerNext() : finish(done.error());
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
