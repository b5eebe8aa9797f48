#pragma once

#include "core/search/searchevaluator.h"
#include "core/search/searchresult.h"
#include "core/session/command.h"

#include <memory>

namespace Postnook
{

class SearchCommand : public Command // SEARCH, UID SEARCH: RFC 9051 6.4.4, RFC 5267
{
    Q_OBJECT

public:
    SearchCommand(Session &session, bool byUid)
        : Command(session)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;
    std::optional<CommandProgress> progress() const override;
    bool holdsExpunges() const override { return m_usesNumbers; } // RFC 7162 3.2.10.2

private:
    bool isUtf8Only();
    void finishWith(const Status &failure);

    SearchReturn m_return;
    std::shared_ptr<SearchProgress> m_progress = std::make_shared<SearchProgress>();
    bool m_byUid;
    bool m_usesNumbers = false;
    bool m_isUpdated = false; // the client will hear how the result changes
};

} // namespace Postnook
