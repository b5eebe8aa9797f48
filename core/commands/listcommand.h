#pragma once

#include "core/session/command.h"

namespace Postnook
{

enum class ListMode { List, Lsub };

class ListCommand : public Command // RFC 3501 6.3.8, 6.3.9
{
    Q_OBJECT

public:
    ListCommand(Session &session, ListMode mode)
        : Command(session)
        , m_mode(mode)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    ListMode m_mode;
};

} // namespace Postnook
