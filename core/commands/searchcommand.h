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
    bool holdsExpunges() const override { return m_usesNumbers; } // RFC 7162 3.2.10.2

private:
    bool isUtf8Only();
    void finishWith(const Status &failure);

    SearchReturn m_return;
    bool m_byUid;
    bool m_usesNumbers = false;
};

} // namespace Postnook
