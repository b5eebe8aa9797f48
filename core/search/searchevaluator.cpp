#include "core/search/searchevaluator.h"

#include "core/search/objectidsearch.h"
#include "core/search/relevancy.h"
#include "core/search/searchplan.h"
#include "core/search/searchsubject.h"

#include <algorithm>
#include <iterator>

namespace Postnook
{

namespace
{

// How many rows are held at once while their messages are read.
constexpr auto SliceMessages = 200;

// The search over one view: first by what the rows say, over all candidates in one pass; then the
// messages that this could not decide are opened, slice by slice.
class SearchRun
{
public:
    SearchRun(ReadTxn &txn,
              const SearchPlan &plan,
              const SearchScope &scope,
              SearchProgress *progress,
              Relevancies *relevancies)
        : m_txn(txn)
        , m_plan(plan)
        , m_scope(scope)
        , m_progress(progress)
        , m_relevancies(relevancies)
        , m_subject(txn, plan, scope)
    {
    }

    Result<QList<Uid>> run();

private:
    void decideWithoutRows();
    std::optional<Error> decideByRows();
    std::optional<Error> decideByContent();
    void decide(const MessageRow &row, quint32 number);
    void take(SearchTruth truth, Uid uid);
    // Calls visit(row, sequence number) for the messages of the view in these ranges.
    template <typename Visit>
    std::optional<Error> forEachOfView(const UidRanges &uids, SearchCost cost, Visit visit);

    ReadTxn &m_txn;
    const SearchPlan &m_plan;
    const SearchScope &m_scope;
    SearchProgress *m_progress; // or null
    Relevancies *m_relevancies; // or null
    SearchSubject m_subject;
    QList<Uid> m_found; // ascending
    QList<Uid> m_undecided; // ascending; their content has to be looked at
};

Result<QList<Uid>> SearchRun::run()
{
    if (!m_plan.needsRow()) {
        decideWithoutRows();
        return m_found;
    }
    if (const auto error = decideByRows()) {
        return *error;
    }
    const qsizetype foundByRows = m_found.size();
    if (const auto error = decideByContent()) {
        return *error;
    }
    std::inplace_merge(m_found.begin(), m_found.begin() + foundByRows, m_found.end());
    return m_found;
}

// Sets, ALL and \Recent: the view knows the answer ("UID SEARCH 1:*" is how clients list a
// mailbox).
void SearchRun::decideWithoutRows()
{
    for (const auto &span : m_plan.numbers()) {
        for (quint32 number = span.first; number <= span.last; ++number) {
            const Uid uid = m_scope.uids[number - 1];
            m_subject.setMessage(uid, number, nullptr);
            take(m_plan.evaluate(m_subject, SearchCost::Row), uid);
        }
    }
}

std::optional<Error> SearchRun::decideByRows()
{
    // Ranges from message to message of the view: gaps in the UIDs do not split them.
    UidRanges ranges;
    for (const auto &span : m_plan.numbers()) {
        ranges.append({m_scope.uids[span.first - 1], m_scope.uids[span.last - 1]});
    }
    return forEachOfView(ranges, SearchCost::Row, [this](const MessageRow &row, quint32 number) {
        m_subject.setMessage(row.uid, number, &row);
        take(m_plan.evaluate(m_subject, SearchCost::Row), row.uid);
    });
}

std::optional<Error> SearchRun::decideByContent()
{
    const QList<Uid> undecided = std::exchange(m_undecided, {});
    if (m_progress != nullptr) {
        m_progress->candidates = static_cast<quint32>(undecided.size());
    }
    for (qsizetype at = 0; at < undecided.size(); at += SliceMessages) {
        struct Candidate {
            MessageRow row;
            quint32 number;
        };
        // The rows first, then their messages: the store is not asked from inside its own answer.
        QList<Candidate> slice;
        const auto error = forEachOfView(toUidRanges(undecided.mid(at, SliceMessages)),
                                         SearchCost::Body,
                                         [&slice](const MessageRow &row, quint32 number) {
                                             slice.append({row, number});
                                         });
        if (error) {
            return error;
        }
        for (const Candidate &candidate : slice) {
            if (m_txn.isCancelled()) {
                return Error{ErrorCode::Cancelled, {}};
            }
            decide(candidate.row, candidate.number);
            if (m_progress != nullptr) {
                ++m_progress->examined;
            }
            if (m_subject.error()) {
                return m_subject.error();
            }
        }
    }
    return std::nullopt;
}

void SearchRun::decide(const MessageRow &row, quint32 number)
{
    m_subject.setMessage(row.uid, number, &row);
    auto truth = m_plan.evaluate(m_subject, SearchCost::Header);
    if (truth == SearchTruth::Unknown) {
        truth = m_plan.evaluate(m_subject, SearchCost::Body);
    }
    take(truth, row.uid);
    // While its texts are at hand. What the rows decided met no fuzzy text.
    if (truth == SearchTruth::True && m_relevancies != nullptr) {
        m_relevancies->add(row.uid, relevancyOf(m_plan, m_subject, SearchCost::Body));
    }
}

void SearchRun::take(SearchTruth truth, Uid uid)
{
    if (truth == SearchTruth::True) {
        m_found.append(uid);
    } else if (truth == SearchTruth::Unknown) {
        m_undecided.append(uid);
    }
}

template <typename Visit>
std::optional<Error> SearchRun::forEachOfView(const UidRanges &uids, SearchCost cost, Visit visit)
{
    bool isCancelled = false;
    auto next = m_scope.uids.begin();
    const auto done = m_txn.forEachMessage(
        m_scope.mailbox, uids, m_plan.columns(cost), true, [&](const MessageRow &row) {
            isCancelled = m_txn.isCancelled();
            next = std::lower_bound(next, m_scope.uids.end(), row.uid);
            if (next != m_scope.uids.end() && *next == row.uid && !isCancelled) {
                visit(row, static_cast<quint32>(next - m_scope.uids.begin()) + 1);
            }
            return !isCancelled;
        });
    if (!done) {
        return done.error();
    }
    return isCancelled ? std::make_optional(Error{ErrorCode::Cancelled, {}}) : std::nullopt;
}

} // namespace

Result<QList<Uid>> evaluateSearch(ReadTxn &txn,
                                  const SearchProgram &program,
                                  const SearchScope &scope,
                                  SearchProgress *progress,
                                  Relevancies *relevancies)
{
    const auto found = withObjectIdsFound(txn, program, scope.mailbox);
    if (!found) {
        return found.error();
    }
    const auto plan = SearchPlan::make(*found, scope);
    if (!plan) {
        return plan.error();
    }
    return SearchRun(txn, *plan, scope, progress, relevancies).run();
}

} // namespace Postnook
