#pragma once

#include "core/session/command.h"

namespace Postnook
{

class StatusCommand : public Command // RFC 9051 6.3.11
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
