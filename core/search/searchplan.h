#pragma once

#include "core/search/fuzzymatcher.h"
#include "core/search/searchevaluator.h"
#include "core/search/searchkey.h"
#include "core/wire/sequenceset.h"
#include "storage/store.h"

#include <QByteArrayList>
#include <QList>

namespace Postnook
{

class SearchSubject;

// What may be looked at to answer: each step costs far more than the one before.
enum class SearchCost {
    Row, // what the message's row says
    Header, // the header is read and decoded
    Body, // the body too
};

// Ordered, so that AND is the minimum of its operands and OR the maximum.
enum class SearchTruth : qint8 { False, Unknown, True };

// The parser's limit, the whole around it, the pair that NEW stands for, and what asks for some
// messages only.
constexpr auto MaxOperatorDepth = MaxSearchDepth + 3;

// One key of the program, made ready for a view.
struct SearchStep {
    const SearchKey *key = nullptr; // in the program
    qsizetype end = 0; // index behind its last operand
    QList<SequenceSet::Span> numbers; // of a set of either kind: sequence numbers of the view
    qsizetype field = -1; // of a header key: index in SearchPlan::fields()
    qsizetype matcher = -1; // of a fuzzy text: index in SearchPlan::matchers()
};

// A program made ready for one view: sets resolved, header fields numbered, and which messages can
// match at all. Borrows program and scope. Any thread.
class SearchPlan
{
public:
    // Internal when the program is not a whole one in prefix order (the parser's are).
    static Result<SearchPlan> make(const SearchProgram &program, const SearchScope &scope);

    // Sequence numbers that the sets at the top of the program leave over.
    const QList<SequenceSet::Span> &numbers() const { return m_numbers; }
    const QByteArrayList &fields() const { return m_fields; }
    const QList<FuzzyMatcher> &matchers() const { return m_matchers; }
    const QList<SearchStep> &steps() const { return m_steps; }
    bool needsRow() const { return m_needsRow; }
    MessageColumns columns(SearchCost cost) const; // that the keys want, up to this cost

    // Without recursion and without memory of its own; looks at no operand that cannot matter.
    // Unknown: the answer costs more than `limit`.
    SearchTruth evaluate(SearchSubject &subject, SearchCost limit) const;

private:
    bool link(const QList<SearchKey> &keys);
    void addSet(SearchStep &step, const SearchScope &scope);
    void addField(SearchStep &step);
    void addMatcher(SearchStep &step);
    void noteColumns(SearchKey::Kind kind);
    void narrow(quint32 messages);

    QList<SearchStep> m_steps;
    QList<SequenceSet::Span> m_numbers;
    QByteArrayList m_fields; // distinct
    QList<FuzzyMatcher> m_matchers;
    MessageColumns m_rowColumns;
    MessageColumns m_contentColumns;
    bool m_needsRow = false;
};

} // namespace Postnook
