#pragma once

#include "core/search/searchevaluator.h"
#include "core/search/searchresult.h"
#include "core/search/sortprogram.h"
#include "core/session/command.h"

#include <memory>

namespace Postnook
{

enum class SearchVerb { Search, Sort, Thread };
enum class ThreadAlgorithm { OrderedSubject, References };

// SEARCH (RFC 9051 6.4.4, RFC 5267), SORT (RFC 5256, with RETURN: RFC 5267 3), THREAD (RFC 5256),
// each also for UIDs: one search, told in three ways.
class SearchCommand : public Command
{
    Q_OBJECT

public:
    SearchCommand(Session &session, SearchVerb verb, bool byUid)
        : Command(session)
        , m_verb(verb)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;
    std::optional<CommandProgress> progress() const override;
    bool holdsExpunges() const override { return m_usesNumbers; } // RFC 7162 3.2.10.2

private:
    void readHowToTell(TokenCursor &arguments);
    void search(const SearchProgram &program);
    bool isUtf8Only();
    void finishWith(const Status &failure);

    SearchVerb m_verb;
    SearchReturn m_return;
    SortProgram m_sort;
    ThreadAlgorithm m_algorithm = ThreadAlgorithm::References;
    std::shared_ptr<SearchProgress> m_progress = std::make_shared<SearchProgress>();
    bool m_byUid;
    bool m_usesNumbers = false;
    bool m_isUpdated = false; // the client will hear how the result changes
};

} // namespace Postnook
