#include "core/search/relevancy.h"

#include "core/search/searchsubject.h"
#include "core/search/searchwalk.h"

#include <algorithm>

namespace Postnook
{

namespace
{

using Kind = SearchKey::Kind;

constexpr int Unscored = 0; // met, and exactly

struct Answer {
    SearchTruth truth;
    int score; // of what is True
};

class ScoreOperator
{
public:
    ScoreOperator() = default;
    explicit ScoreOperator(Kind kind)
        : m_kind(kind)
        , m_truth(kind == Kind::And ? SearchTruth::True : SearchTruth::False)
    {
    }

    void add(const Answer &operand);
    bool isDecided() const;
    Answer answer() const;

private:
    Kind m_kind;
    SearchTruth m_truth;
    int m_sum = 0; // of the scores of an AND; of an OR the best one
    int m_scored = 0; // how many there are
    bool m_isMetExactly = false; // an OR
};

void ScoreOperator::add(const Answer &operand)
{
    const bool isScored = operand.truth == SearchTruth::True && operand.score != Unscored;
    switch (m_kind) {
    case Kind::Not:
        m_truth = negated(operand.truth);
        return;
    case Kind::And:
        m_truth = std::min(m_truth, operand.truth);
        m_sum += isScored ? operand.score : 0;
        break;
    default:
        m_truth = std::max(m_truth, operand.truth);
        m_sum = isScored ? std::max(m_sum, operand.score) : m_sum;
        m_isMetExactly = m_isMetExactly || (operand.truth == SearchTruth::True && !isScored);
    }
    m_scored += isScored ? 1 : 0;
}

// No operand to come can matter.
bool ScoreOperator::isDecided() const
{
    return m_kind == Kind::And ? m_truth != SearchTruth::True
                               : m_isMetExactly || m_sum == Relevancies::Highest;
}

Answer ScoreOperator::answer() const
{
    if (m_kind == Kind::And) {
        return {m_truth, m_scored > 0 ? m_sum / m_scored : Unscored};
    }
    return {m_truth, m_isMetExactly ? Unscored : m_sum};
}

Answer ask(const SearchStep &step, SearchSubject &subject, SearchCost limit)
{
    const auto truth = subject.test(step, limit);
    const bool isScored = truth == SearchTruth::True && step.matcher >= 0;
    return {truth, isScored ? subject.fuzzyScore(step, limit) : Unscored};
}

} // namespace

void Relevancies::add(Uid uid, int score)
{
    m_scores.insert(uid, static_cast<quint8>(score));
}

int relevancyOf(const SearchPlan &plan, SearchSubject &subject, SearchCost limit)
{
    const auto answer = walkSearch<ScoreOperator>(
        plan.steps(), [&](const SearchStep &step) { return ask(step, subject, limit); });
    return answer.score == Unscored ? Relevancies::Highest : answer.score;
}

} // namespace Postnook
