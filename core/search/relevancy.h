#pragma once

#include "storage/types.h"

#include <QHash>
#include <QList>

namespace Postnook
{

class SearchPlan;
class SearchSubject;
enum class SearchCost;

// The scores of the messages that a fuzzy search found (RFC 6203 4).
class Relevancies
{
public:
    static constexpr int Highest = 100;

    void add(Uid uid, int score);
    // Highest where none was added: a message that met no fuzzy text meets the rest exactly.
    int of(Uid uid) const { return m_scores.value(uid, Highest); }

private:
    QHash<Uid, quint8> m_scores;
};

// How well the message that is being looked at meets the plan, which it does: 1 to 100. Of an AND
// the mean of the operands that have a score, of an OR the best. Asks the subject for no more than
// `limit`, and for nothing again that it has looked at.
int relevancyOf(const SearchPlan &plan, SearchSubject &subject, SearchCost limit);

} // namespace Postnook
