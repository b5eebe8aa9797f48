#pragma once

#include "core/session/command.h"
#include "core/session/notifyrequest.h"

namespace Postnook
{

class NotifyCommand : public Command // RFC 5465 3.1
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;

private:
    void tellStatus();
    void tellAccumulated();

    NotifyRequest m_previous; // to go back to
};

} // namespace Postnook
