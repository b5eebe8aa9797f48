#pragma once

#include "core/session/command.h"
#include "core/session/notifyrequest.h"

#include <optional>

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

    void goBack();

    std::optional<NotifyRequest> m_previous; // to go back to; none: NOTIFY had not been used
};

} // namespace Postnook
