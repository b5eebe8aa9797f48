#pragma once

#include "core/session/command.h"
#include "storage/types.h"

#include <QList>

namespace Postnook
{

class SearchCommand : public Command // SEARCH, UID SEARCH: RFC 3501 6.4.4
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
    bool m_byUid;
};

} // namespace Postnook
