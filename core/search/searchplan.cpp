#include "core/search/searchplan.h"

#include "core/search/searchsubject.h"
#include "core/search/searchtext.h"
#include "core/search/searchwalk.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;
using Span = SequenceSet::Span;

// Each costs some milliseconds and a bit per content; more of them were made to hurt.
constexpr int MaxAskedKeys = 32;

// Each costs a look at all that have any keyword.
constexpr int MaxAskedKeywords = 8;

// What few contents may match is looked up, and not found by going through the mailbox.
constexpr qsizetype FewContentsShare = 8; // at most an eighth of the messages

quint32 operandCount(const SearchKey &key)
{
    switch (key.kind) {
    case Kind::And:
        return key.count;
    case Kind::Or:
        return 2;
    case Kind::Not:
        return 1;
    default:
        return 0;
    }
}

bool isSet(Kind kind)
{
    return kind == Kind::SequenceNumbers || kind == Kind::Uids;
}

// What the view alone does not know.
bool isOfRow(Kind kind)
{
    switch (kind) {
    case Kind::All:
    case Kind::And:
    case Kind::Or:
    case Kind::Not:
    case Kind::SequenceNumbers:
    case Kind::Uids:
    case Kind::EmailId:
    case Kind::InThread:
    case Kind::Filter:
    case Kind::Recent:
        return false;
    default:
        return true;
    }
}

bool isText(Kind kind)
{
    return kind == Kind::Header || kind == Kind::Addresses || kind == Kind::Body
        || kind == Kind::Text;
}

// Spans of UIDs as spans of sequence numbers: UIDs that the view does not have fall out, and what
// they kept apart grows together.
QList<Span> numbersOf(const QList<Span> &uidSpans, const QList<Uid> &uids)
{
    QList<Span> numbers;
    for (const Span &span : uidSpans) {
        const auto first = std::lower_bound(uids.begin(), uids.end(), Uid(span.first));
        const auto last = std::upper_bound(first, uids.end(), Uid(span.last));
        if (first == last) {
            continue;
        }
        const auto number = static_cast<quint32>(first - uids.begin()) + 1;
        const auto lastNumber = static_cast<quint32>(last - uids.begin());
        if (!numbers.isEmpty() && numbers.last().last + 1 == number) {
            numbers.last().last = lastNumber;
        } else {
            numbers.append({number, lastNumber});
        }
    }
    return numbers;
}

QList<Span> toUidSpans(const QList<Uid> &ascending)
{
    QList<Span> spans;
    for (const UidRange &range : toUidRanges(ascending)) {
        spans.append({range.first.value, range.last.value});
    }
    return spans;
}

QList<Span> intersected(const QList<Span> &a, const QList<Span> &b)
{
    QList<Span> both;
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() && right != b.end()) {
        const quint32 first = std::max(left->first, right->first);
        const quint32 last = std::min(left->last, right->last);
        if (first <= last) {
            both.append({first, last});
        }
        if (left->last < right->last) {
            ++left;
        } else {
            ++right;
        }
    }
    return both;
}

class TruthOperator
{
public:
    TruthOperator() = default;
    explicit TruthOperator(Kind kind)
        : m_kind(kind)
        , m_truth(kind == Kind::And ? SearchTruth::True : SearchTruth::False)
    {
    }

    void add(SearchTruth operand)
    {
        m_truth = m_kind == Kind::Not ? negated(operand)
            : m_kind == Kind::And     ? std::min(m_truth, operand)
                                      : std::max(m_truth, operand);
    }
    bool isDecided() const
    {
        return m_truth == (m_kind == Kind::And ? SearchTruth::False : SearchTruth::True);
    }
    SearchTruth answer() const { return m_truth; }

private:
    Kind m_kind;
    SearchTruth m_truth;
};

} // namespace

