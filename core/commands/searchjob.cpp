#include "core/commands/searchjob.h"

#include "core/search/messagekeys.h"
#include "core/wire/sequenceset.h"
#include "storage/turns.h"

#include <algorithm>

namespace Postnook
{

namespace
{

// Of messages that are there; none when there are none.
Result<std::optional<ModSeq>> highestModSeq(ReadTxn &txn, MailboxId mailbox, const QList<Uid> &uids)
{
    std::optional<ModSeq> highest;
    Turns turns(txn);
    const auto visited =
        txn.forEachMessage(mailbox, toUidRanges(uids), {}, true, [&](const MessageRow &row) {
            turns.step();
            highest = std::max(highest.value_or(row.modSeq), row.modSeq);
            return true;
        });
    return visited ? Result(highest) : visited.error();
}

Result<QByteArray> formatThreads(ReadTxn &txn, const SearchRequest &request, const QList<Uid> &hits)
{
    const auto messages = request.keys->threadKeys(txn, request.scope.mailbox, hits);
    if (!messages) {
        return messages.error();
    }
    const auto sequenceNumber = [&uids = request.scope.uids](const ThreadMessage &message) {
        return static_cast<quint32>(lowerBound(uids, message.uid)) + 1;
    };
    const ThreadNumber numberOf = request.byUid ? ThreadNumber(uidAsNumber) : sequenceNumber;
    const auto threads = request.algorithm == ThreadAlgorithm::References
        ? threadsByReferences(*messages, numberOf, Turns(txn))
        : threadsByOrderedSubject(*messages, numberOf, Turns(txn));
    return "* THREAD" + (threads.isEmpty() ? threads : ' ' + threads) + "\r\n";
}

// As the client is told it.
Result<QByteArray> format(ReadTxn &txn,
                          const SearchRequest &request,
                          const QList<Uid> &hits,
                          const Relevancies &relevancies)
{
    if (request.isOfMany && hits.isEmpty()) {
        return QByteArray();
    }
    SearchOutcome outcome{.tag = request.tag,
                          .mailboxCorrelators = request.mailboxCorrelators,
                          .byUid = request.byUid,
                          .isSorted = request.verb == SearchVerb::Sort,
                          .hits = hits,
                          .viewUids = request.scope.uids,
                          .relevancies = relevancies};
    if (request.program.usesModSeq) {
        const auto told = savedResult(request.wanted, hits);
        const auto highest = highestModSeq(txn, request.scope.mailbox, told);
        if (!highest) {
            return highest.error();
        }
        outcome.modSeq = *highest;
    }
    return formatSearchResult(request.wanted, outcome);
}

} // namespace

Result<SearchFound>
findMessages(ReadTxn &txn, const SearchRequest &request, SearchProgress *progress)
{
    const auto extent =
        request.verb == SearchVerb::Search ? extentOf(request.wanted) : SearchExtent();
    Relevancies relevancies;
    const bool wantsRelevancy = request.wanted.relevancy || sortsByRelevancy(request.sort);
    auto hits = evaluateSearch(txn,
                               request.program,
                               request.scope,
                               progress,
                               extent,
                               wantsRelevancy ? &relevancies : nullptr);
    if (hits && request.verb == SearchVerb::Sort) {
        hits = sortMessages(
            txn, request.scope.mailbox, *hits, request.sort, *request.keys, relevancies);
    }
    if (!hits) {
        return hits.error();
    }
    const auto response = request.verb == SearchVerb::Thread
        ? formatThreads(txn, request, *hits)
        : format(txn, request, *hits, relevancies);
    return response.transform([&](const QByteArray &bytes) {
        return SearchFound{bytes,
                           request.wanted.save ? savedResult(request.wanted, *hits) : QList<Uid>(),
                           request.wanted.update ? *hits : QList<Uid>()};
    });
}

} // namespace Postnook
