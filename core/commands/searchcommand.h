#pragma once

#include "core/search/searchresult.h"
#include "core/session/command.h"

namespace Postnook
{

class SearchCommand : public Command // SEARCH, UID SEARCH: RFC 3501 6.4.4, RFC 4731
{
    Q_OBJECT

public:
    SearchCommand(Session &session, bool byUid)
        : Command(session)
        , m_byUid(byUid)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    void finishWith(const Status &failure);

    SearchReturn m_return;
    bool m_byUid;
};

} // namespace Postnook