Result<SearchPlan> SearchPlan::make(const SearchProgram &program, const SearchScope &scope)
{
    SearchPlan plan;
    if (!plan.link(program.keys)) {
        return Error{ErrorCode::Internal, QStringLiteral("malformed search program")};
    }
    for (SearchStep &step : plan.m_steps) {
        if (isSet(step.key->kind)) {
            plan.addSet(step, scope);
        } else if (isText(step.key->kind)) {
            addText(step);
        }
        plan.addMatcher(step);
        plan.noteNeeds(step.key->kind);
    }
    plan.noteRequired();
    plan.narrow(static_cast<quint32>(scope.uids.size()));
    return plan;
}

// Finds where each key's operands end, from the right, so that operands are known before their
// operator. False when operands are missing, left over or too deep.
bool SearchPlan::link(const QList<SearchKey> &keys)
{
    m_steps.resize(keys.size());
    QList<int> depths(keys.size(), 0);
    for (qsizetype i = keys.size() - 1; i >= 0; --i) {
        qsizetype end = i + 1;
        for (quint32 operand = operandCount(keys[i]); operand > 0; --operand) {
            if (end >= keys.size()) {
                return false;
            }
            depths[i] = std::max(depths[i], depths[end] + 1);
            end = m_steps[end].end;
        }
        if (depths[i] > MaxOperatorDepth) {
            return false;
        }
        m_steps[i].key = &keys[i];
        m_steps[i].end = end;
    }
    return !m_steps.isEmpty() && m_steps.first().end == m_steps.size();
}

void SearchPlan::addSet(SearchStep &step, const SearchScope &scope)
{
    if (step.key->set.isSavedResult()) {
        step.numbers = numbersOf(toUidSpans(scope.saved), scope.uids);
    } else if (step.key->kind == Kind::SequenceNumbers) {
        step.numbers = step.key->set.resolve(static_cast<quint32>(scope.uids.size()));
    } else {
        const quint32 largest = scope.uids.isEmpty() ? 0 : scope.uids.last().value;
        step.numbers = numbersOf(step.key->set.resolve(largest), scope.uids);
    }
}

void SearchPlan::addText(SearchStep &step)
{
    step.text.setPattern(step.key->text.toUtf8());
    if (step.key->kind == Kind::Header || step.key->kind == Kind::Addresses) {
        step.field = linePrefix(step.key->name);
    }
}

// An empty text asks whether there is such a field.
void SearchPlan::addMatcher(SearchStep &step)
{
    if (step.key->isFuzzy && !step.key->text.isEmpty()) {
        step.matcher = m_matchers.size();
        m_matchers.append(FuzzyMatcher(step.key->text));
    }
}

void SearchPlan::noteNeeds(Kind kind)
{
    switch (kind) {
    case Kind::Larger:
    case Kind::Smaller:
        m_rowColumns |= MessageColumn::Size;
        break;
    case Kind::Before:
    case Kind::On:
    case Kind::Since:
    case Kind::Older:
    case Kind::Younger:
    case Kind::SavedBefore:
    case Kind::SavedOn:
    case Kind::SavedSince:
        m_rowColumns |= MessageColumn::Dates;
        break;
    case Kind::SentBefore:
    case Kind::SentOn:
    case Kind::SentSince:
        m_rowColumns |= MessageColumn::SortKeys;
        m_contentColumns |= MessageColumn::Size;
        m_needsHead = true;
        break;
    case Kind::Header:
    case Kind::Addresses:
        m_contentColumns |= MessageColumn::Size;
        m_needsHead = true;
        break;
    case Kind::Body:
    case Kind::Text:
        m_needsHead = m_needsHead || kind == Kind::Text;
        m_contentColumns |= MessageColumn::Size | MessageColumn::Parts;
        break;
    default:
        break;
    }
    m_needsRow = m_needsRow || isOfRow(kind);
}

// What every match must match: the program itself, or the operands of its AND and of those in it
// (parentheses, a filter).
void SearchPlan::noteRequired()
{
    const auto isKind = [this](qsizetype i, Kind kind) { return m_steps[i].key->kind == kind; };
    for (qsizetype i = 0; i < m_steps.size();) {
        if (isKind(i, Kind::And)) {
            i += 1;
        } else if (isKind(i, Kind::Not) && isKind(i + 1, Kind::Not)) {
            i += 2;
        } else {
            m_steps[i].isRequired = true;
            i = m_steps[i].end;
        }
    }
}

