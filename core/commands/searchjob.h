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
    QByteArray mailboxCorrelators = {}; // SearchOutcome's
    bool byUid = false;
    bool tellsHitsOnly = false; // no response where there are none
};

struct SearchFound {
    QByteArray response = {};
    QList<Uid> saved = {}; // what "$" is to stand for
    QList<Uid> hits = {}; // where they are to be kept up to date
    QByteArray mailboxCorrelators = {}; // the request's
};

// The response as the client is told it. Pool thread.
Result<SearchFound>
findMessages(ReadTxn &txn, const SearchRequest &request, SearchProgress *progress);

} // namespace Postnook
