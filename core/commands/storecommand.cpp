#include "core/commands/storecommand.h"

#include "core/mailbox/account.h"
#include "core/mailbox/messagecount.h"
#include "core/mailbox/resync.h"
#include "core/session/session.h"
#include "core/wire/sequenceset.h"
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
    const ResyncQuery unheard{.mailbox = m_plan.mailbox,
                              .since = view().hub().mailbox().highestModSeq,
                              .changed = view().uidRanges(*spans),
                              .viewUids = m_plan.viewUids,
                              .uidNext = view().hub().mailbox().uidNext};
    // RFC 2180 4.2: silence, and a UID, are no questions that want an answer for each message.
    const auto needed = m_byUid || m_isSilent ? 0U : static_cast<quint32>(countOf(m_plan.spans));
    account()
        .write(
            [mailbox = m_plan.mailbox,
             ranges = view().uidRanges(*spans),
             attributes,
             unchangedSince,
             unheard,
             count = needed](WriteTxn &txn) -> Result<Stored> {
                // The feed gives each message's last state only: where it is this command's, what
                // others did just before would be lost on a client that is told nothing of its own
                // changes.
                const auto others =
                    attributes.isSilent ? resyncSince(txn, unheard) : Result(Resync());
                if (!others) {
                    return others.error();
                }
                const auto found =
                    count > 0 ? countMessages(txn, mailbox, ranges) : Result<quint32>(0U);
                if (!found) {
                    return found.error();
                }
                const auto stored = txn.storeFlags(
                    mailbox, ranges, attributes.change, attributes.flags, unchangedSince);
                return stored ? Result(Stored{*stored, others->changed, *found < count})
                              : stored.error();
            },
            session().writeOptions())
        .then(this, [this, count = needed](const Result<Stored> &stored) {
            if (stored) {
                onStored(*stored);
            } else if (stored.error().code == ErrorCode::NotFound) { // all went with their mailbox
                finish(outcomeOf({.hasGone = count > 0}));
            } else {
                finish(stored.error());
            }
        });
}

FetchPlan StoreCommand::planAnswer(const QList<IndexSpan> &spans)
{
    FetchPlan plan = FetchStream::planFor(session());
    plan.spans = spans;
    plan.includeExpunged = false;
    return plan;
}

// The new flags of every message named, by the way of FETCH. Who knows CONDSTORE gets the new
// MODSEQ also where the flags are not asked for, and the flags of messages that failed the test.
// Silence is for the client's own change only (RFC 9051 6.4.6).
void StoreCommand::onStored(const Stored &stored)
{
    const bool knowsModSeq = session().enabled().testFlag(Extension::CondStore);
    const auto &failed = stored.result.unchangedSince;
    const auto &changedByOthers = stored.changedByOthers;
    QList<FetchItem> items;
    if ((m_byUid || knowsModSeq) && !m_plan.isUidOnly) {
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
        const auto told = spansOf(knowsModSeq ? united(changedByOthers, failed) : changedByOthers,
                                  m_plan.viewUids);
        if (knowsModSeq) {
            addAnswer(without(m_plan.spans, told), items);
        }
        addAnswer(told, withFlags);
    }
    m_status = outcomeOf(stored);
    answerNext();
}

// Those that are there have been stored (RFC 2180 4.2.2 and 4.2.3; RFC 7162 3.1.3, example 11).
Status StoreCommand::outcomeOf(const Stored &stored) const
{
    constexpr auto Gone = "Some of the messages are gone";
    const auto &failed = stored.result.unchangedSince;
    if (failed.isEmpty()) {
        return stored.hasGone ? Status::no(Gone, "EXPUNGEISSUED") : Status::ok("Done");
    }
    const auto code = "MODIFIED "
        + (m_byUid ? formatUidSet(failed) : formatNumbers(spansOf(failed, m_plan.viewUids)));
    return stored.hasGone ? Status::no(Gone, code) : Status::ok("Some have changed since", code);
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
