#pragma once

#include "core/session/command.h"

namespace Postnook
{

enum class CloseMode { Close, Unselect };

// CLOSE (RFC 9051 6.4.1) expunges without a word; UNSELECT (6.4.2) does not.
class CloseCommand : public Command
{
    Q_OBJECT

public:
    CloseCommand(Session &session, CloseMode mode)
        : Command(session)
        , m_mode(mode)
    {
    }
    void start(TokenCursor &arguments) override;

private:
    void leave();

    CloseMode m_mode;
};

} // namespace Postnook
