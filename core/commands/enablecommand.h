#pragma once

#include "core/session/command.h"

namespace Postnook
{

class EnableCommand : public Command // RFC 5161
{
    Q_OBJECT

public:
    using Command::Command;
    void start(TokenCursor &arguments) override;
};

} // namespace Postnook
