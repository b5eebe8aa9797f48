#pragma once

#include "core/commands/criteriacommand.h"

namespace Postnook
{

// SEARCH (RFC 9051 6.4.4, RFC 5267), SORT (RFC 5256, with RETURN: RFC 5267 3), THREAD (RFC 5256),
// each also for UIDs: one search, told in three ways.
class SearchCommand : public CriteriaCommand
{
    Q_OBJECT

public:
    SearchCommand(Session &session, SearchVerb verb, bool byUid)
        : CriteriaCommand(session)
        , m_verb(verb)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    void readHowToTell(TokenCursor &arguments);
    void search(const SearchProgram &program) override;
    bool wantsRelevancy() const override
    {
        return CriteriaCommand::wantsRelevancy() || sortsByRelevancy(m_sort);
    }

    SearchVerb m_verb;
    SortProgram m_sort;
    ThreadAlgorithm m_algorithm = ThreadAlgorithm::References;
    bool m_byUid;
};

} // namespace Postnook
