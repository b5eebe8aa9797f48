#pragma once

#include "core/search/searchplan.h"

#include <array>

namespace Postnook
{

// Goes through a program in prefix order, without recursion and without memory of its own, and asks
// about no key that cannot matter. `Operator` is an AND, OR or NOT whose operands are being looked
// at, made of its kind: add(answer), isDecided(), answer(). Gives the answer of the whole.
template <typename Operator, typename Ask>
auto walkSearch(const QList<SearchStep> &steps, Ask ask)
{
    struct Open {
        Operator what;
        qsizetype end; // of its operands
    };
    std::array<Open, MaxOperatorDepth> open; // NOLINT(*-member-init): filled as it grows
    size_t depth = 0;
    for (qsizetype at = 0;;) {
        const SearchStep &step = steps[at];
        if (step.end > at + 1) {
            open[depth++] = {Operator(step.key->kind), step.end};
            ++at;
            continue;
        }
        // A key has its answer: hand it up as far as that answers operators too.
        auto answer = ask(step);
        for (at = step.end;; at = open[depth].end) {
            if (depth == 0) {
                return answer;
            }
            Open &parent = open[depth - 1];
            parent.what.add(answer);
            if (at < parent.end && !parent.what.isDecided()) {
                break;
            }
            answer = parent.what.answer();
            --depth;
        }
    }
}

} // namespace Postnook
