#pragma once

#include "core/search/searchevaluator.h"
#include "core/search/searchresult.h"
#include "core/search/sortprogram.h"
#include "storage/store.h"

#include <memory>

namespace Postnook
{

enum class SearchVerb { Search, Sort, Thread };
enum class ThreadAlgorithm { OrderedSubject, References };

// The search of one mailbox. Plain values, for a read job.
struct SearchRequest {
    SearchVerb verb = SearchVerb::Search;
    SearchProgram program = {};
    SearchScope scope = {};
    SearchReturn wanted = {};
    SortProgram sort = {};
    std::shared_ptr<MessageKeys> keys = {}; // of Sort and Thread
    ThreadAlgorithm algorithm = ThreadAlgorithm::References;
    QByteArray tag = {};
    bool byUid = false;
    // One of many mailboxes: the response names it, and there is none without a hit (RFC 7377 2.1).
    bool isOfMany = false;
    QByteArray mailboxCorrelators = {}; // SearchOutcome's
};

struct SearchFound {
    QByteArray response = {};
    QList<Uid> saved = {}; // what "$" is to stand for
    QList<Uid> hits = {}; // where they are to be kept up to date
};

// The response as the client is told it. Pool thread.
Result<SearchFound>
findMessages(ReadTxn &txn, const SearchRequest &request, SearchProgress *progress);

} // namespace Postnook
