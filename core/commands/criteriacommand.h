#pragma once

#include "core/commands/searchjob.h"
#include "core/session/command.h"

#include <memory>

namespace Postnook
{

// What SEARCH, SORT, THREAD and ESEARCH have in common: search criteria, the filters they name
// (RFC 5466), and what a result means to the selected mailbox. The rest is for search().
class CriteriaCommand : public Command
{
    Q_OBJECT

public:
    using Command::Command;
    std::optional<CommandProgress> progress() const override;
    bool holdsExpunges() const override { return m_usesNumbers; } // RFC 7162 3.2.10.2

protected:
    // Reads what is left of the arguments. Goes on, now or later, in search() or finish().
    void readCriteria(TokenCursor &arguments, CharsetForm form);
    // Without filters, and allowed to this client.
    virtual void search(const SearchProgram &program) = 0;

    // Around the search of the selected mailbox: it counts the changes from here on, where the
    // client wants to hear of them; and what was found is told, saved, kept.
    void beginUpdates(const SearchRequest &request);
    void tell(const SearchFound &found);
    void finishWith(const Status &failure);

    SearchReturn &wanted() { return m_wanted; }
    virtual bool wantsRelevancy() const { return m_wanted.relevancy; }
    const std::shared_ptr<SearchProgress> &searchProgress() const { return m_progress; }

private:
    void accept(const SearchProgram &program);
    bool isUtf8Only();

    SearchReturn m_wanted;
    std::shared_ptr<SearchProgress> m_progress = std::make_shared<SearchProgress>();
    bool m_usesNumbers = false;
    bool m_isUpdated = false; // the client will hear how the result changes
};

} // namespace Postnook
