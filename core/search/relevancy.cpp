#include "core/search/relevancy.h"

#include "core/search/searchplan.h"
#include "core/search/searchsubject.h"

#include <algorithm>
#include <array>

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

// An operator whose operands are being looked at, and what they say so far.
struct Pending {
    Kind kind;
    qsizetype end;
    SearchTruth truth;
    int sum = 0; // of the scores of an AND; of an OR the best one
    int scored = 0; // how many there are
    bool isMetExactly = false; // an OR

    void add(const Answer &operand);
    bool isDecided() const;
    Answer answer() const;
};

void Pending::add(const Answer &operand)
{
    const bool isScored = operand.truth == SearchTruth::True && operand.score != Unscored;
    switch (kind) {
    case Kind::Not:
        truth = static_cast<SearchTruth>(2 - static_cast<int>(operand.truth));
        return;
    case Kind::And:
        truth = std::min(truth, operand.truth);
        sum += isScored ? operand.score : 0;
        break;
    default:
        truth = std::max(truth, operand.truth);
        sum = isScored ? std::max(sum, operand.score) : sum;
        isMetExactly = isMetExactly || (operand.truth == SearchTruth::True && !isScored);
    }
    scored += isScored ? 1 : 0;
}

// No operand to come can matter.
bool Pending::isDecided() const
{
    return kind == Kind::And ? truth != SearchTruth::True
                             : isMetExactly || sum == Relevancies::Highest;
}

Answer Pending::answer() const
{
    if (kind == Kind::And) {
        return {truth, scored > 0 ? sum / scored : Unscored};
    }
    return {truth, isMetExactly ? Unscored : sum};
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
    std::array<Pending, MaxOperatorDepth> pending; // NOLINT(*-member-init): filled as it grows
    size_t depth = 0;
    for (qsizetype at = 0;;) {
        const SearchStep &step = plan.steps().at(at);
        if (step.end > at + 1) {
            const Kind kind = step.key->kind;
            pending[depth++] = {
                kind, step.end, kind == Kind::And ? SearchTruth::True : SearchTruth::False};
            ++at;
            continue;
        }
        Answer answer = ask(step, subject, limit);
        for (at = step.end;; at = pending[depth].end) {
            if (depth == 0) {
                return answer.score == Unscored ? Relevancies::Highest : answer.score;
            }
            Pending &parent = pending[depth - 1];
            parent.add(answer);
            if (at < parent.end && !parent.isDecided()) {
                break;
            }
            answer = parent.answer();
            --depth;
        }
    }
}

} // namespace Postnook