// Sets that every match must be in.
void SearchPlan::narrow(quint32 messages)
{
    m_numbers = messages > 0 ? QList<Span>{{1, messages}} : QList<Span>();
    for (const SearchStep &step : std::as_const(m_steps)) {
        if (step.isRequired && isSet(step.key->kind)) {
            m_numbers = intersected(m_numbers, step.numbers);
        }
    }
}

// A NOT of one of these is one of these.
Result<void> SearchPlan::askFlags(ReadTxn &txn, const SearchScope &scope)
{
    SystemFlags mask;
    SystemFlags wanted;
    int keywords = 0;
    for (qsizetype i = 0; i < m_steps.size(); ++i) {
        if (!m_steps[i].isRequired) {
            continue;
        }
        const bool isNot = m_steps[i].key->kind == Kind::Not;
        SearchStep &step = m_steps[isNot ? i + 1 : i];
        const SearchKey &key = *step.key;
        const bool isWanted = key.want != isNot;
        const bool isConflict = mask.testFlag(key.flag) && wanted.testFlag(key.flag) != isWanted;
        if (key.kind == Kind::Flag && !isConflict) {
            mask.setFlag(key.flag);
            wanted.setFlag(key.flag, isWanted);
            step.answer = !isNot;
        } else if (key.kind == Kind::Keyword && ++keywords <= MaxAskedKeywords) {
            const auto uids = txn.uidsWithKeyword(scope.mailbox, key.name, isWanted);
            if (auto narrowed = narrowTo(uids, scope); !narrowed) {
                return narrowed;
            }
            step.answer = !isNot;
        }
    }
    m_needsRow = std::any_of(m_steps.begin(), m_steps.end(), [](const SearchStep &step) {
        return !step.answer && isOfRow(step.key->kind);
    });
    if (mask == SystemFlags()) {
        return {};
    }
    return narrowTo(txn.uidsWithFlags(scope.mailbox, mask, wanted), scope);
}

Result<void> SearchPlan::narrowTo(const Result<QList<Uid>> &uids, const SearchScope &scope)
{
    if (!uids) {
        return uids.error();
    }
    m_numbers = intersected(m_numbers, numbersOf(toUidSpans(*uids), scope.uids));
    return {};
}

Result<void> SearchPlan::askIndex(ReadTxn &txn, const SearchScope &scope)
{
    for (qsizetype i = 0; i < m_steps.size() && m_askedKeys < MaxAskedKeys; ++i) {
        SearchStep &step = m_steps[i];
        if (!isText(step.key->kind) || step.matcher >= 0) {
            continue;
        }
        // Of a field that has to be there, what its line begins with is in the text.
        const QByteArray part = step.text.pattern().isEmpty() ? step.field : step.text.pattern();
        const auto contents = txn.contentsWithText(part);
        if (!contents) {
            return contents.error();
        }
        if (contents->upTo == ContentId(0)) {
            continue;
        }
        auto indexed = std::make_shared<IndexedTexts>();
        indexed->upTo = contents->upTo;
        indexed->mayMatch.resize(static_cast<size_t>(contents->upTo.value) + 1);
        for (const ContentId id : contents->found) {
            indexed->mayMatch[static_cast<size_t>(id.value)] = true;
        }
        step.indexed = std::move(indexed);
        ++m_askedKeys;
        if (step.isRequired && contents->found.size() <= scope.uids.size() / FewContentsShare) {
            const auto uids = txn.uidsOfContents(scope.mailbox, contents->found, contents->upTo);
            if (auto narrowed = narrowTo(uids, scope); !narrowed) {
                return narrowed;
            }
        }
    }
    return {};
}

MessageColumns SearchPlan::columns(SearchCost cost) const
{
    return cost == SearchCost::Row ? m_rowColumns : m_rowColumns | m_contentColumns;
}

SearchTruth SearchPlan::evaluate(SearchSubject &subject, SearchCost limit) const
{
    return walkSearch<TruthOperator>(
        m_steps, [&](const SearchStep &step) { return subject.test(step, limit); });
}

} // namespace Postnook
