#pragma once

#include "core/search/fuzzymatcher.h"
#include "core/search/searchevaluator.h"
#include "core/search/searchkey.h"
#include "core/wire/sequenceset.h"
#include "storage/store.h"

#include <QByteArrayMatcher>
#include <QList>

#include <memory>
#include <optional>
#include <vector>

namespace Postnook
{

class SearchSubject;

// What the search index says of a text key: which contents cannot match.
struct IndexedTexts {
    ContentId upTo;
    std::vector<bool> mayMatch; // by content id

    bool ruleOut(ContentId id) const
    {
        return id <= upTo && !mayMatch[static_cast<size_t>(id.value)];
    }
};

// What may be looked at to answer: each step costs far more than the one before.
enum class SearchCost {
    Row, // what the message's row says
    Header, // the header is read and decoded
    Body, // the body too
};

// Ordered, so that AND is the minimum of its operands and OR the maximum.
enum class SearchTruth : qint8 { False, Unknown, True };

constexpr SearchTruth negated(SearchTruth truth)
{
    return static_cast<SearchTruth>(2 - static_cast<int>(truth));
}

// The parser's limit, the whole around it, the pair that NEW stands for, and what asks for some
// messages only.
constexpr auto MaxOperatorDepth = MaxSearchDepth + 3;

// One key of the program, made ready for a view.
struct SearchStep {
    const SearchKey *key = nullptr; // in the program
    qsizetype end = 0; // index behind its last operand
    bool isRequired = false; // every match must match it
    QList<SequenceSet::Span> numbers; // of a set of either kind: sequence numbers of the view
    // Of a text key, both in UTF-8:
    QByteArrayMatcher text;
    QByteArray field; // what lines of its field begin with; empty: there can be none
    std::shared_ptr<const IndexedTexts> indexed; // null: the index was not asked
    qsizetype matcher = -1; // of a fuzzy text: index in SearchPlan::matchers()
    std::optional<bool> answer; // whether all messages that are left over match it
};

// A program made ready for one view: sets resolved, header fields numbered, and which messages can
// match at all. Borrows program and scope. Any thread.
class SearchPlan
{
public:
    // Internal when the program is not a whole one in prefix order (the parser's are).
    static Result<SearchPlan> make(const SearchProgram &program, const SearchScope &scope);

    // Sequence numbers that the sets which every match must be in leave over.
    const QList<SequenceSet::Span> &numbers() const { return m_numbers; }
    // Leaves those numbers over whose flags and keywords are as all matches have to have them.
    Result<void> askFlags(ReadTxn &txn, const SearchScope &scope);
    // Asks the search index about the text keys, and leaves those numbers over that may match what
    // all matches have to match. Cancelled.
    Result<void> askIndex(ReadTxn &txn, const SearchScope &scope);
    int askedKeys() const { return m_askedKeys; }
    const QList<FuzzyMatcher> &matchers() const { return m_matchers; }
    const QList<SearchStep> &steps() const { return m_steps; }
    bool needsRow() const { return m_needsRow; }
    // Whether a key looks at more of a message than its body.
    bool needsHead() const { return m_needsHead; }
    MessageColumns columns(SearchCost cost) const; // that the keys want, up to this cost

    // Without recursion and without memory of its own; looks at no operand that cannot matter.
    // Unknown: the answer costs more than `limit`.
    SearchTruth evaluate(SearchSubject &subject, SearchCost limit) const;

private:
    bool link(const QList<SearchKey> &keys);
    void addSet(SearchStep &step, const SearchScope &scope);
    static void addText(SearchStep &step);
    Result<void> narrowTo(const Result<QList<Uid>> &uids, const SearchScope &scope);
    void noteRequired();
    void addMatcher(SearchStep &step);
    void noteNeeds(SearchKey::Kind kind);
    void narrow(quint32 messages);

    QList<SearchStep> m_steps;
    QList<SequenceSet::Span> m_numbers;
    QList<FuzzyMatcher> m_matchers;
    MessageColumns m_rowColumns;
    MessageColumns m_contentColumns;
    int m_askedKeys = 0;
    bool m_needsRow = false;
    bool m_needsHead = false;
};

} // namespace Postnook
