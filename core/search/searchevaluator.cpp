#include "core/search/searchevaluator.h"

#include "core/search/objectidsearch.h"
#include "core/search/relevancy.h"
#include "core/search/searchlog.h"
#include "core/search/searchplan.h"
#include "core/search/searchsubject.h"
#include "storage/turns.h"

#include <QElapsedTimer>

#include <algorithm>

namespace Postnook
{

namespace
{

using Spans = QList<SequenceSet::Span>;

// How many messages are looked at together; bounds what is held, and what is done in vain when few
// matches are asked for.
constexpr quint32 SliceMessages = 1024;

// So few texts are sooner read than ruled out by the index.
constexpr quint32 MinMessagesToAsk = 32;

quint32 countOf(const Spans &spans)
{
    quint32 count = 0;
    for (const auto &span : spans) {
        count += span.last - span.first + 1;
    }
    return count;
}

QList<Spans> slicesOf(const Spans &numbers)
{
    QList<Spans> slices;
    quint32 room = 0;
    for (SequenceSet::Span span : numbers) {
        while (span.first <= span.last) {
            if (room == 0) {
                slices.append(Spans());
                room = SliceMessages;
            }
            const quint32 last = std::min(span.last, span.first + room - 1);
            slices.last().append({span.first, last});
            room -= last - span.first + 1;
            span.first = last + 1;
        }
    }
    return slices;
}

class SearchRun
{
public:
    SearchRun(ReadTxn &txn,
              SearchPlan &plan,
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

    Result<QList<Uid>> run(const SearchExtent &extent);

private:
    struct Candidate {
        MessageRow row;
        quint32 number = 0;
    };
    enum class Direction { Up, Down };

    std::optional<Error> search(const QList<Spans> &slices, Direction direction, quint32 wanted);
    std::optional<Error> searchSlice(const Spans &numbers);
    void decideWithoutRows(const Spans &numbers);
    std::optional<Error> decideByRows(const Spans &numbers);
    std::optional<Error> decideByIndexedText();
    std::optional<Error> decideByContent();
    std::optional<Error> decide(const Candidate &candidate);
    // Calls visit(row, sequence number) for the messages of the view in these ranges.
    template <typename Visit>
    std::optional<Error> forEachOfView(const UidRanges &uids, MessageColumns columns, Visit visit);
    void log(quint32 messages, quint32 flagged, qint64 milliseconds) const;

    ReadTxn &m_txn;
    SearchPlan &m_plan;
    const SearchScope &m_scope;
    SearchProgress *m_progress; // or null
    Relevancies *m_relevancies; // or null
    SearchSubject m_subject;
    QList<Uid> m_found; // ascending within a slice
    QList<Candidate> m_undecided; // of a slice, ascending; their text has to be looked at
    QList<Uid> m_unindexed; // of these; their content has to be opened
    qsizetype m_textsRead = 0;
    qsizetype m_contentsRead = 0;
};

Result<QList<Uid>> SearchRun::run(const SearchExtent &extent)
{
    QElapsedTimer timer;
    timer.start();
    const quint32 messages = countOf(m_plan.numbers());
    if (messages > SliceMessages) {
        if (const auto asked = m_plan.askFlags(m_txn, m_scope); !asked) {
            return asked.error();
        }
    }
    const quint32 flagged = countOf(m_plan.numbers());
    if (flagged > MinMessagesToAsk) {
        if (const auto asked = m_plan.askIndex(m_txn, m_scope); !asked) {
            return asked.error();
        }
    }
    const QList<Spans> slices = slicesOf(m_plan.numbers());
    if (m_progress != nullptr) {
        m_progress->messages = countOf(m_plan.numbers());
    }
    auto error = search(slices, Direction::Up, extent.first);
    if (!error && extent.first != SearchExtent::All) {
        error = search(slices, Direction::Down, extent.last);
    }
    if (error) {
        return *error;
    }
    if (!std::is_sorted(m_found.cbegin(), m_found.cend())) {
        Turns turns(m_txn);
        std::sort(m_found.begin(), m_found.end(), [&turns](Uid a, Uid b) {
            turns.step();
            return a < b;
        });
    }
    m_found.erase(std::unique(m_found.begin(), m_found.end()), m_found.end());
    log(messages, flagged, timer.elapsed());
    return m_found;
}

std::optional<Error>
SearchRun::search(const QList<Spans> &slices, Direction direction, quint32 wanted)
{
    const qsizetype before = m_found.size();
    for (qsizetype i = 0; i < slices.size(); ++i) {
        if (m_found.size() - before >= wanted) {
            break;
        }
        const auto &slice = slices[direction == Direction::Up ? i : slices.size() - 1 - i];
        if (auto error = searchSlice(slice)) {
            return error;
        }
        if (m_progress != nullptr) {
            m_progress->examined += countOf(slice);
        }
        m_txn.letOthersRun();
    }
    return std::nullopt;
}

std::optional<Error> SearchRun::searchSlice(const Spans &numbers)
{
    if (!m_plan.needsRow()) {
        decideWithoutRows(numbers);
        return std::nullopt;
    }
    auto error = decideByRows(numbers);
    if (!error) {
        error = decideByIndexedText();
    }
    return error ? error : decideByContent();
}

// Sets, ALL and \Recent: the view knows the answer ("UID SEARCH 1:*" is how clients list a
// mailbox).
void SearchRun::decideWithoutRows(const Spans &numbers)
{
    for (const auto &span : numbers) {
        for (quint32 number = span.first; number <= span.last; ++number) {
            const Uid uid = m_scope.uids[number - 1];
            m_subject.setMessage(uid, number, nullptr);
            if (m_plan.evaluate(m_subject, SearchCost::Row) == SearchTruth::True) {
                m_found.append(uid);
            }
        }
    }
}

std::optional<Error> SearchRun::decideByRows(const Spans &numbers)
{
    m_undecided.clear();
    // Ranges from message to message of the view: gaps in the UIDs do not split them.
    UidRanges ranges;
    for (const auto &span : numbers) {
        ranges.append({m_scope.uids[span.first - 1], m_scope.uids[span.last - 1]});
    }
    const auto visit = [this](const MessageRow &row, quint32 number) {
        m_subject.setMessage(row.uid, number, &row);
        const auto truth = m_plan.evaluate(m_subject, SearchCost::Row);
        if (truth == SearchTruth::True) {
            m_found.append(row.uid);
        } else if (truth == SearchTruth::Unknown) {
            m_undecided.append({row, number});
        }
    };
    return forEachOfView(ranges, m_plan.columns(SearchCost::Row), visit);
}

std::optional<Error> SearchRun::decideByIndexedText()
{
    m_unindexed.clear();
    for (const Candidate &candidate : std::as_const(m_undecided)) {
        m_subject.setMessage(candidate.row.uid, candidate.number, &candidate.row);
        if (!m_subject.isIndexed()) {
            m_unindexed.append(candidate.row.uid);
            continue;
        }
        ++m_textsRead;
        if (auto error = decide(candidate)) {
            return error;
        }
    }
    return std::nullopt;
}

std::optional<Error> SearchRun::decideByContent()
{
    // The rows first, then their messages: the store is not asked from inside its own answer.
    m_undecided.clear();
    if (!m_unindexed.isEmpty()) {
        const auto visit = [this](const MessageRow &row, quint32 number) {
            m_undecided.append({row, number});
        };
        const auto columns = m_plan.columns(SearchCost::Body);
        if (auto error = forEachOfView(toUidRanges(m_unindexed), columns, visit)) {
            return error;
        }
    }
    for (const Candidate &candidate : std::as_const(m_undecided)) {
        m_subject.setMessage(candidate.row.uid, candidate.number, &candidate.row);
        ++m_contentsRead;
        if (auto error = decide(candidate)) {
            return error;
        }
    }
    return std::nullopt;
}

std::optional<Error> SearchRun::decide(const Candidate &candidate)
{
    if (m_txn.isCancelled()) {
        return Error{ErrorCode::Cancelled, {}};
    }
    m_txn.letOthersRun();
    auto truth = m_plan.evaluate(m_subject, SearchCost::Header);
    if (truth == SearchTruth::Unknown) {
        truth = m_plan.evaluate(m_subject, SearchCost::Body);
    }
    if (truth == SearchTruth::True) {
        m_found.append(candidate.row.uid);
        if (m_relevancies != nullptr) { // while its texts are at hand
            m_relevancies->add(candidate.row.uid, relevancyOf(m_plan, m_subject, SearchCost::Body));
        }
    }
    return m_subject.error();
}

template <typename Visit>
std::optional<Error>
SearchRun::forEachOfView(const UidRanges &uids, MessageColumns columns, Visit visit)
{
    bool isCancelled = false;
    Turns turns(m_txn);
    const auto done =
        m_txn.forEachMessage(m_scope.mailbox, uids, columns, true, [&](const MessageRow &row) {
            isCancelled = m_txn.isCancelled();
            const auto at = lowerBound(m_scope.uids, row.uid);
            if (at < m_scope.uids.size() && m_scope.uids[at] == row.uid && !isCancelled) {
                visit(row, static_cast<quint32>(at) + 1);
            }
            turns.step();
            return !isCancelled;
        });
    if (!done) {
        return done.error();
    }
    return isCancelled ? std::make_optional(Error{ErrorCode::Cancelled, {}}) : std::nullopt;
}

void SearchRun::log(quint32 messages, quint32 flagged, qint64 milliseconds) const
{
    qCDebug(lcSearch,
            "mailbox %u, %lld messages: %u by sets, %u by flags, %u after %d index queries;"
            " read %lld indexed texts, %lld messages; found %lld in %lld ms",
            m_scope.mailbox.value,
            static_cast<long long>(m_scope.uids.size()),
            messages,
            flagged,
            countOf(m_plan.numbers()),
            m_plan.askedKeys(),
            static_cast<long long>(m_textsRead),
            static_cast<long long>(m_contentsRead),
            static_cast<long long>(m_found.size()),
            static_cast<long long>(milliseconds));
}

} // namespace

Result<QList<Uid>> evaluateSearch(ReadTxn &txn,
                                  const SearchProgram &program,
                                  const SearchScope &scope,
                                  SearchProgress *progress,
                                  const SearchExtent &extent,
                                  Relevancies *relevancies)
{
    const auto found = withObjectIdsFound(txn, program, scope.mailbox);
    if (!found) {
        return found.error();
    }
    auto plan = SearchPlan::make(*found, scope);
    if (!plan) {
        return plan.error();
    }
    return SearchRun(txn, *plan, scope, progress, relevancies).run(extent);
}

} // namespace Postnook
